"""Charts in the terminal. The only file that uses plotext."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from engine.language import _
from tui.widgets.band import SHADE, Band, band, shaded
from tui.widgets.series import Axis, decimate, linear_axis, log_axis, round_up

Role: TypeAlias = Literal["primary", "accent", "success", "warning", "error", "muted"]
"""The meaning of a series, which sets its colour in every theme."""

ROLES: tuple[Role, ...] = ("primary", "accent", "success", "warning", "error", "muted")
EMPTY_TEXT = _("no measurements yet")
SMALLEST = Size(16, 4)
"""In anything smaller the axes do not fit."""
_FIRST_CODE = 100
"""plotext colours series i with palette entry 100 + i; the role's colour takes its place."""
_LINE = "braille"
_MOST_MARKS = 24
_GAP = 6
"""Up to this many unchanged cells cost less to repaint than to skip with the cursor."""
_ESCAPE = re.compile(r"\x1b\[([\d;]*)m")

Run: TypeAlias = tuple[str, Role | None]
"""A piece of a drawn row; the role of axes and ticks is None."""
_Shading: TypeAlias = tuple[Role, list[tuple[int, int] | None]]
"""The role of a band, and the rows that it covers in every column."""


@dataclass(frozen=True, slots=True)
class Series:
    """One named series of points, ordered by x."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    role: Role = "primary"
    marker: str = "•"
    """One character for the points; empty for a line without markers."""
    line: bool = False
    """Whether a line joins the points."""
    cloud: bool = False
    """Whether every point is drawn, as small as the terminal can: a scatter plot."""
    marks_at: tuple[float, ...] = ()
    """The x values at which a line has markers; evenly spread if empty."""
    lows: tuple[float | None, ...] = ()
    """The minimum at every point, whose y is a mean: a band is drawn from it to the maximum. None
    where it is unknown. Without a line, as many points as necessary are merged into each column;
    with one, the band follows the line, as over several seeds."""
    highs: tuple[float | None, ...] = ()
    """The maximum at every point."""
    counts: tuple[int, ...] = ()
    """How many updates every point of a band stands for."""

    @property
    def sign(self) -> str:
        """The marker of the series in the legend."""
        return f"{self.marker}{SHADE}" if self.lows else self.marker or "━"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a chart shows, apart from its size and theme."""

    x_label: str
    y_label: str
    series: tuple[Series, ...] = ()
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    log: bool = False
    log_x: bool = False

    def thinned(self, width: int) -> tuple[Series, ...]:
        """The series as drawn: finite, positive if `log`, and at most 2 × width points."""
        thinned = []
        for given in self.series:
            series = _log_xs(given) if self.log_x else given
            if series.lows:
                whole = _positive(series) if self.log else series
                thinned += [whole] if whole.xs else []
                continue
            xs, ys = series.xs, series.ys
            if self.log:
                points = [(x, math.log10(y)) for x, y in zip(xs, ys, strict=True) if y > 0]
                xs, ys = tuple(x for x, y in points), tuple(y for x, y in points)
            limit = max(2, len(xs)) if series.cloud else 2 * width
            few_xs, few_ys = decimate(xs, ys, limit, self.x_limits)
            if few_xs:
                thinned.append(replace(series, xs=tuple(few_xs), ys=tuple(few_ys)))
        return tuple(thinned)


def _positive(series: Series) -> Series:
    """A series with a band as log10; what is not positive is left out, or not below the mean."""
    kept = [i for i, y in enumerate(series.ys) if y > 0]
    logs = [math.log10(series.ys[i]) for i in kept]

    def scaled(edge: Sequence[float | None]) -> tuple[float | None, ...]:
        values = [edge[i] for i in kept]
        return tuple(math.log10(v) if v and v > 0 else y for v, y in zip(values, logs, strict=True))

    return replace(
        series,
        xs=tuple(series.xs[i] for i in kept),
        ys=tuple(logs),
        lows=scaled(series.lows),
        highs=scaled(series.highs),
        counts=tuple(series.counts[i] for i in kept),
    )


