"""Draws a chart: grid, bands, lines, marks, names and axes, each as exact as its characters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from textual.geometry import Size

from engine.language import _
from tui.math.width import cell_width
from tui.widgets.band import band
from tui.widgets.chart_field import Field, axes, edges, end_names, rounded
from tui.widgets.chart_ink import ASCII, BRAILLE, ink, plain_sign
from tui.widgets.chart_raster import Bits, line, points
from tui.widgets.chart_series import Drawing, Series
from tui.widgets.row_ticks import Rows
from tui.widgets.series import Axis, Floats

Run: TypeAlias = tuple[str, str | None]
"""A piece of a drawn row, and what it is: a role, `grid`, or None for axes and ticks. The band of
a series has its role with `-band` after it."""

SMALLEST = Size(16, 3)
"""In anything smaller the axes do not fit."""
_LEAN = 5
"""Rows up to which the numbers stand in the horizontal axis, and there is no grid: the curve needs
the room."""
_LABELLED = 7
"""Rows from which the horizontal axis has a name."""
_NAN = "✗"
_STRIPE = 2
"""Where several lines meet in cells, each has so many cells in turn, like dashes."""


@dataclass(slots=True)
class Picture:
    """A chart as rows of styled runs, ready for the screen."""

    rows: list[list[Run]] = default(default_factory=list)
    named: frozenset[str] = frozenset()
    """The series whose names stand at their ends."""


def draw(drawing: Drawing, size: Size) -> list[list[Run]]:
    """The rows of the chart, each a list of runs; empty if there is nothing to draw."""
    return picture(drawing, size).rows


def picture(drawing: Drawing, size: Size) -> Picture:
    """The chart in `size` cells; without rows if there is nothing to draw."""
    if size.width < SMALLEST.width or size.height < SMALLEST.height:
        return Picture()
    drawn = drawing.thinned(size.width)
    if not drawn:
        return Picture()
    lean = size.height <= _LEAN
    labelled = size.height >= _LABELLED and bool(drawing.x_label or drawing.y_label)
    lines = size.height - (1 if lean else 3 if labelled else 2)
    x_axis, y_axis = axes(drawing, drawn, size, Rows(lines, ink().down))
    left = max(map(len, y_axis.labels), default=0)
    names = end_names(drawing, drawn, size.width)
    # A name without a mark has a gap before it; the mark of the others stands on the end itself,
    # or, where that is taken, right beside it.
    right = max(
        (cell_width(name) + (not drawn[at].marker) for at, name in names.items()), default=0
    )
    columns = size.width - left - 1 - right
    sheet = _Sheet(Field(columns, lines, ink(), x_axis, y_axis), right)
    if not lean:
        sheet.put_grid()
    updates = sheet.put_series(drawing, drawn)
    named = sheet.put_names(drawn, names)
    rows = sheet.framed(left)
    below = _tick_row(sheet.field, left, size.width)
    if lean:
        [(axis, _role)] = rows.pop()
        below = "".join(map(_first_sign, below, axis))
    rows.append([(below, None)])
    if labelled:
        label = drawing.x_label
        if updates > 1:
            label = _("{label} (each column: {count} updates)").format(label=label, count=updates)
        rows.append(_label_row(drawing.y_label, label, left + 1, columns, size.width))
    return Picture(rows, named)


class _Sheet:
    """The cells of a chart while they are filled."""

    def __init__(self, field: Field, right: int) -> None:
        self.field = field
        shape = (field.lines, field.columns + right)
        self.signs = np.full(shape, " ", dtype=object)
        self.paint = np.full(shape, None, dtype=object)
        self.taken = np.zeros(shape, bool)
        """Cells with lines, points or marks: names keep off them."""
        self.marked: dict[tuple[int, int], str] = {}
        """The series whose mark a cell has."""

    def put(self, column: int, row: int, sign: str, paint: str | None) -> None:
        """One character of a series."""
        if self.field.holds(column, row):
            self.signs[row, column], self.paint[row, column] = sign, paint
            self.taken[row, column] = True

    def put_grid(self) -> None:
        """Light lines at the ticks, but for those on the axes."""
        field = self.field
        dots_y = rounded(field.dots_y(field.y_axis.ticks)).tolist()
        dots_x = rounded(field.dots_x(field.x_axis.ticks)).tolist()
        bits = np.zeros((field.lines, field.columns), np.uint8)
        across, down = field.ink.across, field.ink.down
        exact = field.ink is BRAILLE
        for dot in dots_y:
            if not 0 < dot < field.up:
                continue
            row, inner = field.lines - 1 - dot // down, down - 1 - dot % down
            if exact:
                bits[row] |= 1 << (inner * across)
            else:
                step = 4 if field.ink is ASCII else 1
                self.signs[row, step // 2 : field.columns : step] = field.ink.rule[0]
        for dot in dots_x:
            if not 0 < dot < field.across - 1:
                continue
            if exact:
                bits[:, dot // across] |= 1 << (across + dot % across)
            elif field.ink.rule[1] != " ":
                self.signs[:, dot // across] = field.ink.rule[1]
        if exact:
            self._put_bits(bits, "grid")
        self.paint[self.signs != " "] = "grid"

    def _put_bits(self, bits: Bits, paint: str) -> None:
        glyphs = self.field.ink.glyphs
        for row, column in np.argwhere(bits).tolist():
            self.signs[row, column] = glyphs[bits[row, column]]
            self.paint[row, column] = paint

    def put_series(self, drawing: Drawing, drawn: Sequence[Series]) -> int:
        """Bands, dots and marks of all series; how many updates a column stands for."""
        field, updates = self.field, 1
        layers: list[tuple[Series, Bits]] = []
        marks: list[tuple[Series, list[tuple[int, int]]]] = []
        missing: list[float] = []
        by_name = {one.name: one for one in drawing.series}
        for number, series in enumerate(drawn):
            breaks = drawing.broken_at(by_name.get(series.name, series))
            missing += breaks
            xs, ys = list(series.xs), list(series.ys)
            if series.lows and not series.line:
                found = band(
                    xs, ys, *edges(series), series.counts or (1,) * len(xs),
                    field.x_axis, field.columns,
                )  # fmt: skip
                updates = max(updates, found.updates)
                if found.updates > 1:
                    repeat = field.ink.across
                    self._put_band(
                        series, np.repeat(found.lows, repeat), np.repeat(found.highs, repeat)
                    )
                seen = np.isfinite(found.means)
                xs, ys = found.xs[seen].tolist(), found.means[seen].tolist()
            elif series.lows:
                self._put_band(series, *_between(series, field))
            if series.line and len(xs) > 1:
                layers.append((series, line(xs, ys, field, breaks)))
            elif series.is_small:
                layers.append((series, points(xs, ys, field)))
            if series.marker and not series.is_small:
                chosen = _marked(series, number, len(drawn)) if series.line else range(len(xs))
                marks.append((series, [field.cell(xs[i], ys[i]) for i in chosen]))
        self._put_layers(layers)
        self._put_marks(marks)
        for x in missing:
            column = field.cell(x, 0.0)[0]
            self.put(column, 0, plain_sign(_NAN), "error")
            self.marked[column, 0] = ""
        return updates

    def _put_band(self, series: Series, lows: Floats, highs: Floats) -> None:
        """Shade what lies between two edges, given in values for every column of dots."""
        field, paint = self.field, f"{series.role}-band"
        across, down = field.ink.across, field.ink.down
        known = np.isfinite(lows) & np.isfinite(highs)
        bottom, top = (rounded(field.dots_y(one)) for one in (lows, highs))
        height = np.arange(field.up - 1, -1, -1)[:, None]  # rows of dots from the top
        inside = (height >= bottom) & (height <= top) & known
        cells = inside.reshape(field.lines, down, field.columns, across).transpose(0, 2, 1, 3)
        counts = cells.sum(axis=(2, 3))
        stipple = np.add.outer(np.arange(down), np.arange(across)) % 2 == 0
        weights = 1 << np.arange(down * across).reshape(down, across)
        full = (cells * weights).sum(axis=(2, 3))
        light = (cells * stipple * weights).sum(axis=(2, 3))
        for row, column in np.argwhere(counts).tolist():
            whole = counts[row, column] == down * across
            number = int(light[row, column] or full[row, column])
            self.signs[row, column] = field.ink.shade if whole else field.ink.glyphs[number]
            self.paint[row, column] = paint

    def _put_layers(self, layers: Sequence[tuple[Series, Bits]]) -> None:
        """Dots of all series. Lines cover points; lines on each other take turns."""
        field = self.field
        for of_lines in (False, True):
            chosen = [(one, bits) for one, bits in layers if one.line is of_lines]
            if not chosen:
                continue
            together = np.zeros((field.lines, field.columns), np.uint8)
            for _one, bits in chosen:
                together |= bits
            for row, column in np.argwhere(together).tolist():
                owners = [(one, bits) for one, bits in chosen if bits[row, column]]
                owner, own = owners[(column // _STRIPE + row) % len(owners)]
                # A cell has one colour: no dot of a line has that of another line.
                dots = own if of_lines else together
                sign = field.ink.glyphs[dots[row, column]]
                if field.ink is ASCII:
                    sign = plain_sign(owner.marker or "━") if of_lines else "."
                self.put(column, row, sign, owner.role)

    def _put_marks(self, marks: Sequence[tuple[Series, list[tuple[int, int]]]]) -> None:
        """The marks of all series; where several fall into one cell, they take turns."""
        wanted: dict[tuple[int, int], list[Series]] = {}
        for series, cells in marks:
            for cell in dict.fromkeys(cells):
                wanted.setdefault(cell, []).append(series)
        turn = 0
        for (column, row), owners in sorted(wanted.items()):
            # A single point has no other place to be seen at.
            single = [one for one in owners if len(one.xs) == 1]
            owner = single[-1] if single else owners[turn % len(owners)]
            turn += len(owners) > 1 and not single
            self.put(column, row, plain_sign(owner.marker), owner.role)
            self.marked[column, row] = owner.name

    def put_names(self, drawn: Sequence[Series], names: Mapping[int, str]) -> frozenset[str]:
        """Write names at the ends of lines, each in a free place near its own; those written."""
        written = set()
        ends = {at: self.field.cell(drawn[at].xs[-1], drawn[at].ys[-1]) for at in names}

        def turn(named: tuple[int, str]) -> tuple[int, float]:
            # Of two lines that end in one row, the name of the lower one stays: the other moves up.
            # In the highest row there is no way up: that of the higher one stays.
            row, value = ends[named[0]][1], drawn[named[0]].ys[-1]
            return row, value if row else -value

        for at, name in sorted(names.items(), key=turn):
            column, row = ends[at]
            # Its mark is that of the end, unless another series has one there.
            others = {drawn[other].name for other, end in ends.items() if end == (column, row)}
            owner = self.marked.get((column, row), drawn[at].name)
            joins = bool(drawn[at].marker) and owner in others
            for place in sorted(range(self.field.lines), key=lambda y: abs(y - row)):
                if abs(place - row) <= 4 and self._put_name(
                    name, column, place, drawn[at].role, joins=joins and place == row
                ):
                    written.add(drawn[at].name)
                    break
        return frozenset(written)

    def _put_name(self, name: str, column: int, row: int, role: str, *, joins: bool) -> bool:
        """Write a name beside the end of its line, in this row if it is free there; whether it is.

        If it `joins` the end, its mark stands on it.
        """
        width, across = cell_width(name), self.signs.shape[1]
        start = column if joins else column + 2
        if start + width > across:
            start = column + 1
        start = max(0, start)
        beside = slice(start + 1 if joins else start - 1, start + width)
        if start + width > across or self.taken[row, beside].any():
            return False
        for x, sign in enumerate(_padded(name), start):
            self.signs[row, x], self.paint[row, x] = sign, role
        self.taken[row, start : start + width] = True
        return True

    def framed(self, left: int) -> list[list[Run]]:
        """All rows with the vertical axis and its labels."""
        field = self.field
        bar, tick, flat, tick_below, corner = field.ink.axis
        labels = {
            field.cell(field.x_axis.low, value)[1]: text
            for value, text in zip(field.y_axis.ticks, field.y_axis.labels, strict=True)
        }
        rows = []
        turns = self.paint[:, 1:] != self.paint[:, :-1]
        for y, (signs, paint) in enumerate(
            zip(self.signs.tolist(), self.paint.tolist(), strict=True)
        ):
            label = labels.get(y, "")
            row: list[Run] = [(f"{label:>{left}}{tick if y in labels else bar}", None)]
            starts = [0, *(np.flatnonzero(turns[y]) + 1).tolist()]
            for start, end in pairwise([*starts, len(signs)]):
                row.append(("".join(signs[start:end]), paint[start]))
            rows.append(row)
        below = [flat] * field.columns
        for value in field.x_axis.ticks:
            column = field.cell(value, field.y_axis.low)[0]
            if 0 <= column < field.columns:
                below[column] = tick_below
        gap = " " * (self.signs.shape[1] - field.columns)
        rows.append([(" " * left + corner + "".join(below) + gap, None)])
        return rows


def _padded(name: str) -> list[str]:
    """The characters of a name by cells; the second cell of a wide one is empty."""
    cells: list[str] = []
    for char in name:
        cells += [char, ""] if cell_width(char) == 2 else [char]
    return cells


def _between(series: Series, field: Field) -> tuple[Floats, Floats]:
    """The edges of a band that follows a line, at every column of dots; NaN beyond its ends."""
    at = np.arange(field.across)
    lows, highs = edges(series)
    places = field.dots_x(series.xs)
    first, last = rounded(places[[0, -1]])
    inside = (at >= first) & (at <= last)
    low, high = (np.where(inside, np.interp(at, places, edge), np.nan) for edge in (lows, highs))
    return low, high


def _marked(series: Series, number: int, among: int) -> list[int]:
    """The indices of the points of a line that get a marker.

    Few measurements are all marked. Of many, a handful are, at other places for each series.
    """
    xs = series.xs
    if series.marks_at:
        return [min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in series.marks_at]
    if len(xs) <= _ALL_MARKED:
        return list(range(len(xs)))
    step = len(xs) / _MARKS
    shift = (number + 0.5) / among
    return sorted({min(len(xs) - 1, math.floor((i + shift) * step)) for i in range(_MARKS)})


_ALL_MARKED = 12
_MARKS = 6


def _first_sign(above: str, below: str) -> str:
    return below if above == " " else above


def _tick_row(field: Field, left: int, width: int) -> str:
    """The labels below the horizontal axis, each centred under its tick where there is room."""
    row = [" "] * width
    free = 0
    axis: Axis = field.x_axis
    for value, label in zip(axis.ticks, axis.labels, strict=True):
        column = left + 1 + field.cell(value, field.y_axis.low)[0]
        start = min(max(column - len(label) // 2, free), width - len(label))
        if start >= free and abs(start + len(label) // 2 - column) <= max(2, len(label) // 2):
            row[start : start + len(label)] = label
            free = start + len(label) + 1
    return "".join(row)


def _label_row(y_label: str, x_label: str, left: int, columns: int, width: int) -> list[Run]:
    """The name of the vertical axis at the left, that of the horizontal one in the middle."""
    start = left + max(0, (columns - cell_width(x_label)) // 2)
    if y_label:
        start = max(start, cell_width(y_label) + 2)
    text = y_label + " " * (start - cell_width(y_label)) + x_label
    return [(text + " " * max(0, width - cell_width(text)), None)]
