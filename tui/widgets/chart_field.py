"""Where things lie in a chart: its axes, and from a value to a dot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from textual.geometry import Size

from tui.math.width import cell_width
from tui.widgets.chart_ink import Ink
from tui.widgets.chart_series import Drawing, Series
from tui.widgets.row_ticks import Rows, even_axis, even_exact_axis, even_log_axis
from tui.widgets.series import Axis, Floats, linear_axis, log_axis

Dots = npt.NDArray[np.int64]
_LONGEST_NAME = 24
_FAR = 1e6
"""Dots from the origin; whatever lies further away is out of sight."""


@dataclass(frozen=True, slots=True)
class Field:
    """The part of a chart between the axes.

    The lowest value of an axis lies in the middle of the first dot, the highest in that of the
    last one; columns are counted from the left, dots of y from the bottom.
    """

    columns: int
    lines: int
    ink: Ink
    x_axis: Axis
    y_axis: Axis

    @property
    def across(self) -> int:
        """Dots from left to right."""
        return self.columns * self.ink.across

    @property
    def up(self) -> int:
        """Dots from the bottom to the top."""
        return self.lines * self.ink.down

    def dots_x(self, xs: Sequence[float] | Floats) -> Floats:
        """The horizontal places of values, in dots: whole numbers are the middles of dots."""
        return _places(xs, self.x_axis, self.across)

    def dots_y(self, ys: Sequence[float] | Floats) -> Floats:
        """The same for vertical places."""
        return _places(ys, self.y_axis, self.up)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The column and the row, from the top, of the cell that holds a point."""
        column = _dot(x, self.x_axis, self.across) // self.ink.across
        row = _dot(y, self.y_axis, self.up) // self.ink.down
        return column, self.lines - 1 - row

    def holds(self, column: int, row: int) -> bool:
        """Whether there is such a cell."""
        return 0 <= column < self.columns and 0 <= row < self.lines


def rounded(places: Floats) -> Dots:
    """The dots in which places lie; those far outside are brought near, to fit into integers."""
    near = np.where(np.isnan(places), -_FAR, places).clip(-_FAR, _FAR)
    found: Dots = np.floor(np.round(near + 0.5, 8)).astype(np.int64)
    return found


def _dot(value: float, axis: Axis, dots: int) -> int:
    """As `rounded` and `_places`, for one value."""
    place = (value - axis.low) / (axis.high - axis.low) * max(dots - 1, 1)
    if math.isnan(place):
        return -int(_FAR)
    return math.floor(round(min(max(place, -_FAR), _FAR) + 0.5, 8))


def _places(values: Sequence[float] | Floats, axis: Axis, dots: int) -> Floats:
    numbers = np.asarray(values, np.float64)
    found: Floats = (numbers - axis.low) / (axis.high - axis.low) * max(dots - 1, 1)
    return found


def edges(series: Series) -> tuple[list[float], list[float]]:
    """The minima and the maxima of a band; the mean where they are unknown."""
    lows, highs = (
        [y if edge is None else edge for edge, y in zip(given, series.ys, strict=True)]
        for given in (series.lows, series.highs)
    )
    return lows, highs


def axes(drawing: Drawing, drawn: Sequence[Series], size: Size, rows: Rows) -> tuple[Axis, Axis]:
    """The x and the y axis, which cover every drawn point; `rows` are those of the plot."""
    xs = [x for series in drawn for x in (series.xs[0], series.xs[-1])]
    ys = [y for series in drawn for y in (min(series.ys), max(series.ys))]
    for series in drawn:
        if series.lows:
            lows, highs = edges(series)
            ys += [min(lows), max(highs)]
    x_count = max(2, size.width // 12)
    if drawing.log_x:
        left, right = drawing.x_limits or (10 ** min(xs), 10 ** max(xs))
        x_axis = log_axis(left, right, x_count)
    else:
        left, right = drawing.x_limits or (min(xs), max(xs))
        whole = all(float(x).is_integer() for x in (left, right))
        x_axis = linear_axis(left, right, x_count, exact=True, whole=whole)
    y_count = max(2, size.height // 4)
    low, high = drawing.y_limits or (min(ys), max(ys))
    if drawing.log:
        if drawing.y_limits is None:
            low, high = 10**low, 10**high
        return x_axis, even_log_axis(low, high, rows, y_count)
    if drawing.y_limits is not None:
        return x_axis, even_exact_axis(low, high, rows, y_count)
    if 0 <= low < high / 2:
        low = 0.0
    return x_axis, even_axis(low, high, rows, y_count)


def end_names(drawing: Drawing, drawn: Sequence[Series], width: int) -> dict[int, str]:
    """The names that may stand at the ends of lines, by the number of the series in `drawn`.

    None is longer than a fifth of the chart: longer ones stay in the legend. Without a legend it is
    all of them or none: a single named line among others would look like the one that counts.
    """
    if not drawing.named or len(drawing.series) < 2:
        return {}
    longest = min(_LONGEST_NAME, width // 5)
    lines = {at: one for at, one in enumerate(drawn) if one.line and one.name and len(one.xs) > 1}
    names = {at: one.title for at, one in lines.items() if cell_width(one.title) <= longest}
    return names if drawing.has_legend or len(names) == len(lines) else {}
