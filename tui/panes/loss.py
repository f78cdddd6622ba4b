"""The loss of every update."""

from __future__ import annotations

from textual.app import ComposeResult

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.panes.base import Pane
from tui.widgets.chart import Chart, Series, titled
from tui.widgets.series import round_up, smooth

SMOOTHING = 0.95
"""Weight of the old average at each step; roughly the last 20 steps count."""


def loss_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """The loss of every mini-batch, and its moving average."""
    curve = snapshot.losses
    if not curve.steps:
        return ()
    smoothed = tuple(smooth(curve.steps, curve.values, SMOOTHING))
    name = _("smoothed {factor:g}").format(factor=SMOOTHING)
    return (
        Series(_("batch"), curve.steps, curve.values, "muted", "·"),
        Series(name, curve.steps, smoothed, "primary", "", line=True),
    )


class LossPane(Pane):
    """A chart of the loss against the step."""

    ID = "loss"
    KEY = "1"
    TITLE = _("Loss")
    TIP = _("The training loss at every step")
    BESIDE = True

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.chart = Chart(_("loss per step"), _("step"), _("loss"))

    @property
    def label(self) -> str:
        """The name of the pane."""
        return _("loss")

    def compose(self) -> ComposeResult:
        """The chart."""
        yield self.chart

    def seen(self, snapshot: Snapshot) -> object:
        """The losses, and how many there will be."""
        return snapshot.losses, snapshot.total_steps

    def draw(self) -> None:
        """Draw the losses."""
        snapshot, limits = self.snapshot, None
        if snapshot.losses.steps:
            last = snapshot.losses.steps[-1]
            limits = (0.0, min(round_up(last), float(max(snapshot.total_steps, last))))
        self.chart.set_title(titled(_("loss per step"), self.log))
        self.chart.set_series(loss_series(snapshot), log=self.log, x_limits=limits)


PANE = LossPane
