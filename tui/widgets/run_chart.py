"""Several runs of one recipe as series in one chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.runs import KeptRun, run_label
from engine.training.snapshot import EpochMetrics, Snapshot
from tui.widgets.chart import Series
from tui.widgets.marks import mark
from tui.widgets.series import smooth
from tui.widgets.training_status import STATE_NAMES

SMOOTHING = 0.95
"""As in the chart of one run."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measurement by which runs can be compared."""

    name: str
    of: Callable[[EpochMetrics], float | None] | None
    """Its value in one epoch; None for the loss of every step."""
    is_loss: bool = True


TEST_ACCURACY = Measure(_("test accuracy"), lambda row: row.test_accuracy, is_loss=False)
TEST_LOSS = Measure(_("test loss"), lambda row: row.test_loss)
TRAIN_LOSS = Measure(_("train loss"), lambda row: row.train_loss)
STEP_LOSS = Measure(_("loss per step, smoothed"), None)


def measures(classifies: bool) -> tuple[Measure, ...]:
    """The measures by which runs can be compared; regression has no accuracy."""
    losses = (TRAIN_LOSS, TEST_LOSS, STEP_LOSS)
    return (TEST_ACCURACY, *losses) if classifies else losses


def classifies(rows: Sequence[EpochMetrics]) -> bool:
    """Whether the measurements include accuracies."""
    return bool(rows) and rows[-1].test_accuracy is not None


def labels(recipe: Recipe, runs: Sequence[KeptRun], shown: Sequence[KeptRun]) -> list[str]:
    """The name of each run: its settings, and how far it got if it did not finish."""
    fixed = [_without_epochs(run) for run in shown]
    names = []
    for run in runs:
        name = run_label(recipe, _without_epochs(run), fixed, run.changes)
        if not run.is_whole:
            state = STATE_NAMES.get(run.state, run.state)
            name = _("{name} ({state} at {epoch} of {epochs})").format(
                name=name, state=state, epoch=run.epoch, epochs=run.epochs
            )
        names.append(name)
    # Two runs with one name are told apart by their numbers.
    return [
        f"{name} #{run.run.rpartition('-')[2]}" if names.count(name) > 1 else name
        for name, run in zip(names, runs, strict=True)
    ]


def _without_epochs(run: KeptRun) -> dict[str, int | float | str]:
    """The settings at the start, but for the number of epochs, which the chart shows."""
    settings = run.started_with or run.settings
    return {name: value for name, value in settings.items() if name != "epochs"}


def is_kept(snapshot: Snapshot, runs: Sequence[KeptRun]) -> bool:
    """Whether the training that `snapshot` shows is already one of `runs`."""
    seen = (snapshot.run, snapshot.step, dict(snapshot.settings), snapshot.device)
    return not snapshot.state.is_active and any(
        (run.run if snapshot.run else "", run.step, dict(run.settings), run.device) == seen
        for run in runs
    )


def run_series(
    recipe: Recipe, now: Snapshot, shown: Sequence[KeptRun], measure: Measure
) -> tuple[Series, ...]:
    """One line per run, each with its own marker; the current training comes last, as `now`."""
    series = []
    names = labels(recipe, shown, shown)
    for index, (run, name) in enumerate(zip(shown, names, strict=True)):
        series.append(_line(name, run, measure, index))
    if now.step and not is_kept(now, shown):
        series.append(_line(_("now"), now, measure, len(shown)))
    return tuple(one for one in series if one.xs)


def _line(name: str, run: KeptRun | Snapshot, measure: Measure, index: int) -> Series:
    sign, role = mark(index)
    if measure.of is None:
        steps, values = run.losses.steps, run.losses.values
        ys = tuple(smooth(steps, values, SMOOTHING)) if steps else ()
        return Series(name, tuple(map(float, steps)), ys, role, sign, line=True)
    of = measure.of
    found = [(float(row.epoch), value) for row in run.measured if (value := of(row)) is not None]
    xs, ys = tuple(x for x, y in found), tuple(y for x, y in found)
    return Series(name, xs, ys, role, sign, line=True)
