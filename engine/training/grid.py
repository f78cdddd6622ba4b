"""What a sweep trains, every combination of settings with every seed, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

from engine.language import _
from engine.training.hyperparameters import SettingError
from engine.training.order import TrainingOrder
from engine.training.recipe import Recipe
from engine.training.snapshot import EpochMetrics, Setting
from engine.training.task import Source
from engine.training.trial import SEED, Trial, TrialStatus

MOST = 1000
"""Trainings in one sweep."""


def grid(
    recipe: Recipe,
    values: Mapping[str, Sequence[Setting]],
    source: Source,
    seeds: int | None = None,
) -> tuple[TrainingOrder, ...]:
    """One training for every combination of `values`, the seeds of each one after the other.

    `seeds` asks for so many seeds, counted from the one in `values` or that of the recipe. Values
    that are named twice count once. Raises SettingError.
    """
    chosen = {name: tuple(dict.fromkeys(given)) for name, given in values.items()}
    first = chosen.pop(SEED, (recipe.hyperparameter(SEED).default,))
    if seeds is not None:
        if len(first) > 1:
            raise SettingError(
                _("Give --seeds, the number of seeds, or a list of them with --seed, not both.")
            )
        if seeds < 1:
            raise SettingError(_("A sweep needs at least 1 seed, not {count}.").format(count=seeds))
    count = len(first) if seeds is None else seeds
    for given in chosen.values():
        count *= len(given)
    if count > MOST:
        text = _("That is {count} trainings, and a sweep makes at most {most}. Give fewer values.")
        raise SettingError(text.format(count=count, most=MOST))
    if seeds is not None:
        first = tuple(int(first[0]) + number for number in range(seeds))
    return tuple(
        TrainingOrder(recipe, {**dict(zip(chosen, point, strict=True)), SEED: seed}, source)
        for point in product(*chosen.values())
        for seed in first
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over several seeds."""

    mean: float
    low: float
    high: float


FIGURES: Mapping[str, Callable[[EpochMetrics], float | None]] = {
    "train_loss": lambda row: row.train_loss,
    "train_accuracy": lambda row: row.train_accuracy,
    "validation_loss": lambda row: row.validation_loss,
    "validation_accuracy": lambda row: row.validation_accuracy,
    "test_loss": lambda row: row.test_loss,
    "test_accuracy": lambda row: row.test_accuracy,
}
"""The figures of which a summary is made, by their names in JSON and CSV."""


@dataclass(frozen=True, slots=True)
class Point:
    """The trials with the same settings but for the seed."""

    settings: Mapping[str, Setting]
    """All settings without the seed."""
    trials: tuple[Trial, ...]

    def of(self, status: TrialStatus) -> tuple[Trial, ...]:
        """The trials that ended so."""
        return tuple(trial for trial in self.trials if trial.status is status)

    def seeds(self, status: TrialStatus) -> list[int]:
        """The seeds of the trials that stand at `status`, in the order of the trials."""
        return [int(trial.settings[SEED]) for trial in self.of(status)]

    def spread(self, figure: str) -> Spread | None:
        """A figure of `FIGURES` over the finished trials; None where none has it."""
        rows = [trial.last for trial in self.of(TrialStatus.FINISHED)]
        found = [FIGURES[figure](row) for row in rows if row is not None]
        return spread(value for value in found if value is not None)

    def along(self, figure: str) -> tuple[tuple[int, Spread], ...]:
        """The figure after every epoch that is known of all finished trials, with its epoch."""
        trials = self.of(TrialStatus.FINISHED)
        known = [
            {row.epoch: value for row in trial.measured
             if (value := FIGURES[figure](row)) is not None}
            for trial in trials
        ]  # fmt: skip
        common = sorted(set.intersection(*map(set, known))) if known else []
        found = ((epoch, spread(values[epoch] for values in known)) for epoch in common)
        return tuple((epoch, one) for epoch, one in found if one is not None)


def spread(values: Iterable[float]) -> Spread | None:
    """Mean, minimum and maximum; None where there is no value."""
    known = list(values)
    return Spread(fmean(known), min(known), max(known)) if known else None


def points(trials: Iterable[Trial]) -> tuple[Point, ...]:
    """The trials by their settings but for the seed, in the order in which they first come."""
    found: dict[tuple[tuple[str, Setting], ...], list[Trial]] = {}
    for trial in trials:
        found.setdefault(tuple(trial.point.items()), []).append(trial)
    return tuple(Point(dict(key), tuple(group)) for key, group in found.items())


def judge(found: Sequence[Point]) -> str:
    """The figure to choose by: on the samples held out if there are any, else on the test set."""
    held = all(point.spread("validation_loss") for point in found if point.spread("test_loss"))
    set_name = "validation" if held else "test"
    classifies = any(point.spread(f"{set_name}_accuracy") for point in found)
    return f"{set_name}_{'accuracy' if classifies else 'loss'}"


def best(found: Sequence[Point]) -> Point | None:
    """The point whose mean is best, by `judge`; None where no trial finished.

    A point of which a trial diverged is best only where that is so of all: its mean is of those
    that happened not to.
    """
    figure = judge(found)
    known = [(one.mean, point) for point in found if (one := point.spread(figure)) is not None]
    known = [pair for pair in known if not pair[1].of(TrialStatus.DIVERGED)] or known
    if not known:
        return None
    choose = max if figure.endswith("accuracy") else min
    return choose(known, key=lambda pair: pair[0])[1]