def _log_xs(series: Series) -> Series:
    """A series with log10 of its xs; points whose x is not positive are left out."""
    kept = [i for i, x in enumerate(series.xs) if x > 0]
    return replace(
        series,
        xs=tuple(math.log10(series.xs[i]) for i in kept),
        ys=tuple(series.ys[i] for i in kept),
        marks_at=tuple(math.log10(x) for x in series.marks_at),
        lows=tuple(series.lows[i] for i in kept) if series.lows else (),
        highs=tuple(series.highs[i] for i in kept) if series.lows else (),
        counts=tuple(series.counts[i] for i in kept) if series.counts else (),
    )


def _edges(series: Series) -> tuple[list[float], list[float]]:
    """The minima and the maxima of a band; the mean where they are unknown."""
    lows, highs = (
        [y if edge is None else edge for edge, y in zip(edges, series.ys, strict=True)]
        for edges in (series.lows, series.highs)
    )
    return lows, highs


def _axes(drawing: Drawing, drawn: Sequence[Series], size: Size) -> tuple[Axis, Axis]:
    """The x and the y axis, which cover every drawn point."""
    xs = [x for series in drawn for x in (series.xs[0], series.xs[-1])]
    ys = [y for series in drawn for y in (min(series.ys), max(series.ys))]
    for series in drawn:
        if series.lows:
            lows, highs = _edges(series)
            ys += [min(lows), max(highs)]
    x_count = max(2, size.width // 12)
    if drawing.log_x:
        left, right = drawing.x_limits or (10 ** min(xs), 10 ** max(xs))
        x_axis = log_axis(left, right, x_count)
    else:
        left, right = drawing.x_limits or (min(xs), max(xs))
        whole = all(float(x).is_integer() for x in (left, right))
        x_axis = linear_axis(left, right, x_count, exact=True, whole=whole)
    y_count = max(2, size.height // 3)
    low, high = drawing.y_limits or (min(ys), max(ys))
    if drawing.log:
        if drawing.y_limits is None:
            low, high = 10**low, 10**high
        return x_axis, log_axis(low, high, y_count)
    if drawing.y_limits is not None:
        return x_axis, linear_axis(low, high, y_count, exact=True)
    if 0 <= low < high / 2:
        return x_axis, linear_axis(0.0, round_up(high), y_count, exact=True)
    return x_axis, linear_axis(low, high, y_count)


def _spread(count: int, most: int) -> list[int]:
    """At most `most` evenly spread indices below `count`, including the first and the last."""
    if count <= most:
        return list(range(count))
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)})


