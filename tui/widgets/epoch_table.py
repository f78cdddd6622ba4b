"""The measurements after every epoch, from epoch 0; only the rows in view are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from engine.language import _
from engine.training.snapshot import EpochMetrics, layer_label
from tui.background import after_refresh
from tui.widgets.drawn_text import DrawnText
from tui.widgets.numbers import measured

HEADER = 2
"""Lines of the header: groups of columns, and their names."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; neighbours of one group share the heading above their names."""

    group: str
    name: str
    of: Callable[[EpochMetrics], str]
    least: int = 6
    """Its width without the gap, unless its name is wider."""
    gap: int = 2
    """The cells between it and the next one."""
    counts: bool = False
    """Whether it holds whole numbers, whose last digits stand below each other."""

    @property
    def width(self) -> int:
        """The cells that it takes, with the gap to the next one."""
        return max(self.least, cell_len(self.name)) + self.gap


def _figure(name: str) -> Callable[[EpochMetrics], str]:
    return lambda row: measured(getattr(row, name))


def _norm(index: int) -> Callable[[EpochMetrics], str]:
    return lambda row: measured(row.gradient_norms[index]) if row.gradient_norms else measured(None)


def _seconds(row: EpochMetrics) -> str:
    return f"{row.seconds:.2f}" if row.epoch else measured(None)


def columns(rows: Sequence[EpochMetrics], layers: Sequence[str] = ()) -> tuple[Column, ...]:
    """All columns that have something to show, the more important ones first.

    First the figures of one and the same model, that after the epoch; then what was measured on the
    training samples during the epoch; then a gradient norm per layer.
    """
    after, during = _("after the epoch"), _("during the epoch")
    last = rows[-1] if rows else None
    classifies = last is None or last.test_accuracy is not None
    holds_out = last is not None and last.validation_loss is not None
    found = [Column("", _("epoch"), lambda row: str(row.epoch), 5, counts=True)]
    if classifies:
        found.append(Column(after, _("train acc"), _figure("train_accuracy")))
        if holds_out:
            found.append(Column(after, _("val acc"), _figure("validation_accuracy")))
        found.append(Column(after, _("test acc"), _figure("test_accuracy")))
    found.append(Column(after, _("train loss"), _figure("train_loss"), 9))
    if holds_out:
        found.append(Column(after, _("val loss"), _figure("validation_loss"), 9))
    found.append(Column(after, _("test loss"), _figure("test_loss"), 9))
    if classifies:
        found.append(Column(during, _("acc"), _figure("during_accuracy")))
    found.append(Column(during, _("loss"), _figure("during_loss"), 9))
    norm = _("gradient norm")
    for index, layer in enumerate(layers):
        found.append(Column(norm, f"∇ {layer_label(layer)}", _norm(index), 9))
    return _headed([*found, Column("", _("seconds"), _seconds, 7)])


def fitting(found: Sequence[Column], width: int, first: int = 0) -> tuple[Column, ...]:
    """The first column, and of the others as many from `first` on as fit, with their heading.

    They move together where all of them fit then, within each group first.
    """
    if not first:
        following = [*(column.group for column in found[1:]), None]
        grouped = [
            replace(column, gap=1) if column.group == after else column
            for column, after in zip(found, following, strict=True)
        ]
        close = [replace(column, gap=1) for column in found]
        found = next((each for each in (found, grouped, close) if _taken(each) <= width), found)
    seen, room = [found[0]], width - found[0].width
    for column in found[1 + first :]:
        heading = 0 if column.group == seen[-1].group else cell_len(column.group)
        # The gap behind the last column need not fit.
        if max(column.width - column.gap, heading) > room:
            break
        seen.append(column)
        room -= column.width
    return tuple(seen)


def _taken(found: Sequence[Column]) -> int:
    """The cells of all columns; the gap behind the last one need not fit."""
    return sum(column.width for column in found) - found[-1].gap


def _headed(found: Sequence[Column]) -> tuple[Column, ...]:
    """The columns, the last one of each group so wide that the heading fits over the group."""
    wide: list[Column] = []
    for group, members in groupby(found, key=lambda column: column.group):
        *others, last = members
        taken = sum(column.width - column.gap + 1 for column in others)
        least = max(last.least, cell_len(group) - taken)
        wide += [*others, replace(last, least=least) if group else last]
    return tuple(wide)


