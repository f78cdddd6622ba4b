"""A grid of characters in which lines join automatically and text covers lines."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TypeAlias

from tui.page.lines import Ink, InkLine

Arms: TypeAlias = tuple[int, int, int, int]
"""Weights of the arms of a cell, 0 none, 1 light, 2 heavy: up, down, left, right."""

_SIDES = ("UP", "DOWN", "LEFT", "RIGHT")
_SPREAD = {"VERTICAL": ("UP", "DOWN"), "HORIZONTAL": ("LEFT", "RIGHT")}
_WEIGHTS = {"LIGHT": 1, "HEAVY": 2}


def _arms(name: str) -> Arms | None:
    """The arms of a box-drawing character by its Unicode name; None for dashes, arcs and doubles.

    `LIGHT DOWN AND HEAVY RIGHT` names a weight per side; in `HEAVY DOWN AND RIGHT` and `RIGHT
    HEAVY AND LEFT DOWN LIGHT` one weight covers all sides that have none of their own.
    """
    arms: dict[str, int] = {}
    for part in name.removeprefix("BOX DRAWINGS ").split(" AND "):
        words = part.split()
        sides = [word for word in words if word in _SIDES or word in _SPREAD]
        weights = [_WEIGHTS[word] for word in words if word in _WEIGHTS]
        if len(sides) + len(weights) != len(words) or len(weights) > 1:
            return None
        for side in sides:
            for arm in _SPREAD.get(side, (side,)):
                arms[arm] = weights[0] if weights else 0
    known = [weight for weight in arms.values() if weight]
    if not known or not arms:
        return None
    up, down, left, right = ((arms[side] or known[0]) if side in arms else 0 for side in _SIDES)
    return up, down, left, right


def _box_characters() -> dict[Arms, str]:
    found: dict[Arms, str] = {}
    for code in range(0x2500, 0x2580):
        arms = _arms(unicodedata.name(chr(code)))
        if arms is not None:
            found.setdefault(arms, chr(code))
    return found


BOX = _box_characters()
"""The box-drawing character for every combination of light and heavy arms."""


class Canvas:
    """Lines and text at (x, y), the origin at the top left."""

    def __init__(self) -> None:
        self._arms: dict[tuple[int, int], list[int]] = {}
        self._text: dict[tuple[int, int], tuple[str, Ink]] = {}
        self._joints: set[tuple[int, int]] = set()

    def horizontal(self, x0: int, x1: int, y: int, weight: int = 1) -> None:
        """A line in row `y` from the middle of cell `x0` to the middle of `x1`."""
        for x in range(x0, x1):
            self._join((x, y), 3, weight)
            self._join((x + 1, y), 2, weight)

    def vertical(self, x: int, y0: int, y1: int, weight: int = 1) -> None:
        """A line in column `x` between rows `y0` and `y1`, in either order."""
        for y in range(min(y0, y1), max(y0, y1)):
            self._join((x, y), 1, weight)
            self._join((x, y + 1), 0, weight)

    def joint(self, x: int, y: int) -> None:
        """Lines that meet here are joined, not crossing: a dot shows it where three or more do."""
        self._joints.add((x, y))

    def write(self, x: int, y: int, text: str, ink: Ink) -> None:
        """Text from `x` on, covering any line."""
        for offset, character in enumerate(text):
            self._text[x + offset, y] = (character, ink)

    def _join(self, cell: tuple[int, int], side: int, weight: int) -> None:
        arms = self._arms.setdefault(cell, [0, 0, 0, 0])
        arms[side] = max(arms[side], weight)

    def _cell(self, x: int, y: int) -> tuple[str, Ink]:
        if (x, y) in self._text:
            return self._text[x, y]
        arms = self._arms.get((x, y))
        if arms is None:
            return " ", Ink.PLAIN
        ink = Ink.HEADING if 2 in arms else Ink.QUIET
        if (x, y) in self._joints and sum(map(bool, arms)) > 2:
            return "●", ink
        up, down, left, right = arms
        if not up and not down:
            # A line that begins or ends here is drawn through the whole cell.
            left = right = max(left, right)
        return BOX[up, down, left, right], ink

    def lines(self) -> list[InkLine]:
        """All rows from the top, each up to the rightmost used cell."""
        cells = [*self._arms, *self._text]
        width = max((x for x, _ in cells), default=-1) + 1
        height = max((y for _, y in cells), default=-1) + 1
        rows = []
        for y in range(height):
            row = [self._cell(x, y) for x in range(width)]
            runs = groupby(row, key=lambda cell: cell[1])
            rows.append(tuple(("".join(text for text, _ in run), ink) for ink, run in runs))
        return rows
