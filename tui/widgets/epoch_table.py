"""The measurements of every finished epoch, drawn line by line however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from engine.training.snapshot import EpochMetrics
from tui.widgets.numbers import measured

_COLUMNS = (
    ("epoch", 6),
    ("train loss", 11),
    ("test loss", 10),
    ("train acc", 10),
    ("test acc", 9),
)
_NORM_WIDTH = 10
_SECONDS = ("seconds", 8)


def columns(layers: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Name and width of every column; a gradient norm a layer stands before the seconds."""
    norms = ((f"∇ {layer}"[: _NORM_WIDTH - 1], _NORM_WIDTH) for layer in layers)
    return (*_COLUMNS, *norms, _SECONDS)


def cells(metrics: EpochMetrics) -> tuple[str, ...]:
    """One row as it is shown; accuracies are fractions of 1."""
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
    """One row an epoch, the latest in view for as long as the learner has not scrolled away.

    Only lines in view are ever laid out. A new row is painted alone; the view moves on by half a
    page when it is full, not by a row each time.
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
        """The cells of row `index`, as they are shown."""
        return list(cells(self._rows[index]))

    def set_rows(self, measurements: Sequence[EpochMetrics], layers: Sequence[str] = ()) -> None:
        """Show `measurements`; `layers` names those whose gradient norms are among them."""
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
        """Rows that are seen at once, the header left out."""
        return max(0, self.size.height - 1)

    @property
    def _top(self) -> int:
        """The first row in view when the last one is: it moves on by half a page."""
        half = max(1, self._page // 2)
        return max(0, -(-len(self._rows) // half) * half - self._page)

    @property
    def _seen(self) -> tuple[tuple[str, int], ...]:
        """The columns that are drawn: the seconds are the first to give way."""
        width = sum(width for _, width in self._columns)
        return self._columns if width <= self.size.width else self._columns[:-1]

    def _fit(self) -> None:
        width = sum(width for _, width in self._seen)
        # Room below the last row up to the half page, so that most new rows move nothing.
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
        """The header, or the row that stands at line `y` of the view."""
        width, style = self.size.width, self.rich_style
        index = self.scroll_offset.y + y - 1
        if y == 0:
            style = self.get_component_rich_style("epoch-table--header")
            words: Sequence[str] = [name for name, _ in self._seen]
        elif index < len(self._rows):
            words = cells(self._rows[index])
        else:
            return Strip.blank(width, style)
        widths = (width for _, width in self._seen)
        text = "".join(word.ljust(room) for word, room in zip(words, widths, strict=False))
        x = self.scroll_offset.x
        return Strip([Segment(text[x : x + width], style)]).adjust_cell_length(width, style)