def draw(drawing: Drawing, size: Size) -> list[list[Run]]:
    """The rows of the chart, each a list of runs; empty if there is nothing to draw.

    The plot object exists only in this call, so threads never share it. Its size does not depend
    on that of the terminal.
    """
    if size.width < SMALLEST.width or size.height < SMALLEST.height:
        return []
    drawn = drawing.thinned(size.width)
    if not drawn:
        return []
    # Imported late: plotext takes a quarter of a second to import, and would delay the first frame.
    from textual_plotext.plot import Plot

    x_axis, y_axis = _axes(drawing, drawn, size)
    labelled = size.height >= 7 and bool(drawing.x_label or drawing.y_label)
    label_width = max(map(len, y_axis.labels), default=0)
    columns, lines = size.width - label_width - 1, size.height - (3 if labelled else 2)

    def mark(xs: Sequence[float], ys: Sequence[float], marker: str, code: int) -> None:
        plot.scatter(
            _snapped(xs, x_axis, columns, 2), _snapped(ys, y_axis, lines, 4), marker=marker,
            color=code,
        )  # fmt: skip

    plot = Plot()
    plot.theme("clear")
    plot._set_size(size.width, size.height)  # plotsize would limit it to the terminal's size
    plot.xaxes(True, False)
    plot.yaxes(True, False)
    coded = list(enumerate(drawn, _FIRST_CODE))
    bands: list[_Shading] = []
    updates = 1
    # Lines cover bare points, and the markers of lines cover everything.
    for code, series in sorted(coded, key=lambda pair: pair[1].line):
        if series.line:
            plot.plot(list(series.xs), list(series.ys), marker=_LINE, color=code)
            if series.lows:
                bands.append((series.role, _between(series, x_axis, columns, y_axis, lines)))
        elif series.lows:
            found = band(
                series.xs, series.ys, *_edges(series), series.counts or (1,) * len(series.xs),
                x_axis, columns,
            )  # fmt: skip
            updates = max(updates, found.updates)
            seen = np.isfinite(found.means)
            mark(found.xs[seen].tolist(), found.means[seen].tolist(), series.marker, code)
            if found.updates > 1:
                bands.append((series.role, _covered(found, y_axis, lines)))
        elif series.cloud:
            plot.scatter(list(series.xs), list(series.ys), marker=_LINE, color=code)
        else:
            mark(series.xs, series.ys, series.sign, code)
    for code, series in coded:
        if series.line and series.marker:
            chosen = _marked(series)
            xs, ys = [series.xs[i] for i in chosen], [series.ys[i] for i in chosen]
            mark(xs, ys, series.marker, code)
    plot.xlim(x_axis.low, x_axis.high)
    plot.ylim(y_axis.low, y_axis.high)
    plot.xticks(_snapped(x_axis.ticks, x_axis, columns, 2), list(x_axis.labels))
    plot.yticks(
        _snapped(y_axis.ticks, y_axis, lines, 4),
        [label.rjust(label_width) for label in y_axis.labels],
    )
    if labelled:
        label = drawing.x_label
        if updates > 1:
            label = _("{label} (each column: {count} updates)").format(label=label, count=updates)
        plot.xlabel(label)
        plot.ylabel(drawing.y_label)
    rows = _runs(plot.build(), [series.role for series in drawn])
    for role, covered in bands:
        for y in range(min(lines, len(rows))):
            rows[y] = _shaded(rows[y], lines - 1 - y, role, covered, label_width + 1)
    return rows


def _covered(found: Band, axis: Axis, lines: int) -> list[tuple[int, int] | None]:
    """The lowest and the highest row of the band in every column, counted from the bottom."""
    covered: list[tuple[int, int] | None] = []
    for low, high in zip(found.lows.tolist(), found.highs.tolist(), strict=True):
        if math.isnan(low):
            covered.append(None)
            continue
        bottom, top = (_cell(value, axis, lines, 4) for value in (low, high))
        covered.append((bottom, top))
    return covered


def _between(
    series: Series, x_axis: Axis, columns: int, y_axis: Axis, lines: int
) -> list[tuple[int, int] | None]:
    """As `_covered`, for a band that follows a line: straight from each point to the next."""
    span = x_axis.high - x_axis.low
    xs = x_axis.low + span * (2 * np.arange(columns) + 0.5) / (2 * columns - 1)
    lows, highs = (np.interp(xs, series.xs, edge) for edge in _edges(series))
    # A column whose middle lies beyond the last point may still hold that point.
    half = span / (2 * columns - 1)
    inside = (xs >= series.xs[0] - half) & (xs <= series.xs[-1] + half)
    covered: list[tuple[int, int] | None] = []
    for low, high, seen in zip(lows.tolist(), highs.tolist(), inside.tolist(), strict=True):
        bottom, top = (_cell(value, y_axis, lines, 4) for value in (low, high))
        covered.append((bottom, top) if seen else None)
    return covered


def _shaded(
    row: list[Run], y: int, role: Role, covered: Sequence[tuple[int, int] | None], left: int
) -> list[Run]:
    """A drawn row with a band behind it."""
    text = "".join(piece for piece, _role in row)
    filled = shaded(text, y, covered, left)
    if filled == text:
        return row
    roles = [of for piece, of in row for _char in piece]
    cells = [
        (new, role if new != old else of) for new, old, of in zip(filled, text, roles, strict=True)
    ]
    return [
        ("".join(char for char, _role in group), of)
        for of, group in groupby(cells, key=itemgetter(1))
    ]


