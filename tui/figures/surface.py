"""A function of two numbers from above: half blocks of heat, and a path on top."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from engine.language import _
from lessons.format.drawings import Surface, extent
from tui.figures.registry import ROWS, FigureKind, Options
from tui.figures.scale import Scale, row_ticks, shown, ticks
from tui.page.lines import HEAT_LEVELS, Heat, Ink, InkLine, Piece, cut
from tui.page.signs import plain_signs

_LEAST = 24
_SHADES = " ░▒▓█"
_DOTS = 2
"""Values below each other in a cell."""


def draw(surface: Surface, width: int, height: int, options: Options) -> list[InkLine]:
    """The surface within `width` × `height` cells; low is cold, high is hot."""
    has_axes = width >= 16 and height >= 5
    found: list[InkLine] = []
    if has_axes and height >= 7:
        found.append(((cut(surface.name, width), Ink.QUIET),))
    rows = height - len(found) - (2 if has_axes else 0)
    ys = row_ticks(*surface.y_range, max(1, rows), _DOTS, exact=True)
    surface = replace(surface, y_range=(ys.low, ys.high))
    left = 1 + max([len(surface.y), *map(len, ys.texts)]) if has_axes else 0
    columns = max(1, width - left)
    heat = _heat(surface, columns, rows)
    marks = _marks(surface, columns, rows)
    numbers = {
        min(rows - 1, round(_down(surface, rows).dot(value)) // _DOTS): text
        for value, text in zip(ys.at, ys.texts, strict=True)
    }
    free = [row for row in range(rows) if row not in numbers]
    if free:  # away from the numbers, if there is room, else near the middle
        clear = [row for row in free if not {row - 1, row + 1} & {*numbers}]
        numbers[min(clear or free, key=lambda row: abs(row - rows // 2))] = surface.y
    for row in range(rows):
        pieces: list[Piece] = []
        if left:
            text = numbers.get(row, "")
            pieces.append((text.rjust(left - 1), Ink.QUIET))
            pieces.append(("┤" if text else "│", Ink.RULE))
        for column in range(columns):
            upper, lower = heat[row * 2][column], heat[row * 2 + 1][column]
            mark = marks.get((column, row))
            if mark is not None:
                pieces.append((mark, Heat(upper, lower, Ink.STRONG)))
                continue
            shade = _SHADES[round((upper + lower) / 2 / HEAT_LEVELS * (len(_SHADES) - 1))]
            cell = Heat(upper, lower)
            if pieces and pieces[-1][1] == cell:
                pieces[-1] = (pieces[-1][0] + shade, cell)
            else:
                pieces.append((shade, cell))
        found.append(tuple(pieces))
    if has_axes:
        found += _x_axis(surface, left, columns)
    return found[:height]


def _down(surface: Surface, rows: int) -> Scale:
    return Scale(*surface.y_range, max(1, rows * 2 - 1), 0)


def _heat(surface: Surface, columns: int, rows: int) -> list[list[int]]:
    """Levels of two values per cell; steps are finer near the bottom, where a path ends."""
    (left, right), (bottom, top) = surface.x_range, surface.y_range
    values = [
        [
            surface.at(
                left + (right - left) * (column + 0.5) / columns,
                top - (top - bottom) * (row + 0.5) / (rows * 2),
            )
            for column in range(columns)
        ]
        for row in range(rows * 2)
    ]
    low, high = extent([value for line in values for value in line])
    span = (high - low) or 1.0
    return [
        [
            HEAT_LEVELS
            if math.isnan(value)
            else round(math.sqrt(max(0.0, value - low) / span) * HEAT_LEVELS)
            for value in line
        ]
        for line in values
    ]


def _marks(surface: Surface, columns: int, rows: int) -> dict[tuple[int, int], str]:
    line, start, at, lowest = "·○●✚" if not plain_signs() else ".o*+"
    across = Scale(*surface.x_range, 0, max(1, columns - 1))
    down = Scale(*surface.y_range, max(1, rows - 1), 0)

    def cell(point: tuple[float, float]) -> tuple[float, float]:
        return across.dot(point[0]), down.dot(point[1])

    found: dict[tuple[int, int], str] = {}
    points = [point for point in surface.path if all(map(math.isfinite, point))]
    cells = [cell(point) for point in points]
    for (x0, y0), (x1, y1) in pairwise(cells):
        steps = max(1, min(4 * (columns + rows), round(max(abs(x1 - x0), abs(y1 - y0)))))
        for step in range(steps + 1):
            share = step / steps
            found[round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share)] = line
    if surface.lowest is not None:
        x, y = cell(surface.lowest)
        found[round(x), round(y)] = lowest
    for number, (x, y) in enumerate(cells):
        found[round(x), round(y)] = at if number else start
    return found


def _x_axis(surface: Surface, left: int, columns: int) -> list[InkLine]:
    found = ticks(*surface.x_range, max(2, columns // 9), exact=True)
    scale = Scale(*surface.x_range, 0, max(1, columns - 1))
    rule, below = ["─"] * columns, [" "] * (left + columns)
    name = cut(surface.x, max(1, columns // 4))
    taken = -1
    end = len(below) - len(name) - 1
    for value, text in zip(found.at, found.texts, strict=True):
        column = min(columns - 1, round(scale.dot(value)))
        start = max(0, left + column - (len(text) - 1) // 2)
        if start <= taken or start + len(text) > end:
            continue
        rule[column] = "┴"
        below[start : start + len(text)] = text
        taken = start + len(text)
    below[len(below) - len(name) :] = name
    return [
        (("└".rjust(left), Ink.RULE), ("".join(rule), Ink.RULE)),
        (("".join(below), Ink.QUIET),),
    ]


def words(surface: Surface, options: Options) -> str:
    """The surface in words: its ranges, its lowest point, its path with the values at its ends."""
    (left, right), (bottom, top) = surface.x_range, surface.y_range
    said = [
        _("{name} over {x} from {left} to {right} and {y} from {bottom} to {top}.").format(
            name=surface.name, x=surface.x, left=shown(left), right=shown(right),
            y=surface.y, bottom=shown(bottom), top=shown(top),
        )
    ]  # fmt: skip
    if surface.lowest is not None:
        x, y = surface.lowest
        told = _("It is lowest at ({x}, {y}), where it is {value}.")
        said.append(told.format(x=shown(x), y=shown(y), value=shown(surface.at(x, y))))
    if surface.path:
        told = _("A path of {count} points leads from {start} ({high}) to {end} ({low}).")
        ends = surface.path[0], surface.path[-1]
        texts = [f"({shown(x)}, {shown(y)})" for x, y in ends]
        values = [shown(surface.at(x, y)) for x, y in ends]
        said.append(
            told.format(count=len(surface.path), start=texts[0], end=texts[1],
                        high=values[0], low=values[1])
        )  # fmt: skip
    return " ".join(said)


def _rows(surface: Surface, width: int) -> int:
    return max(8, min(18, width // 3))


FIGURE = FigureKind(Surface, draw, words, _rows, lambda _surface: _LEAST, {"rows": ROWS})
