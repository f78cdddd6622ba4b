"""The chart of the terminal screens: a title, a legend, and the plot below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from engine.language import _
from tui.key_names import keyed
from tui.widgets.chart_draw import Picture, Run, draw, picture
from tui.widgets.chart_series import ROLES, Drawing, Role, Series, wide
from tui.widgets.clickable import KeyLine, lit
from tui.widgets.drawn_text import DrawnText

__all__ = ["EMPTY_TEXT", "ROLES", "Chart", "Drawing", "Role", "Series", "draw", "titled"]

EMPTY_TEXT = _("no measurements yet")
_GAP = 6
"""Up to this many unchanged cells cost less to repaint than to skip with the cursor."""


class _Canvas(DrawnText):
    """The plot itself: keeps its drawn rows and repaints only what has changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chart--axis",
        "chart--grid",
        *(f"chart--{role}" for role in ROLES),
        *(f"chart--{role}-band" for role in ROLES),
    }

    DEFAULT_CSS = """
    _Canvas {
        width: 1fr;
        height: 1fr;
    }
    _Canvas > .chart--axis { color: $text-muted; }
    _Canvas > .chart--grid { color: $rule; }
    _Canvas > .chart--primary { color: $series-primary; }
    _Canvas > .chart--accent { color: $series-accent; }
    _Canvas > .chart--success { color: $series-success; }
    _Canvas > .chart--warning { color: $series-warning; }
    _Canvas > .chart--error { color: $series-error; }
    _Canvas > .chart--muted { color: $series-muted; }
    _Canvas > .chart--primary-band { color: $series-primary; text-style: dim; }
    _Canvas > .chart--accent-band { color: $series-accent; text-style: dim; }
    _Canvas > .chart--success-band { color: $series-success; text-style: dim; }
    _Canvas > .chart--warning-band { color: $series-warning; text-style: dim; }
    _Canvas > .chart--error-band { color: $series-error; text-style: dim; }
    _Canvas > .chart--muted-band { color: $series-muted; text-style: dim; }
    _Canvas:nocolor > .chart--grid { text-style: dim; }
    """

    class Named(Message):
        """Other series than before have their names at their ends."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._drawn: tuple[Drawing, Size] | None = None
        self._picture = Picture()

    @property
    def _rows(self) -> list[list[Run]]:
        return self._picture.rows

    @property
    def named(self) -> frozenset[str]:
        """The series whose names stand at their ends, as last drawn."""
        return self._picture.named

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
            named = self.named
            self._picture = picture(self._drawing, size)
            if not self._picture.rows:
                self._picture = Picture(_empty(size))
            if self.named != named:
                self.post_message(self.Named())

    def render_line(self, y: int) -> Strip:
        """Row `y` in the colours of the theme."""
        size = self.size
        self._ensure(size)
        width = size.width
        if y >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[y]
        styles = {role: self._style(role) for role in {role for _text, role in row}}
        strip = Strip([Segment(text, styles[role]) for text, role in row])
        if strip.cell_length == width:
            return strip  # the style of the widget takes longer to work out than the row
        return strip.adjust_cell_length(width, self.rich_style)

    def _style(self, role: str | None) -> Style:
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


def _rows(heading: Content, width: int) -> int:
    """About how many rows a heading takes."""
    return sum(max(1, -(-cell_len(line) // width)) for line in heading.plain.split("\n"))


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
        self._hint = ""
        self._signs = True
        self._follows = False
        self._header = KeyLine(title)
        self._canvas = _Canvas(Drawing(x_label, y_label, named=True))
        self._headed = self._heading()
        self._header.update(self._headed)

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

    def set_title(self, title: str, *, signs: bool = True, hint: str = "") -> None:
        """Change the title; without `signs` there is no legend. The `hint`, which names keys by
        marks, stands after both.
        """
        if (title, signs, hint) != (self._title, self._signs, self._hint):
            self._title, self._signs, self._hint = title, signs, hint
            if signs != self.drawing.has_legend:
                self._canvas.show(replace(self.drawing, has_legend=signs))
            self._head()

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
        swapped: bool | None = None,
    ) -> None:
        """Show `series`. Limits that are not given follow the data; `log` scales y by log10.

        `log_x` does the same to x. On a log scale, values of zero and below are left out. Where
        `swapped` is given, the data choose the scale of y: log10 where positive values span more
        than three decades; `swapped` takes the other one, and the title says which it is.
        """
        old = self.drawing
        follows = swapped is not None
        if follows:
            log = wide(series) is not swapped
        new = replace(
            old, series=tuple(series), y_limits=y_limits, log=log, x_limits=x_limits, log_x=log_x
        )
        if (new, follows) == (old, self._follows):
            return
        self._follows = follows
        self._canvas.show(new)
        self._head()

    def on_resize(self) -> None:
        """The legend is broken where the new width needs it."""
        self._head()

    @on(_Canvas.Named)
    def _names_moved(self) -> None:
        """Name in the legend what has no room for its name at its end."""
        self._head()

    def _head(self) -> None:
        heading, before = self._heading(), self._headed
        if heading != before:
            self._headed = heading
            width = self.size.width
            rows = [_rows(one, width) for one in (before, heading)] if width else [0, 1]
            shown = heading.plain.removesuffix(keyed(self._hint))
            keys = shown + self._hint if self._hint else ""
            self._header.tell(heading, keys=keys, layout=rows[0] != rows[1])

    def _heading(self) -> Content:
        series = self.drawing.series
        title = titled(self._title, log=self._follows and self.drawing.log)
        parts: list[tuple[str, str]] = [(title, "bold")]
        named = len(series) > 1 or any(one.role == "error" for one in series)
        for one in series if named and self._signs else ():
            if one.name in self._canvas.named or not one.listed:
                continue
            taken = cell_len(f"  {one.sign} {one.name}")
            # A sign and its name stay on one line.
            used = cell_len("".join(text for text, _style in parts).rpartition("\n")[2])
            apart = "\n" if 0 < self.size.width < used + taken else "  "
            parts += [(apart, ""), (one.sign, f"$series-{one.role}"), (f" {one.name}", "")]
        hint = ("  ", lit(self._hint)) if self._hint else ()
        return Content.assemble(*parts, *hint)