def _marked(series: Series) -> list[int]:
    """The indices of the points of a line that get a marker."""
    if not series.marks_at:
        return _spread(len(series.xs), _MOST_MARKS)
    xs = series.xs
    return [min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in series.marks_at]


def _snapped(values: Sequence[float], axis: Axis, cells: int, dots: int) -> list[float]:
    """Values moved into the cells in which a line passes through them.

    plotext rounds a marker to one of `cells` places and a line to one of `cells * dots`, which
    can lie in the next cell: without this, markers and ticks would stand beside their line.
    """
    span = axis.high - axis.low
    return [
        axis.low + span * _cell(value, axis, cells, dots) / max(cells - 1, 1) for value in values
    ]


def _cell(value: float, axis: Axis, cells: int, dots: int) -> int:
    """The number of the cell in which a line of so many dots a cell passes through `value`."""
    span = axis.high - axis.low
    return math.floor(round(0.5 + (cells * dots - 1) * (value - axis.low) / span, 8)) // dots


def _runs(ansi: str, roles: Sequence[Role]) -> list[list[Run]]:
    """Split plotext's ANSI text into rows of runs, and map palette entries back to roles."""
    rows: list[list[Run]] = []
    for line in ansi.rstrip("\n").split("\n"):
        role: Role | None = None
        row: list[Run] = []
        for index, piece in enumerate(_ESCAPE.split(line)):
            if index % 2:
                code = piece.rpartition(";")[2]
                known = piece.startswith("38;5;") and code.isdecimal()
                role = roles[int(code) - _FIRST_CODE] if known else None
            elif piece:
                row.append((piece, role))
        rows.append(row)
    return rows


class _Canvas(Widget):
    """The plot itself: keeps its drawn rows and repaints only what has changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chart--axis", *(f"chart--{role}" for role in ROLES)}

    DEFAULT_CSS = """
    _Canvas {
        width: 1fr;
        height: 1fr;
    }
    _Canvas > .chart--axis { color: $text-muted; }
    _Canvas > .chart--primary { color: $text-primary; }
    _Canvas > .chart--accent { color: $text-accent; }
    _Canvas > .chart--success { color: $text-success; }
    _Canvas > .chart--warning { color: $text-warning; }
    _Canvas > .chart--error { color: $text-error; }
    _Canvas > .chart--muted { color: $text-muted; }
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._drawn: tuple[Drawing, Size] | None = None
        self._rows: list[list[Run]] = []

    @property
    def drawing(self) -> Drawing:
        """What the chart shows, or will show once it is on the screen."""
        return self._drawing

    @property
    def text(self) -> str:
        """The drawn rows without colours."""
        return "\n".join("".join(text for text, role in row) for row in self._rows)

    def show(self, drawing: Drawing) -> None:
        """Draw `drawing`, or if the chart is hidden, draw it when it is next painted."""
        self._drawing = drawing
        # Asking a hidden widget for its size would make Textual lose its resize event.
        hidden = not all(node.display for node in self.ancestors_with_self)
        size = Size() if hidden else self.size
        if not size.area or self._drawn is None or self._drawn[1] != size:
            self.refresh()
            return
        before = self._rows
        self._ensure(size)
        regions = [
            region
            for y, (old, new) in enumerate(zip(before, self._rows, strict=True))
            for region in _changed(old, new, y)
        ]
        if regions:
            self.refresh(*regions)

    def _ensure(self, size: Size) -> None:
        """Draw the rows for `size` unless they are up to date."""
        if self._drawn != (self._drawing, size):
            self._drawn = (self._drawing, size)
            self._rows = draw(self._drawing, size) or _empty(size)

    def render_line(self, y: int) -> Strip:
        """Row `y` in the colours of the theme."""
        size = self.size
        self._ensure(size)
        width = size.width
        base = self.rich_style
        if y >= len(self._rows):
            return Strip.blank(width, base)
        segments = [Segment(text, self._style(role)) for text, role in self._rows[y]]
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, role: Role | None) -> Style:
        return self.get_component_rich_style(f"chart--{role or 'axis'}")


