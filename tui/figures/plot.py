"""One panel of a curve figure: lines, tangent, path and marks between two axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lessons.format.drawings import Line, Spot, sampled
from tui.figures.canvas import INKS, Canvas
from tui.figures.scale import Scale, Ticks
from tui.math import cell_width
from tui.page.lines import Ink, InkLine, Piece, cut

DOTS = 4
"""Dots below each other in a cell."""
_BISECTIONS = 12


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on top of the lines of a panel."""

    tangent: tuple[float, float, float] | None = None
    """A point and a slope."""
    guide: float | None = None
    """Where a vertical line stands."""
    spots: tuple[Spot, ...] = ()
    path: tuple[tuple[float, float], ...] = ()
    area: tuple[float, float] | None = None


class Panel:
    """A plot of `width` × `height` cells, without what stands beside it."""

    def __init__(
        self, width: int, height: int, xs: tuple[float, float], ys: Ticks, *, braille: bool
    ) -> None:
        self.canvas = Canvas(width, height, braille=braille)
        self.x = Scale(*xs, 0, max(1, width * 2 - 1))
        self.y = Scale(ys.low, ys.high, max(1, height * DOTS - 1), 0)
        self.ys = ys

    def draw(self, lines: Sequence[Line], marks: Marks) -> None:
        """Everything, from the back to the front."""
        if self.y.low < 0 < self.y.high:
            self.canvas.segment(*self._place(self.x.low, 0), *self._place(self.x.high, 0),
                                Ink.RULE, dash=1)  # fmt: skip
        if self.x.low < 0 < self.x.high:
            self.canvas.segment(*self._place(0, self.y.low), *self._place(0, self.y.high),
                                Ink.RULE, dash=1)  # fmt: skip
        if marks.area is not None:
            self._area(lines[0], *marks.area)
        for line in reversed(lines):
            self._line(line)
        if marks.guide is not None:
            ends = self._place(marks.guide, self.y.low), self._place(marks.guide, self.y.high)
            self.canvas.segment(*ends[0], *ends[1], Ink.QUIET, dash=2)
        if marks.tangent is not None:
            self._tangent(*marks.tangent)
        self._path(marks.path)
        for spot in marks.spots:
            self._spot(spot)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return self.x.dot(x), self.y.dot(y)

    def _line(self, line: Line) -> None:
        points = sampled(line, self.x.low, self.x.high, self.canvas.width * 2)
        for before, after in pairwise(points):
            if math.isnan(before[1]) or math.isnan(after[1]) or self._jumps(line, before, after):
                continue
            self.canvas.segment(*self._place(*before), *self._place(*after), INKS[line.hue])

    def _jumps(self, line: Line, before: tuple[float, float], after: tuple[float, float]) -> bool:
        """Whether there is a step between two neighbours, however close one looks at it."""
        rise = abs(after[1] - before[1])
        if rise < (self.y.high - self.y.low) / 16:
            return False
        for _time in range(_BISECTIONS):
            x = (before[0] + after[0]) / 2
            middle = (x, line.at(x))
            if math.isnan(middle[1]):
                return True
            left = abs(middle[1] - before[1]) >= abs(after[1] - middle[1])
            before, after = (before, middle) if left else (middle, after)
        return abs(after[1] - before[1]) > rise / 2

    def _area(self, line: Line, low: float, high: float) -> None:
        for x, value in sampled(line, self.x.low, self.x.high, self.canvas.width * 2):
            if not low <= x <= high or math.isnan(value):
                continue
            column = round(self.x.dot(x))
            ends = sorted((round(self.y.dot(value)), round(self.y.dot(0))))
            for row in range(ends[0], ends[1] + 1):
                if (column + row) % 2 == 0:
                    self.canvas.dot(column, row, INKS[line.hue])

    def _tangent(self, x: float, y: float, slope: float) -> None:
        if not all(map(math.isfinite, (x, y, slope))):
            return
        # As long on the sheet whatever its slope is, with cells twice as high as wide.
        across, up = self._place(x + 1, y + slope)
        dx, dy = across - self.x.dot(x), up - self.y.dot(y)
        length = math.hypot(dx, dy)
        reach = max(4.0, self.canvas.width * 0.45)
        at = self._place(x, y)
        dx, dy = dx / length * reach, dy / length * reach
        self.canvas.segment(at[0] - dx, at[1] - dy, at[0] + dx, at[1] + dy, Ink.DELTA)
        self._mark(x, y, "●", Ink.DELTA)

    def _path(self, path: Sequence[tuple[float, float]]) -> None:
        points = [point for point in path if all(map(math.isfinite, point))]
        for before, after in pairwise(points):
            self.canvas.segment(*self._place(*before), *self._place(*after), Ink.WEIGHT)
        for number, (x, y) in enumerate(points):
            self._mark(x, y, "○" if number == 0 else "●", Ink.WEIGHT)

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        return round(self.x.dot(x)) // 2, round(self.y.dot(y)) // DOTS

    def _mark(self, x: float, y: float, sign: str, ink: Ink) -> None:
        if self.x.holds(x) and self.y.holds(y):
            plain = {"●": "*", "○": "o"}
            self.canvas.write(*self._cell(x, y), sign if self.canvas.braille else plain[sign], ink)

    def _spot(self, spot: Spot) -> None:
        if not (self.x.holds(spot.x) and self.y.holds(spot.y)):
            return
        self._mark(spot.x, spot.y, "●", INKS[spot.hue])
        width = cell_width(spot.name)
        column, row = self._cell(spot.x, spot.y)
        beside = ((2, 0), (-width - 1, 0), (2, -1), (-width - 1, -1), (2, 1), (-width - 1, 1),
                  (2, -2), (2, 2), (-width - 1, 2), (-width // 2, -1),
                  (-width // 2, 1))  # fmt: skip
        for across, down in beside:
            if self.canvas.is_free(column + across, row + down, width):
                self.canvas.write(column + across, row + down, spot.name, INKS[spot.hue])
                return

    def rows(self, left: int, right: int, lines: Sequence[Line]) -> list[InkLine]:
        """The panel with numbers in `left` columns beside it, and names in `right` ones."""
        numbers = self._numbers(left)
        names = self._names(lines) if right > 1 else {}
        found: list[InkLine] = []
        for row, line in enumerate(self.canvas.lines()):
            pieces: list[Piece] = []
            if left:
                text = numbers.get(row, "")
                pieces.append((text.rjust(left - 1), Ink.QUIET))
                pieces.append(("┤" if text else "│", Ink.RULE))
            pieces.extend(line)
            if row in names:
                name, ink = names[row]
                used = sum(cell_width(text) for text, _ink in pieces)
                pieces.append((" " * (left + self.canvas.width + 1 - used), Ink.PLAIN))
                pieces.append((cut(name, right - 1), ink))
            found.append(tuple(pieces))
        return found

    def _numbers(self, left: int) -> dict[int, str]:
        found: dict[int, str] = {}
        for value, text in zip(self.ys.at, self.ys.texts, strict=True):
            row = round(self.y.dot(value)) // DOTS
            if left and 0 <= row < self.canvas.height and row not in found:
                found[row] = text
        return found

    def _names(self, lines: Sequence[Line]) -> dict[int, tuple[str, Ink]]:
        """The name of each line in the row where it ends, or in the nearest free one."""
        found: dict[int, tuple[str, Ink]] = {}
        rows = range(self.canvas.height)
        for line in lines:
            ends = [
                (x, y) for x, y in sampled(line, self.x.low, self.x.high, 101) if self.y.holds(y)
            ]
            if not ends or not line.name:
                continue
            wanted = round(self.y.dot(ends[-1][1])) // DOTS
            free = [row for row in rows if row not in found]
            if free:
                found[min(free, key=lambda row: abs(row - wanted))] = (line.name, INKS[line.hue])
        return found
