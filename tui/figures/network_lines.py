"""The edges of a network: lines of dots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tui.page.lines import Ink

Cell: TypeAlias = tuple[int, int]

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot of a braille character, by column and row."""
_PLAIN = {1: ".", 2: "-", 3: "="}
"""What stands for a thin, a normal and a thick line where braille is missing."""
_DASH, _PERIOD = 5, 8
"""Dots drawn, and dots until a dash begins again."""


@dataclass(frozen=True, slots=True)
class Line:
    """An edge in dots: two per cell across, four down."""

    x0: int
    y0: float
    x1: int
    y1: float
    weight: int
    """1 thin, 2 normal, 3 thick."""
    is_dashed: bool
    is_active: bool
    ink: Ink

    def dots(self) -> Iterator[tuple[int, int]]:
        """Every dot of the line, by column and row."""
        steps = max(1, round(max(abs(self.x1 - self.x0), abs(self.y1 - self.y0))))
        for step in range(steps + 1):
            if (self.is_dashed and step % _PERIOD >= _DASH) or (self.weight == 1 and step % 2):
                continue
            share = step / steps
            x = round(self.x0 + (self.x1 - self.x0) * share)
            y = round(self.y0 + (self.y1 - self.y0) * share)
            yield x, y
            if self.weight == 3:
                yield x, y + 1 if y < self.y0 or y < self.y1 else y - 1

    def at(self, share: float) -> Cell:
        """The cell at a share of the way."""
        x = self.x0 + (self.x1 - self.x0) * share
        y = self.y0 + (self.y1 - self.y0) * share
        return int(x // 2), int(y // 4)

    def cells(self) -> set[Cell]:
        """The cells that the line passes through."""
        return {(x // 2, y // 4) for x, y in self.dots()}


class Braille:
    """Dots of several lines, joined into characters."""

    def __init__(self, *, plain: bool = False) -> None:
        self._plain = plain
        self._bits: dict[Cell, int] = {}
        self._marks: dict[Cell, str] = {}
        self._inks: dict[Cell, Ink] = {}

    def line(self, line: Line) -> None:
        """Draw a line over those before it."""
        if line.x1 < line.x0:
            return
        for x, y in line.dots():
            cell = (x // 2, y // 4)
            self._bits[cell] = self._bits.get(cell, 0) | _BITS[x % 2][y % 4]
            self._marks[cell] = _PLAIN[line.weight]
            self._inks[cell] = line.ink

    def cells(self) -> dict[Cell, tuple[str, Ink]]:
        """A character for every cell with a dot in it."""
        return {
            cell: (self._marks[cell] if self._plain else chr(0x2800 + bits), self._inks[cell])
            for cell, bits in self._bits.items()
        }
