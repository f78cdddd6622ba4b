"""The loss of every update."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Curve, Snapshot
from tui.panes.base import Pane
from tui.widgets.chart import Chart, Series
from tui.widgets.guess_line import guess_lines
from tui.widgets.series import round_up, smooth

SMOOTHING = 0.95
"""Weight of the old average at each step; roughly the last 20 steps count."""


def loss_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """The loss of every mini-batch, its moving average, and a mark where it was no finite number.

    Where there are more updates than columns, the first series is the mean of each column, with a
    band from the minimum to the maximum.
    """
    curve = snapshot.losses
    if not curve.steps:
        return _not_finite(curve)
    smoothed = tuple(smooth(curve.steps, curve.values, SMOOTHING))
    name = _("smoothed {factor:g}").format(factor=SMOOTHING)
    batches = Series(
        _("batch: mean, min–max"), curve.steps, curve.values, "muted", "·",
        lows=curve.lows, highs=curve.highs, counts=curve.counts,
    )  # fmt: skip
    if not curve.lows:
        batches = replace(batches, name=_("batch"))
    smooth_line = Series(name, curve.steps, smoothed, "primary", "", line=True)
    return (batches, smooth_line, *_not_finite(curve))


def _not_finite(curve: Curve) -> tuple[Series, ...]:
    """A mark at the top of the chart for every step whose loss was no finite number."""
    if not curve.not_finite:
        return ()
    known = [high for high in curve.highs or curve.values if high is not None]
    top = max(known, default=1.0)
    steps = tuple(float(step) for step, kind in curve.not_finite)
    first, kind = curve.not_finite[0]
    name = _("{kind} at step {step}").format(kind=kind, step=first)
    if len(steps) > 1:
        name = _("{kind} at step {step}, {count} such steps in all").format(
            kind=kind, step=first, count=len(steps)
        )
    return (Series(name, steps, (top,) * len(steps), "error", "✗"),)


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
        return snapshot.losses, snapshot.total_steps, snapshot.guess

    def draw(self) -> None:
        """Draw the losses."""
        snapshot, limits = self.snapshot, None
        curve = snapshot.losses
        last = max((*curve.steps[-1:], *(step for step, kind in curve.not_finite[-1:])), default=0)
        if last:
            limits = (0.0, min(round_up(last), float(max(snapshot.total_steps, last))))
        series = loss_series(snapshot)
        guessed = snapshot.guess.first_loss
        series += guess_lines(
            _("guessed first loss {value}"), guessed, limits or (0.0, 1.0), series
        )
        self.chart.set_series(series, swapped=self.log_scale, x_limits=limits)


PANE = LossPane
