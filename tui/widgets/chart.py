"""Charts in the terminal. The only file that uses plotext."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

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

    @property
    def sign(self) -> str:
        """The marker of the series in the legend."""
        return self.marker or "━"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a chart shows, apart from its size and theme."""

    x_label: str
    y_label: str
    series: tuple[Series, ...] = ()
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    log: bool = False

    def thinned(self, width: int) -> tuple[Series, ...]:
        """The series as drawn: finite, positive if `log`, and at most 2 × width points."""
        thinned = []
        for series in self.series:
            xs, ys = series.xs, series.ys
            if self.log:
                points = [(x, math.log10(y)) for x, y in zip(xs, ys, strict=True) if y > 0]
                xs, ys = tuple(x for x, y in points), tuple(y for x, y in points)
            limit = max(2, len(xs)) if series.cloud else 2 * width
            few_xs, few_ys = decimate(xs, ys, limit, self.x_limits)
            if few_xs:
                thinned.append(replace(series, xs=tuple(few_xs), ys=tuple(few_ys)))
        return tuple(thinned)


def _axes(drawing: Drawing, drawn: Sequence[Series], size: Size) -> tuple[Axis, Axis]:
    """The x and the y axis, which cover every drawn point."""
    xs = [x for series in drawn for x in (series.xs[0], series.xs[-1])]
    ys = [y for series in drawn for y in (min(series.ys), max(series.ys))]
    left, right = drawing.x_limits or (min(xs), max(xs))
    whole = all(float(x).is_integer() for x in (left, right))
    x_axis = linear_axis(left, right, max(2, size.width // 12), exact=True, whole=whole)
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
    # Lines cover bare points, and the markers of lines cover everything.
    for code, series in sorted(coded, key=lambda pair: pair[1].line):
        if series.line:
            plot.plot(list(series.xs), list(series.ys), marker=_LINE, color=code)
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
        plot.xlabel(drawing.x_label)
        plot.ylabel(drawing.y_label)
    return _runs(plot.build(), [series.role for series in drawn])


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
    snapped = []
    for value in values:
        fine = math.floor(round(0.5 + (cells * dots - 1) * (value - axis.low) / span, 8))
        snapped.append(axis.low + span * (fine // dots) / max(cells - 1, 1))
    return snapped


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
    ) -> None:
        """Show `series`. Limits that are not given follow the data; `log` scales y by log10.

        On a log scale, values of zero and below are left out.
        """
        old = self.drawing
        new = replace(old, series=tuple(series), y_limits=y_limits, log=log, x_limits=x_limits)
        if new == old:
            return
        self._canvas.show(new)
        heading = self._heading(new.series)
        if heading != self._heading(old.series):
            self._header.update(heading)

    def _heading(self, series: Sequence[Series]) -> Content:
        parts: list[tuple[str, str]] = [(self._title, "bold")]
        for one in series if len(series) > 1 and self._signs else ():
            parts += [("  ", ""), (one.sign, f"$text-{one.role}"), (f" {one.name}", "")]
        return Content.assemble(*parts)
