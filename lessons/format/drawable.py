"""A formula that cannot be drawn is refused where the lesson is read, not where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.formulas.errors import MathSyntaxError
from engine.formulas.parser import parse
from lessons.format.fence import FenceError

MEND = "Correct the formula."
_SET_OFF = re.compile(r"\$([^$]+)\$|`[^`]*`")
"""A formula or code in running text."""


@lru_cache(maxsize=4096)  # the same few hundred stand in many texts
def why_undrawable(latex: str) -> str:
    """Why a formula cannot be drawn, as a sentence; empty if it can."""
    try:
        parse(latex)
    except MathSyntaxError as error:
        return f"A formula cannot be drawn: {error}."
    return ""


def refuse_undrawable(latex: str, offset: int = 0) -> None:
    """Raise FenceError for a formula, so many lines below the opening, that cannot be drawn."""
    if why := why_undrawable(latex):
        raise FenceError(why, MEND, offset)


def formulas_in(text: str) -> Iterator[str]:
    """The formulas between dollar signs in running text."""
    yield from filter(None, _SET_OFF.findall(text))
