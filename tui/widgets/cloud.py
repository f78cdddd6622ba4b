"""A cloud of points in three dimensions, drawn with Braille dots and turned by its owner."""

from __future__ import annotations

from itertools import groupby
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from textual.content import Content
from textual.widget import Widget

from engine.labs.scatter import Array, View

Places: TypeAlias = npt.NDArray[np.int64]
Inside: TypeAlias = npt.NDArray[np.bool_]

_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""The bit of each of the 4 × 2 dots of a Braille character."""
_BLANK = 0x2800
_REACH = 1.35
"""How far from the middle is drawn; the axes end at 1."""
_NEAR, _FAR, _AXIS = "$text-primary", "$text-primary 45%", "$text-accent"
_DOTTED = 24
"""Dots of half an axis."""


def draw(
    points: Array, view: View, names: tuple[str, str, str], width: int, height: int
) -> list[list[tuple[str, str]]]:
    """The rows of a picture: for each a list of characters with their style.

    Each point is (x, y, z); the axes end at 1. The near half is bright and the far half is dim.
    """
    if width < 4 or height < 4:
        return []
    bits = np.zeros((height, width), dtype=np.int64)
    depths = np.full((height, width), -np.inf)
    seen = view.project(points)
    rows, columns, inside = _dots(seen, width, height)
    for row, column, depth in zip(rows[inside], columns[inside], seen[inside, 2], strict=True):
        bits[row // 4, column // 2] |= _DOTS[row % 4, column % 2]
        depths[row // 4, column // 2] = max(depths[row // 4, column // 2], depth)
    cells = [
        [
            (chr(_BLANK + int(bit)), _NEAR if depth >= 0 else _FAR) if bit else (" ", "")
            for bit, depth in zip(*pair, strict=True)
        ]
        for pair in zip(bits, depths, strict=True)
    ]
    _draw_axes(cells, view, names)
    return cells


def _dots(seen: Array, width: int, height: int) -> tuple[Places, Places, Inside]:
    """Row and column of the dot of each point, and whether it is inside. A dot is square."""
    scale = min(width * 2, height * 4) / (2 * _REACH)
    columns = np.round(width + scale * seen[:, 0]).astype(np.int64)
    rows = np.round(height * 2 - scale * seen[:, 1]).astype(np.int64)
    inside = (columns >= 0) & (columns < 2 * width) & (rows >= 0) & (rows < 4 * height)
    return rows, columns, inside


def _draw_axes(cells: list[list[tuple[str, str]]], view: View, names: tuple[str, str, str]) -> None:
    """Each axis from the middle to its end, below the points; its name at the end, above them."""
    height, width = len(cells), len(cells[0])
    for axis in range(len(names)):
        way = np.zeros((_DOTTED, 3))
        way[:, axis] = np.linspace(0, 1.0, _DOTTED)
        rows, columns, inside = _dots(view.project(way), width, height)
        for row, column in zip(rows[inside] // 4, columns[inside] // 2, strict=True):
            if cells[row][column][0] == " ":
                cells[row][column] = ("·", _AXIS)
    for axis, name in enumerate(names):
        end = np.zeros((1, 3))
        end[0, axis] = 1.12
        rows, columns, _inside = _dots(view.project(end), width, height)
        row = min(max(int(rows[0]) // 4, 0), height - 1)
        column = min(max(int(columns[0]) // 2, 0), width - len(name))
        for place, letter in enumerate(name):
            cells[row][column + place] = (letter, f"bold {_AXIS}")


class Cloud(Widget):
    """Points seen from a side that can be changed."""

    DEFAULT_CSS = """
    Cloud { width: 1fr; height: 1fr; }
    """

    def __init__(self, names: tuple[str, str, str], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._names = names
        self._points: Array = np.zeros((0, 3))
        self._view = View()

    def set_points(self, points: Array, view: View) -> None:
        """Show `points`, (n, 3) in the unit of the axes, as they are seen from `view`."""
        self._points, self._view = points, view
        self.refresh()

    def render(self) -> Content:
        """The picture in the size of the widget."""
        parts: list[tuple[str, str]] = []
        for cells in draw(self._points, self._view, self._names, self.size.width, self.size.height):
            for style, run in groupby(cells, key=lambda cell: cell[1]):
                parts.append(("".join(letter for letter, _style in run), style))
            parts.append(("\n", ""))
        return Content.assemble(*parts[:-1])
