"""The measurements of every finished epoch."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import DataTable

from engine.training.snapshot import EpochMetrics
from tui.widgets.numbers import measured

_COLUMNS = (
    ("epoch", 6),
    ("train loss", 11),
    ("test loss", 10),
    ("train acc", 10),
    ("test acc", 9),
    ("seconds", 8),
)


def cells(metrics: EpochMetrics) -> tuple[str, ...]:
    """One row as it is shown; accuracies are fractions of 1."""
    return (
        str(metrics.epoch),
        measured(metrics.train_loss),
        measured(metrics.test_loss),
        measured(metrics.train_accuracy),
        measured(metrics.test_accuracy),
        f"{metrics.seconds:.2f}",
    )


class EpochTable(DataTable[str]):
    """One row an epoch, the latest in view."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, cursor_type="none", cell_padding=0)
        self._shown: tuple[EpochMetrics, ...] = ()

    def on_mount(self) -> None:
        """Set up the columns."""
        for name, width in _COLUMNS:
            self.add_column(name, width=width)

    def set_rows(self, measurements: Sequence[EpochMetrics]) -> None:
        """Show `measurements`; rows are added where the old ones still stand."""
        new = tuple(measurements)
        if new == self._shown:
            return
        if new[: len(self._shown)] != self._shown:
            self.clear()
            self._shown = ()
        self.add_rows(cells(metrics) for metrics in new[len(self._shown) :])
        self._shown = new
        self.scroll_end(animate=False)
