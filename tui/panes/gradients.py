"""How long the gradient of every layer was after each epoch."""

from __future__ import annotations

from textual.app import ComposeResult

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot, layer_label
from tui.panes.base import Pane, epoch_limits
from tui.widgets.chart import Chart, Series
from tui.widgets.marks import mark


def gradient_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """One line per layer: the norm of its gradient after every epoch."""
    rows = [row for row in snapshot.measured if row.gradient_norms]
    epochs = tuple(float(row.epoch) for row in rows)
    series = []
    for index, layer in enumerate(snapshot.layers if rows else ()):
        sign, role = mark(index)
        norms = tuple(row.gradient_norms[index] for row in rows)
        series.append(Series(layer_label(layer), epochs, norms, role, sign, line=True))
    return tuple(series)


class GradientsPane(Pane):
    """A chart of the gradient norms against the epoch."""

    ID = "gradients"
    KEY = "5"
    TITLE = _("Gradients")
    TIP = _("The norm of each layer's gradient after every epoch")

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.chart = Chart(_("gradient norm"), _("epoch"), "")

    @property
    def label(self) -> str:
        return _("gradients")

    def compose(self) -> ComposeResult:
        yield self.chart

    def seen(self, snapshot: Snapshot) -> object:
        """The measurements, and how many there will be."""
        return snapshot.measured, snapshot.epochs

    @property
    def has_scale(self) -> bool:
        """The key changes the scale of this chart."""
        return True

    def draw(self) -> None:
        series = gradient_series(self.snapshot)
        title = _("gradient norm after each epoch")
        if len(series) == 1:
            title = _("gradient norm after each epoch, {layer}").format(layer=series[0].name)
        self.chart.set_title(title)
        limits = epoch_limits(self.snapshot)
        self.chart.set_series(series, swapped=self.log_scale, x_limits=limits)


PANE = GradientsPane
