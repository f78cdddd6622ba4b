"""The edges of a network: lines of dots, and the labels that stand on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_SPOTS = tuple(step / 24 for step in range(2, 23))
"""Where along an edge a label may stand."""


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


@dataclass(frozen=True, slots=True)
class Label:
    """A text on an edge."""

    x: int
    y: int
    text: str
    ink: Ink


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


Labelled: TypeAlias = tuple[Line, tuple[str, ...], Ink]
"""An edge with the texts that may stand on it, the best first."""


def place_labels(edges: Sequence[Labelled]) -> list[Label]:
    """Labels on the edges between two layers, none over another.

    Either every edge gets its label, or only those on which something moves: a few labels among
    many edges without one would not say which edge they belong to.
    """
    covered = {index: line.cells() for index, (line, _texts, _ink) in enumerate(edges)}
    order = sorted(range(len(edges)), key=lambda index: not edges[index][0].is_active)
    middle = len(order) // 2
    orders = (order, order[::-1], [*order[middle:], *order[:middle]])
    choices = max((len(texts) for _line, texts, _ink in edges), default=0)
    for choice in range(choices):
        for tried in orders:
            placed = _placed(edges, tried, covered, choice)
            if len(placed) == len(edges):
                return placed
    active = [index for index in order if edges[index][0].is_active]
    best: list[Label] = []
    for choice in range(choices):
        placed = _placed(edges, active, covered, choice)
        if len(placed) > len(best):
            best = placed
    return best


def _placed(
    edges: Sequence[Labelled], order: Sequence[int], covered: dict[int, set[Cell]], choice: int
) -> list[Label]:
    taken: set[Cell] = set()
    found: list[Label] = []
    for index in order:
        line, texts, ink = edges[index]
        if choice >= len(texts):
            continue
        text = texts[choice]
        others = set().union(*(cells for other, cells in covered.items() if other != index))
        best: tuple[float, int, int] | None = None
        low, high = line.x0 // 2 + 1, line.x1 // 2 - len(text)
        for share in _SPOTS if low <= high else ():
            middle, y = line.at(share)
            # In the middle of its line if there is room, else still on it.
            x = min(max(middle - len(text) // 2, low), high)
            if not x <= middle < x + len(text):
                continue
            cells = {(x + offset, y) for offset in range(len(text))}
            if taken & (cells | {(x - 1, y), (x + len(text), y)}):
                continue
            cost = len(cells & others) + 4 * abs(share - 0.5) + abs(x + len(text) // 2 - middle) / 4
            if best is None or cost < best[0]:
                best = (cost, x, y)
        if best is not None:
            _cost, x, y = best
            found.append(Label(x, y, text, ink))
            taken |= {(x + offset, y) for offset in range(len(text))}
    return found
