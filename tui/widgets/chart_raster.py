"""Points and lines as dots in the cells of a chart. The only file that uses plotext, for lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import numpy as np
import numpy.typing as npt

from tui.widgets.chart_field import Field, rounded
from tui.widgets.chart_ink import Ink
from tui.widgets.series import Floats

Bits = npt.NDArray[np.uint8]
"""The dots of every cell (rows, columns); rows from the top, bits as in `Ink.glyphs`."""
_lock = Lock()  # plotext keeps the size of the terminal in one place


def points(xs: Sequence[float] | Floats, ys: Sequence[float] | Floats, field: Field) -> Bits:
    """The dots of single points; those outside are left out."""
    x, y = rounded(field.dots_x(xs)), rounded(field.dots_y(ys))
    inside = (x >= 0) & (x < field.across) & (y >= 0) & (y < field.up)
    across, down = field.ink.across, field.ink.down
    dots = np.zeros((field.lines, down, field.columns, across), np.uint8)
    column, row = x[inside], field.up - 1 - y[inside]
    dots[row // down, row % down, column // across, column % across] = 1
    weights = 1 << np.arange(down * across, dtype=np.uint8).reshape(down, 1, across)
    found: Bits = (dots * weights).sum(axis=(1, 3), dtype=np.uint8)
    return found


def line(
    xs: Sequence[float] | Floats,
    ys: Sequence[float] | Floats,
    field: Field,
    breaks: Sequence[float] = (),
) -> Bits:
    """The dots of a line through points in order of x, interrupted at the xs `breaks`."""
    x, y = field.dots_x(xs), field.dots_y(ys)
    # Between two points that straddle a break, no line is drawn.
    passed = np.searchsorted(np.sort(np.asarray(breaks, np.float64)), np.asarray(xs, np.float64))
    joined = np.r_[False, passed[1:] == passed[:-1]]
    columns, rows, led = _clipped(x, y, joined, field)
    return _drawn(tuple(columns), tuple(rows), tuple(led), field.columns, field.lines, field.ink)


def _clipped(
    x: Floats, y: Floats, joined: npt.NDArray[np.bool_], field: Field
) -> tuple[list[int], list[int], list[bool]]:
    """The parts of a line inside the field, as dots, each with whether a line leads to it."""
    limits = ((-0.5, field.across - 0.51), (-0.5, field.up - 0.51))
    inside = np.ones(len(x), bool)
    for places, (low, high) in zip((x, y), limits, strict=True):
        inside &= (places >= low) & (places <= high)
    if inside.all():
        columns, rows = rounded(x), rounded(y)
        # Where a line is level, its ends suffice.
        level = (rows[1:-1] == rows[:-2]) & (rows[1:-1] == rows[2:]) & joined[1:-1] & joined[2:]
        needed = ~np.r_[False, level, False]
        return columns[needed].tolist(), rows[needed].tolist(), joined[needed].tolist()
    out: list[tuple[float, float, bool]] = []
    for at in range(len(x)):
        here = (float(x[at]), float(y[at]))
        if joined[at]:
            before = (float(x[at - 1]), float(y[at - 1]))
            part = _part(before, here, limits)
            if part is not None:
                begin, end = part
                if begin != before:
                    out.append((*begin, False))
                out.append((*end, True))
        elif inside[at]:
            out.append((*here, False))
    columns, rows = (rounded(np.array([one[i] for one in out])).tolist() for i in (0, 1))
    return columns, rows, [one[2] for one in out]


def _part(
    a: tuple[float, float],
    b: tuple[float, float],
    limits: tuple[tuple[float, float], tuple[float, float]],
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a → b within the limits (Liang and Barsky, 1984)."""
    first, last = 0.0, 1.0
    for start, end, (low, high) in zip(a, b, limits, strict=True):
        by = end - start
        if by == 0:
            if not low <= start <= high:
                return None
            continue
        enter, leave = sorted(((low - start) / by, (high - start) / by))
        first, last = max(first, enter), min(last, leave)
    if first > last:
        return None
    begin, end_ = ((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for t in (first, last))
    return (a if first == 0 else begin), (b if last == 1 else end_)


def get_ready() -> None:
    """Import what draws lines, ahead of time; for a thread beside that of the screen."""
    import plotext  # noqa: F401


@lru_cache(128)
def _drawn(
    xs: tuple[int, ...],
    ys: tuple[int, ...],
    joined: tuple[bool, ...],
    columns: int,
    lines: int,
    ink: Ink,
) -> Bits:
    """Dots drawn by plotext, with lines to those that are `joined` to the one before.

    That takes most of the time of a chart, and of several lines a key often changes only one.
    """
    if not xs:
        return _fixed(np.zeros((lines, columns), np.uint8))
    # Imported late: plotext takes a quarter of a second to import, and would delay the first frame.
    import plotext

    with _lock:
        plotext.terminal.limit(False, False)  # a chart may be larger than the terminal
        figure = type(plotext.figure)(plotext.terminal)
        figure.plot_size(columns, lines)
        figure.axes(False)
        figure.canvas("default")
        for axis, dots in (("x", columns * ink.across), ("y", lines * ink.down)):
            figure.ruler(axis).lim(0, dots).alignment("edge").ticks([], [])
        signal = figure.signal(
            [x + 0.5 for x in xs], [y + 0.5 for y in ys], marker=ink.marker or "*"
        )
        for index, is_joined in enumerate(joined):
            if is_joined:
                signal.line(index)
        figure.draw(signal)
        text: str = figure.build().string(colorless=True)
    return _fixed(ink.decoded(text))


def _fixed(bits: Bits) -> Bits:
    """The same, which nobody can change: it is given out again."""
    bits.setflags(write=False)
    return bits
