"""How far one update moves the weights of every layer, beside the size of those weights."""

from __future__ import annotations

from textual.app import ComposeResult

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot, layer_label
from tui.panes.base import Pane, epoch_limits
from tui.widgets.chart import Chart, Series
from tui.widgets.marks import mark

RULE = 1e-3
"""The rule of thumb: one update changes the weights by about a thousandth."""


def update_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """One line per layer, and the rule of thumb; nothing before the first update."""
    looks = snapshot.insights.measured
    series = []
    for index, layer in enumerate(snapshot.layers):
        found = [
            (look.epochs, ratio)
            for look in looks
            if (ratio := look.layers[index].update_ratio) is not None
        ]
        if found:
            sign, role = mark(index)
            xs, ys = zip(*found, strict=True)
            series.append(Series(layer_label(layer), xs, ys, role, sign, line=True))
    if not series:
        return ()
    limits = epoch_limits(snapshot) or (0.0, 1.0)
    name = _("rule of thumb: 0.001")
    return (Series(name, limits, (RULE, RULE), "muted", "", line=True), *series)


class UpdatesPane(Pane):
    """A chart of the ratios against the epoch, on a log10 scale."""

    ID = "updates"
    KEY = "7"
    TITLE = _("Updates")
    TIP = _("The length of an update divided by that of the weights, for each layer")

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.chart = Chart(_("update ÷ weight"), _("epoch"), "")

    @property
    def label(self) -> str:
        return _("updates")

    def compose(self) -> ComposeResult:
        yield self.chart

    def seen(self, snapshot: Snapshot) -> object:
        """What was measured inside the model, and how many epochs there will be."""
        return snapshot.insights.measured, snapshot.measured[-1:], snapshot.epochs

    def draw(self) -> None:
        self.chart.set_title(_("update ÷ weight, log scale"))
        series, limits = update_series(self.snapshot), epoch_limits(self.snapshot)
        self.chart.set_series(series, log=True, x_limits=limits)


PANE = UpdatesPane
