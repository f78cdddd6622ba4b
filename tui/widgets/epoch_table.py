"""The measurements of every finished epoch; only the rows in view are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from engine.language import _
from engine.training.snapshot import EpochMetrics, layer_label
from tui.widgets.numbers import measured

_COLUMNS = (
    (_("epoch"), 6),
    (_("train loss"), 11),
    (_("test loss"), 10),
    (_("train acc"), 10),
    (_("test acc"), 9),
)
_NORM_WIDTH = 10
_SECONDS = (_("seconds"), 8)


def columns(layers: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Name and width of every column; one gradient norm per layer stands before the seconds."""
    norms = ((f"∇ {layer_label(layer)}"[: _NORM_WIDTH - 1], _NORM_WIDTH) for layer in layers)
    return (*_COLUMNS, *norms, _SECONDS)


def cells(metrics: EpochMetrics) -> tuple[str, ...]:
    """One row as shown; accuracies are fractions of 1."""
    return (
        str(metrics.epoch),
        measured(metrics.train_loss),
        measured(metrics.test_loss),
        measured(metrics.train_accuracy),
        measured(metrics.test_accuracy),
        *(measured(norm) for norm in metrics.gradient_norms),
        f"{metrics.seconds:.2f}",
    )


class EpochTable(ScrollView, can_focus=True):
    """One row per epoch; the latest stays in view until the learner scrolls away.

    Only rows in view are laid out. A new row is painted alone; when the view is full, it scrolls
    by half a page rather than by one row each time.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"epoch-table--header"}

    DEFAULT_CSS = """
    EpochTable {
        height: 1fr;
        width: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
    }
    EpochTable > .epoch-table--header { text-style: bold; color: $text-accent; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: tuple[EpochMetrics, ...] = ()
        self._columns = columns(())
        self._follows = True
        """Whether the last row stays in view."""

    @property
    def row_count(self) -> int:
        """How many epochs are shown."""
        return len(self._rows)

    def get_row_at(self, index: int) -> list[str]:
        """The cells of row `index`, as shown."""
        return list(cells(self._rows[index]))

    def set_rows(self, measurements: Sequence[EpochMetrics], layers: Sequence[str] = ()) -> None:
        """Show `measurements`; `layers` names the layers whose gradient norms they include."""
        old, self._rows = self._rows, tuple(measurements)
        named = columns(layers)
        if self._rows == old and named == self._columns:
            return
        if self._page:
            self._follows = self.scroll_offset.y + self._page >= len(old)
        added = named == self._columns and self._rows[: len(old)] == old
        self._columns = named
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
                self.refresh(Region(0, 1 + first, self.size.width, last - first))

    @property
    def _page(self) -> int:
        """Rows in view at once, without the header."""
        return max(0, self.size.height - 1)

    @property
    def _top(self) -> int:
        """The first row in view while the last one is followed; it moves by half a page."""
        half = max(1, self._page // 2)
        return max(0, -(-len(self._rows) // half) * half - self._page)

    @property
    def _seen(self) -> tuple[tuple[str, int], ...]:
        """The columns that fit: the seconds are the first to go."""
        width = sum(room for name, room in self._columns)
        return self._columns if width <= self.size.width else self._columns[:-1]

    def _fit(self) -> None:
        width = sum(room for name, room in self._seen)
        # Room below the last row up to half a page, so that most new rows need no scrolling.
        size = Size(width, max(len(self._rows), self._top + self._page) + 1)
        if size != self.virtual_size:
            self.virtual_size = size

    def on_resize(self, event: events.Resize) -> None:
        """Keep the last rows in view."""
        self._fit()
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        if self._follows:
            self.scroll_to(y=self._top, animate=False, immediate=True, force=True)

    def render_line(self, y: int) -> Strip:
        """The header, or the row at line `y` of the view."""
        width, style = self.size.width, self.rich_style
        index = self.scroll_offset.y + y - 1
        if y == 0:
            style = self.get_component_rich_style("epoch-table--header")
            words: Sequence[str] = [name for name, room in self._seen]
        elif index < len(self._rows):
            words = cells(self._rows[index])
        else:
            return Strip.blank(width, style)
        text = "".join(
            word + " " * (room - cell_len(word))
            for word, (name, room) in zip(words, self._seen, strict=False)
        )
        x = self.scroll_offset.x
        strip = Strip([Segment(text, style)]).crop(x, x + width)
        return strip.adjust_cell_length(width, style)