def _empty(size: Size) -> list[list[Run]]:
    """Rows with a centred note that nothing has been measured yet."""
    rows: list[list[Run]] = [[] for _unused in range(size.height)]
    margin = " " * ((size.width - cell_len(EMPTY_TEXT)) // 2)
    rows[size.height // 2] = [(margin + EMPTY_TEXT, None)]
    return rows


def _changed(old: Sequence[Run], new: Sequence[Run], y: int) -> list[Region]:
    """The cells of row `y` that differ, as regions; small gaps are included."""
    if old == new:
        return []
    before = [(char, role) for text, role in old for char in text]
    after = [(char, role) for text, role in new for char in text]
    length = max(len(before), len(after))
    before += [(" ", None)] * (length - len(before))
    after += [(" ", None)] * (length - len(after))
    regions: list[Region] = []
    for x in range(length):
        if before[x] == after[x]:
            continue
        near = bool(regions) and x - regions[-1].right <= _GAP
        start = regions.pop().x if near else x
        regions.append(Region(start, y, x - start + 1, 1))
    return regions


def titled(title: str, log: bool) -> str:
    """The title of a chart, with a note if its scale is logarithmic."""
    return _("{title}, log scale").format(title=title) if log else title


class Chart(Widget):
    """A titled chart with a legend; series differ in marker and name as well as in colour.

    Hidden charts are not drawn; visible ones are redrawn when their data or their size changes.
    """

    DEFAULT_CSS = """
    Chart {
        layout: vertical;
        width: 1fr;
        height: 1fr;
    }
    Chart > Static {
        width: 1fr;
        height: auto;
        max-height: 2;
    }
    """

    def __init__(
        self,
        title: str,
        x_label: str,
        y_label: str,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title = title
        self._signs = True
        self._header = Static(self._heading(()))
        self._canvas = _Canvas(Drawing(x_label, y_label))

    def compose(self) -> ComposeResult:
        """The header with the legend, and the plot below it."""
        yield self._header
        yield self._canvas

    @property
    def drawing(self) -> Drawing:
        """What the chart shows."""
        return self._canvas.drawing

    @property
    def text(self) -> str:
        """The plot as text, without title and colours."""
        return self._canvas.text

    def set_title(self, title: str, *, signs: bool = True) -> None:
        """Change the title; without `signs` there is no legend."""
        if (title, signs) != (self._title, self._signs):
            self._title, self._signs = title, signs
            self._header.update(self._heading(self.drawing.series))

    def set_x_label(self, label: str) -> None:
        """Change the label of the horizontal axis."""
        if label != self.drawing.x_label:
            self._canvas.show(replace(self.drawing, x_label=label))

    def set_series(
        self,
        series: Sequence[Series],
        y_limits: tuple[float, float] | None = None,
        log: bool = False,
        x_limits: tuple[float, float] | None = None,
        log_x: bool = False,
    ) -> None:
        """Show `series`. Limits that are not given follow the data; `log` scales y by log10.

        `log_x` does the same to x. On a log scale, values of zero and below are left out.
        """
        old = self.drawing
        new = replace(
            old, series=tuple(series), y_limits=y_limits, log=log, x_limits=x_limits, log_x=log_x
        )
        if new == old:
            return
        self._canvas.show(new)
        heading = self._heading(new.series)
        if heading != self._heading(old.series):
            self._header.update(heading)

    def _heading(self, series: Sequence[Series]) -> Content:
        parts: list[tuple[str, str]] = [(self._title, "bold")]
        named = len(series) > 1 or any(one.role == "error" for one in series)
        for one in series if named and self._signs else ():
            parts += [("  ", ""), (one.sign, f"$text-{one.role}"), (f" {one.name}", "")]
        return Content.assemble(*parts)
