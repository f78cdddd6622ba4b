"""Keys out of titles: `Huber's loss: a sum` → `hubers-loss-a-sum`."""

from __future__ import annotations

import re

MARK = re.compile(r"\s*\{#([^{}]*)\}\s*$")
"""The mark behind a title that gives its step another key than the title would."""
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’]")


def slugged(text: str) -> str:
    """The words of a title in lower case, with hyphens between them."""
    return "-".join(_WORD.findall(_APOSTROPHE.sub("", text.lower())))
