"""Sentences in which code is drawn as on pages: in its own hue, not between backticks."""

from __future__ import annotations

from textual.content import Content

CODE_STYLE = "$accent"
"""As code on a page."""


def coded(text: str) -> Content:
    """`text` with the code in it drawn as such; one backtick alone stays what it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return Content(text)
    return Content.assemble(
        *((part, CODE_STYLE) if place % 2 else part for place, part in enumerate(parts) if part)
    )
