"""A sheet of cells to draw on: lines of braille dots, and text on top of them."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.format.drawings import Hue
from tui.math.width import cell_width
from tui.page.lines import Heat, Ink, InkLine, Piece

INKS = {hue: Ink(hue.value) for hue in Hue}
"""The ink of every meaning."""

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot of a braille character, by column and row."""
_TOP, _BOTTOM = 0x01 | 0x08, 0x40 | 0x80


class Canvas:
    """`width` × `height` cells; what lies outside of them is left out.

    A dot is a quarter of a cell high and half a cell wide. Without `braille`, signs that every
    font has stand for the dots of a cell.
    """

    def __init__(self, width: int, height: int, *, braille: bool = True) -> None:
        self.width, self.height, self.braille = max(0, width), max(0, height), braille
        self._dots: dict[tuple[int, int], tuple[int, Ink]] = {}
        self._text: dict[tuple[int, int], tuple[str, Ink | Heat]] = {}

    def dot(self, x: int, y: int, ink: Ink) -> None:
        """A dot, counted in dots from the top left."""
        if 0 <= x < self.width * 2 and 0 <= y < self.height * 4:
            cell = (x // 2, y // 4)
            bits, _ink = self._dots.get(cell, (0, ink))
            self._dots[cell] = (bits | _BITS[x % 2][y % 4], ink)

    def segment(
        self, x0: float, y0: float, x1: float, y1: float, ink: Ink, *, dash: int = 0
    ) -> None:
        """A line between two points, in dots; every second run of `dash` dots is left out."""
        for step, (x, y) in enumerate(self._along(x0, y0, x1, y1)):
            if not dash or step // dash % 2 == 0:
                self.dot(x, y, ink)

    def _along(self, x0: float, y0: float, x1: float, y1: float) -> Iterator[tuple[int, int]]:
        # Ends far outside of the sheet would make a line of millions of dots.
        reach = 4 * (self.width * 2 + self.height * 4 + 8)
        x0, y0, x1, y1 = (min(max(each, -reach), reach) for each in (x0, y0, x1, y1))
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0))))
        for step in range(steps + 1):
            share = step / steps
            yield round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share)

    def write(self, x: int, y: int, text: str, ink: Ink | Heat) -> None:
        """Text over everything, one character per cell."""
        for place, sign in enumerate(text, start=x):
            if 0 <= place < self.width and 0 <= y < self.height:
                self._text[place, y] = (sign, ink)

    def is_free(self, x: int, y: int, width: int) -> bool:
        """Whether nothing was drawn in a row of cells, and they are on the sheet."""
        if not (x >= 0 and x + width <= self.width and 0 <= y < self.height):
            return False
        cells = [(place, y) for place in range(x, x + width)]
        return not any(cell in self._text or cell in self._dots for cell in cells)

    def lines(self) -> list[InkLine]:
        """The sheet, row by row, without blanks at the end."""
        return [self._line(y) for y in range(self.height)]

    def _line(self, y: int) -> InkLine:
        pieces: list[Piece] = []
        owed = 0  # cells that signs took beyond their own; the next blanks give them back
        for x in range(self.width):
            text, ink = self._text.get((x, y)) or self._sign(x, y)
            if owed and text == " " and not isinstance(ink, Heat):
                owed -= 1
                continue
            owed += max(0, cell_width(text) - 1)
            if pieces and (pieces[-1][1] == ink or (text == " " and not isinstance(ink, Heat))):
                pieces[-1] = (pieces[-1][0] + text, pieces[-1][1])
            else:
                pieces.append((text, ink))
        while pieces and not isinstance(pieces[-1][1], Heat):
            text = pieces[-1][0].rstrip(" ")
            if text:
                pieces[-1] = (text, pieces[-1][1])
                break
            pieces.pop()
        return tuple(pieces)

    def _sign(self, x: int, y: int) -> tuple[str, Ink | Heat]:
        found = self._dots.get((x, y))
        if found is None:
            return " ", Ink.PLAIN
        bits, ink = found
        if self.braille:
            return chr(0x2800 + bits), ink
        upper, lower = bits & _TOP, bits & _BOTTOM
        if upper and lower:
            return "|", ink
        return ("'" if upper else "." if lower else "-"), ink
