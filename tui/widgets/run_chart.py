"""Several runs of one recipe as series in one chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.language import _
from engine.training.grid import spread
from engine.training.recipe import Recipe
from engine.training.runs import KeptRun, run_label, seed_groups
from engine.training.snapshot import EpochMetrics, Snapshot
from tui.widgets.chart import Series
from tui.widgets.marks import mark
from tui.widgets.run_marks import RunMarks
from tui.widgets.series import smooth
from tui.widgets.spread import spread_series
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
TRAIN_ACCURACY = Measure(_("train accuracy"), lambda row: row.train_accuracy, is_loss=False)
HELD_ACCURACY = Measure(
    _("validation accuracy"), lambda row: row.validation_accuracy, is_loss=False
)
TEST_LOSS = Measure(_("test loss"), lambda row: row.test_loss)
TRAIN_LOSS = Measure(_("train loss"), lambda row: row.train_loss)
HELD_LOSS = Measure(_("validation loss"), lambda row: row.validation_loss)
STEP_LOSS = Measure(_("loss per step, smoothed"), None)


def measures(classifies: bool, holds_out: bool = False) -> tuple[Measure, ...]:
    """The measures by which runs can be compared; regression has no accuracy.

    `holds_out` says whether a run has a validation split.
    """
    held = (HELD_ACCURACY,) if holds_out else ()
    accuracies = (TEST_ACCURACY, *held, TRAIN_ACCURACY) if classifies else ()
    return (*accuracies, TRAIN_LOSS, *((HELD_LOSS,) if holds_out else ()), TEST_LOSS, STEP_LOSS)


def holds_out(rows: Sequence[EpochMetrics]) -> bool:
    """Whether the measurements include a validation split."""
    return bool(rows) and rows[-1].validation_loss is not None


def classifies(rows: Sequence[EpochMetrics]) -> bool:
    """Whether the measurements include accuracies."""
    return bool(rows) and rows[-1].test_accuracy is not None


def labels(recipe: Recipe, runs: Sequence[KeptRun], shown: Sequence[KeptRun]) -> list[str]:
    """The name of each run: its settings, and how far it got if it did not finish."""
    fixed = [_without(run, "epochs") for run in shown]
    names = []
    for run in runs:
        name = run_label(recipe, _without(run, "epochs"), fixed, run.changes)
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


def _without(run: KeptRun, *names: str) -> dict[str, int | float | str]:
    """The settings at the start, but for some, such as the epochs, which the chart shows."""
    settings = run.started_with or run.settings
    return {name: value for name, value in settings.items() if name not in names}


def is_kept(snapshot: Snapshot, runs: Sequence[KeptRun]) -> bool:
    """Whether the training that `snapshot` shows is already one of `runs`."""
    seen = (snapshot.run, snapshot.step, dict(snapshot.settings), snapshot.device)
    return not snapshot.state.is_active and any(
        (run.run if snapshot.run else "", run.step, dict(run.settings), run.device) == seen
        for run in runs
    )


def run_series(
    recipe: Recipe,
    now: Snapshot,
    shown: Sequence[KeptRun],
    measure: Measure,
    marks: RunMarks | None = None,
) -> tuple[Series, ...]:
    """One line per run, each with its own marker; the current training comes last, as `now`."""
    groups, marks = seed_groups(shown), marks or RunMarks()
    numbers = marks.numbers(groups)
    names = dict(zip((run.ended for run in shown), labels(recipe, shown, shown), strict=True))
    series = []
    for index, group in zip(numbers, groups, strict=True):
        if len(group) == 1:
            series.append(_line(names[group[0].ended], group[0], measure, index))
        else:
            series.append(_band(recipe, group, groups, measure, index))
    if now.step and not is_kept(now, shown):
        series.append(_line(_("now"), now, measure, marks.number_of_now(now, groups, numbers)))
    return tuple(one for one in series if one.xs)


def _band(
    recipe: Recipe, group: Sequence[KeptRun], among: Sequence[Sequence[KeptRun]],
    measure: Measure, index: int,
) -> Series:  # fmt: skip
    """The mean of runs that differ only in the seed, with a band from minimum to maximum."""
    lines = [_line("", run, measure, index) for run in group]
    values = [dict(zip(line.xs, line.ys, strict=True)) for line in lines]
    common = sorted(set.intersection(*map(set, values)))
    spreads = [(x, spread(of[x] for of in values)) for x in common]
    fixed = [_without(run[0], "epochs", "seed") for run in among]
    name = run_label(recipe, _without(group[0], "epochs", "seed"), fixed)
    seeds = _("{name} · {count} seeds").format(name=name, count=len(group))
    return spread_series(seeds, [(x, one) for x, one in spreads if one is not None], index)


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
