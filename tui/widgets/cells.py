"""A sheet of cells to draw on: signs with two colours each, half blocks, and lines of dots."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from tui.math.width import cell_width, wide_signs

RGB: TypeAlias = tuple[int, int, int]

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot of a Braille sign: column, then row."""


@lru_cache(maxsize=8192)
def _style(front: RGB | None, back: RGB | None, bold: bool) -> Style:
    return Style(
        color=Color.from_rgb(*front) if front else None,
        bgcolor=Color.from_rgb(*back) if back else None,
        bold=bold or None,
    )


class Cells:
    """`width` × `height` cells, empty at first; what lies outside is not drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._signs = [[" "] * width for _row in range(height)]
        self._styles: list[list[Style | None]] = [[None] * width for _row in range(height)]
        self._dots: dict[tuple[int, int], int] = {}

    def put(
        self, x: int, y: int, text: str, front: RGB | None = None, back: RGB | None = None,
        *, bold: bool = False,
    ) -> None:  # fmt: skip
        """Write a text of narrow signs."""
        self.styled(x, y, text, _style(front, back, bold))

    def styled(self, x: int, y: int, text: str, style: Style | None) -> None:
        """The same with a style."""
        if not 0 <= y < self.height:
            return
        for at, sign in enumerate(text, x):
            if 0 <= at < self.width:
                self._signs[y][at] = sign
                self._styles[y][at] = style

    def fill(self, x: int, y: int, signs: Sequence[str], styles: Sequence[Style | None]) -> None:
        """Write signs side by side, each with a style of its own; what lies outside is left out."""
        if not 0 <= y < self.height:
            return
        first, end = max(0, -x), max(0, min(len(signs), self.width - x))
        if first < end:
            self._signs[y][x + first : x + end] = signs[first:end]
            self._styles[y][x + first : x + end] = styles[first:end]

    def back(self, x: int, y: int) -> Style | None:
        """The style of a cell."""
        return self._styles[y][x] if 0 <= x < self.width and 0 <= y < self.height else None

    def line(
        self, start: tuple[float, float], end: tuple[float, float], style: Style | None, *,
        gap: int = 1,
    ) -> None:  # fmt: skip
        """A line between two places in dots: 2 × 4 of them in a cell; every `gap`-th dot."""
        (x0, y0), (x1, y1) = start, end
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0))))
        width, height, across, down = self.width, self.height, x1 - x0, y1 - y0
        found: dict[tuple[int, int], int] = {}
        for step in range(0, steps + 1, gap):
            x = round(x0 + across * step / steps)
            y = round(y0 + down * step / steps)
            cell = x // 2, y // 4
            found[cell] = found.get(cell, 0) | _DOTS[x % 2][y % 4]
        for (x, y), dots in found.items():
            if 0 <= x < width and 0 <= y < height:
                dots |= self._dots.get((x, y), 0)
                self._dots[x, y] = dots
                self._signs[y][x] = chr(0x2800 + dots)
                self._styles[y][x] = style

    def rows(self) -> list[list[Segment]]:
        """What was drawn: runs of one style, row by row."""
        found = []
        for signs, styles in zip(self._signs, self._styles, strict=True):
            if wide_signs():
                signs, styles = _fitted(signs, styles)
            row: list[Segment] = []
            start = 0
            for x in range(1, len(signs) + 1):
                if x == len(signs) or styles[x] is not styles[start]:
                    row.append(Segment("".join(signs[start:x]), styles[start]))
                    start = x
            found.append(row)
        return found


def _fitted(signs: list[str], styles: list[Style | None]) -> tuple[list[str], list[Style | None]]:
    """The row without the blanks whose cells are taken by wide signs before them."""
    kept, owed = [], 0
    for sign, style in zip(signs, styles, strict=True):
        if owed and sign == " ":
            owed -= 1
            continue
        owed += max(0, cell_width(sign) - 1)
        kept.append((sign, style))
    while kept and owed > 0:
        owed -= cell_width(kept.pop()[0])
    return [sign for sign, _style in kept], [style for _sign, style in kept]
