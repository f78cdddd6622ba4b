"""Sentences in which code and keys are drawn as such: in their own hues, without their marks."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.content import Content

from tui.page.hints import keys_in

CODE_STYLE = "$accent"
"""As code on a page."""
KEY_STYLE = "bold $footer-key-foreground"
"""As in the row of keys at the bottom of the screen."""


def coded(text: str) -> Content:
    """`text` with the code and the keys in it drawn as such; a lone backtick stays what it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return with_keys(text)
    drawn = (
        Content.styled(part, CODE_STYLE) if place % 2 else with_keys(part)
        for place, part in enumerate(parts)
        if part
    )
    return Content("").join(drawn)


def with_keys(text: str, style: str = KEY_STYLE) -> Content:
    """`text` with the keys in force at its marks, drawn in `style`."""
    told, keys = keys_in(text)
    shown = Content(told)
    for start, stop in keys:
        shown = shown.stylize(style, start, stop)
    return shown


def in_toast(text: str) -> tuple[str, bool]:
    """The same for what is said in a corner, and whether it has markup."""
    drawn = coded(text)
    return (drawn.markup, True) if drawn.spans else (text, False)


def is_said(app: App[Any], text: str) -> bool:
    """Whether `text` stands in the corner already."""
    return in_toast(text)[0] in {note.message for note in app._notifications}
