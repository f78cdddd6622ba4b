"""The width of text in terminal cells."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, east_asian_width

_DRAWN = frozenset((*map(chr, range(0x2500, 0x2600)), "…"))
"""Frames, blocks and shapes, and what text ends with that is cut: each always fills one cell."""
_wide = False


def use_wide_signs(wide: bool) -> None:
    """Measure signs of ambiguous East Asian width as two cells, or as one."""
    global _wide  # one setting for the whole program, like the terminal
    _wide = wide
    _character_width.cache_clear()


def wide_signs() -> bool:
    """Whether signs of ambiguous width take two cells."""
    return _wide


def is_wide_sign(character: str) -> bool:
    """Whether it takes two cells where signs of ambiguous width do: a letter, not a frame."""
    return (
        east_asian_width(character) == "A"
        and character not in _DRAWN
        and category(character) not in ("Mn", "Me", "Cf")
    )


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    kind = category(character)
    if kind in ("Mn", "Me", "Cf", "Zl", "Zp"):
        return 0
    if kind == "Cc":
        return -1
    if _wide and is_wide_sign(character):
        return 2
    return 2 if east_asian_width(character) in "WF" else 1


def cell_width(text: str) -> int:
    """The width of a text in terminal cells; -1 if it contains a control character.

    Agrees with `wcwidth.wcswidth` on everything that the renderer draws. Characters of ambiguous
    East Asian width count as one cell, unless `use_wide_signs` says otherwise.
    """
    if text.isascii():
        return len(text) if text.isprintable() else -1
    total = 0
    for character in text:
        width = _character_width(character)
        if width < 0:
            return -1
        total += width
    return total


def graphemes(text: str) -> list[str]:
    """The text as cells: each character with the combining marks that follow it."""
    cells: list[str] = []
    for character in text:
        if cells and _character_width(character) == 0:
            cells[-1] += character
        else:
            cells.append(character)
    return cells