class EpochTable(ScrollView, DrawnText, can_focus=True):
    """One row per epoch; the latest stays in view until the learner scrolls away.

    Only rows in view are laid out. A new row is painted alone; when the view is full, it scrolls
    by half a page rather than by one row each time. No column is cut: the last ones are left out
    where they do not fit, arrows at the end of the header say so, and the arrow keys bring them.
    """

    BINDINGS = [
        Binding("left", "columns(-1)", _("Columns left"), id="epochs.left", show=False,
                tooltip=_("Show the columns further left")),
        Binding("right", "columns(1)", _("Columns right"), id="epochs.right", show=False,
                tooltip=_("Show the columns further right")),
    ]  # fmt: skip

    COMPONENT_CLASSES: ClassVar[set[str]] = {"epoch-table--header", "epoch-table--group"}

    DEFAULT_CSS = """
    EpochTable {
        height: 1fr;
        width: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
    }
    EpochTable > .epoch-table--header { text-style: bold; color: $text-accent; }
    EpochTable > .epoch-table--group { color: $text-muted; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: tuple[EpochMetrics, ...] = ()
        self._columns = columns(())
        self._layers: tuple[str, ...] = ()
        self._first = 0
        """How many columns after the first are passed over."""
        self._follows = True
        """Whether the last row stays in view."""

    @property
    def row_count(self) -> int:
        """How many rows are shown; that of epoch 0 counts too."""
        return len(self._rows)

    def get_row_at(self, index: int) -> list[str]:
        """The cells of row `index` in all columns, as shown."""
        return [column.of(self._rows[index]) for column in self._columns]

    def set_rows(self, measurements: Sequence[EpochMetrics], layers: Sequence[str] = ()) -> None:
        """Show `measurements`; `layers` names the layers whose gradient norms they include."""
        old, self._rows = self._rows, tuple(measurements)
        titles, self._layers = self._titles, tuple(layers)
        renewed = self._renew(titles)
        if self._rows == old and not renewed:
            return
        if self._page:
            self._follows = self.scroll_offset.y + self._page >= len(old)
        added = not renewed and self._rows[: len(old)] == old
        top = self._top
        self._fit()
        if self._follows and self.scroll_offset.y != top:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)
            self.refresh()
        elif not added:
            self.refresh()
        else:
            first = max(len(old) - self.scroll_offset.y, 0)
            last = min(len(self._rows) - self.scroll_offset.y, self._page)
            if first < last:
                self.refresh(Region(0, HEADER + first, self.size.width, last - first))

    @property
    def _titles(self) -> list[tuple[str, str]]:
        return [(column.group, column.name) for column in self._columns]

    def _renew(self, titles: Sequence[tuple[str, str]]) -> bool:
        """Set the columns anew; return whether their titles are others than `titles`."""
        self._columns = columns(self._rows, self._layers)
        return self._titles != titles

    @property
    def _page(self) -> int:
        """Rows in view at once, without the header."""
        return max(0, self.size.height - HEADER)

    @property
    def _top(self) -> int:
        """The first row in view while the last one is followed; it moves by half a page."""
        half = max(1, self._page // 2)
        return max(0, -(-len(self._rows) // half) * half - self._page)

    @property
    def _seen(self) -> tuple[Column, ...]:
        """The columns in view, all of them whole."""
        return fitting(self._columns, self.size.width, self._first)

    def action_columns(self, by: int) -> None:
        """Pass over a column more, or one less, unless all are in view."""
        more = self._first + len(self._seen) < len(self._columns)
        if by < 0 < self._first or (by > 0 and more):
            self._first += by
            self.refresh()

    def _fit(self) -> None:
        # Room below the last row up to half a page, so that most new rows need no scrolling.
        size = Size(self.size.width, max(len(self._rows), self._top + self._page) + HEADER)
        if size != self.virtual_size:
            self.virtual_size = size

    def on_resize(self, event: events.Resize) -> None:
        """Keep the last rows in view."""
        # More columns may fit now than before.
        self._first = 0
        self._fit()
        after_refresh(self, self._follow)

    def _follow(self) -> None:
        if self._follows:
            self.scroll_to(y=self._top, animate=False, immediate=True, force=True)

    def drawn_text(self) -> str:
        """All rows with all columns, not only those in view; tabs stand between the cells."""
        heads = [f"{column.group} {column.name}".strip() for column in self._columns]
        rows = [self.get_row_at(index) for index in range(self.row_count)]
        return "\n".join("\t".join(word.strip() for word in row) for row in [heads, *rows])

    def render_line(self, y: int) -> Strip:
        """A line of the header, or the row at line `y` of the view."""
        width, style = self.size.width, self.rich_style
        seen, index = self._seen, self.scroll_offset.y + y - HEADER
        if y == 0:
            style = self.get_component_rich_style("epoch-table--group")
            text = self._groups(seen)
        elif y == 1:
            style = self.get_component_rich_style("epoch-table--header")
            text = _line(seen, [column.name for column in seen])
        elif index < len(self._rows):
            text = _line(seen, [column.of(self._rows[index]) for column in seen])
        else:
            return Strip.blank(width, style)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _groups(self, seen: Sequence[Column]) -> str:
        """The upper line of the header: a heading over the columns of each group."""
        text, before, at = "", "", 0
        for column in seen:
            if column.group != before:
                before = column.group
                text += " " * max(at - cell_len(text), 1 if text else 0) + column.group
            at += column.width
        left, right = self._first > 0, self._first + len(seen) < len(self._columns)
        arrows = f"{'←' if left else ''}{'→' if right else ''}"
        if not arrows:
            return text
        room = self.size.width - cell_len(text) - cell_len(arrows)
        return text + " " * room + arrows if room > 0 else text


def _line(seen: Sequence[Column], words: Sequence[str]) -> str:
    """Words in their columns."""
    cells = []
    for word, column in zip(words, seen, strict=True):
        room = column.width - cell_len(word)
        before = max(room - column.gap, 0) if column.counts else 0
        cells.append(" " * before + word + " " * (room - before))
    return "".join(cells)
