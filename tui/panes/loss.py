"""The loss of every update."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult

from engine.language import _
from engine.naming import Shown
from engine.training.recipe import Recipe
from engine.training.snapshot import Curve, Snapshot
from tui.panes.base import Pane
from tui.widgets.chart import Chart, Series
from tui.widgets.guess_line import guess_lines
from tui.widgets.series import round_up, smooth

SMOOTHING = 0.95
"""Weight of the old average at each step; roughly the last 20 steps count."""

MOST_CHANGES = 3
"""Changes of the learning rate that the legend names."""


def loss_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """The loss of every mini-batch, its moving average, and marks: where the learning rate was
    changed, and where the loss was no finite number.

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
    return (batches, smooth_line, *_changes(snapshot, smoothed), *_not_finite(curve))


def _changes(snapshot: Snapshot, smoothed: Sequence[float]) -> tuple[Series, ...]:
    """A mark on the moving average at every change of the learning rate: `lr 0.5→0.05 @940`."""
    changes = [change for change in snapshot.changes if change.setting == "lr"]
    if not changes:
        return ()
    known = snapshot.losses.steps
    heights = [smoothed[min(bisect_left(known, one.step), len(known) - 1)] for one in changes]
    # What led there may be long; the current rate is what matters while it trains.
    texts = [f"→{Shown(one.value):g} @{one.step}" for one in changes]
    if len(texts) > MOST_CHANGES:
        texts = ["→…", *texts[-MOST_CHANGES + 1 :]]
    began = float(snapshot.started_with.get("lr", snapshot.settings["lr"]))
    name = f"lr {Shown(began):g}{''.join(texts)}"
    steps = tuple(float(one.step) for one in changes)
    return (Series(name, steps, tuple(heights), "accent", "◆"),)


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
        self.chart = Chart(_("loss per step"), _("step"), "")

    @property
    def label(self) -> str:
        return _("loss")

    def compose(self) -> ComposeResult:
        yield self.chart

    def seen(self, snapshot: Snapshot) -> object:
        """The losses, how many there will be, and what was changed."""
        return snapshot.losses, snapshot.total_steps, snapshot.guess, snapshot.changes

    @property
    def has_scale(self) -> bool:
        """The key changes the scale of this chart."""
        return True

    def draw(self) -> None:
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
