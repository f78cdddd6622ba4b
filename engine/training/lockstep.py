"""Several versions of one model side by side: the same start, the same batches, step by step.

Two versions that compute the same thing may add their numbers in another order, and then the last
bits differ. That difference is rounding; a larger one is a mistake, and it is said where they part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.training.hyperparameters import SettingError, SettingKind
from engine.training.order import TrainingOrder, load_task
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Batch, Source, Task

if TYPE_CHECKING:
    from torch import Tensor


class Precision(StrEnum):
    """How many bits a number of the comparison has."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"

    @property
    def tolerance(self) -> float:
        """How far apart rounding may bring a parameter, as a fraction of its largest value."""
        return TOLERANCE[self]


TOLERANCE = {Precision.FLOAT64: 2.0**-30, Precision.FLOAT32: 2.0**-13}
"""9.3e-10 and 1.2e-04. The gap between 1 and the next number is 2⁻⁵² and 2⁻²³.

Rounding mostly stays within a few tens of such gaps. But where it moves a sum from one side of
ReLU's kink to the other, one sample more or less counts in a gradient: in float32 that happens
within a hundred steps, and two right versions part. In float64 it is a billion times rarer, so
comparisons are made in it, and a learning rate that is 1 % off exceeds the bound at once.
"""


class Slip(StrEnum):
    """A mistake that can be planted in one version, to see it part from the others."""

    RATE = "rate 1 % too large"
    DIVIDE_TWICE = "loss divided twice"
    SKIP = "one update left out"


class LockstepError(UserError):
    """Versions that cannot be compared, or whose numbers are no longer finite."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The parameter that differs most between the first version and one of the others."""

    version: str
    """The recipe whose parameter is compared with that of the first."""
    parameter: str
    difference: float
    """The largest absolute difference between two entries."""
    relative: float
    """The same as a fraction of the largest absolute entry of the parameter."""
    tolerance: float
    """The largest `relative` that rounding explains."""

    @property
    def is_rounding(self) -> bool:
        """Whether rounding alone explains it; False where it is not a number."""
        return self.relative <= self.tolerance


@dataclass(frozen=True, slots=True)
class LockstepStep:
    """Where all versions stand after one more update."""

    step: int
    """Updates that each version has made."""
    losses: tuple[float, ...]
    """Mean loss over the batch, before its update, a version each."""
    gap: Gap
    """The largest relative difference after the update."""
    parted: LockstepStep | None
    """The first step whose gap is more than rounding; None while they are together."""

    @property
    def is_together(self) -> bool:
        """Whether no step so far had a gap that is more than rounding."""
        return self.first_apart is None

    @property
    def first_apart(self) -> LockstepStep | None:
        """The step at which they parted, this one included."""
        return self.parted or (None if self.gap.is_rounding else self)


def verdict(versions: Sequence[str], now: LockstepStep) -> str:
    """Whether the versions are together, or where they parted: whole sentences."""
    apart = now.first_apart
    if apart is None:
        updates = "1 update" if now.step == 1 else f"{now.step} updates"
        if now.gap.difference == 0:
            return f"Together after {updates}: every parameter is the same to the last bit."
        return (
            f"Together after {updates}: the largest difference is {now.gap.difference:.1e}, in "
            f"{now.gap.parameter} of {now.gap.version}. Rounding explains it."
        )
    gap = apart.gap
    return (
        f"They part at step {apart.step}: {gap.parameter} of {gap.version} differs from that of"
        f" {versions[0]} by {gap.difference:.1e}, {gap.relative:.1e} of its largest value."
        f" Rounding explains {gap.tolerance:.1e} at most."
    )


class Lockstep:
    """Versions of one model, trained side by side on the batches of the first."""

    def __init__(
        self,
        versions: Mapping[str, Task],
        batch_size: int,
        learning_rate: float,
        precision: Precision = Precision.FLOAT64,
    ) -> None:
        """Start all of `versions`, tasks by name, from the parameters of the first.

        Raises LockstepError where there are fewer than two or they are not of one shape.
        """
        if len(versions) < 2:
            raise LockstepError("One version alone has nothing to be compared with. Name two.")
        self.versions = dict(versions)
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.precision = precision
        self.step = 0
        """Updates made."""
        self.slips: dict[str, Slip] = {}
        """Planted mistakes, by the name of the version; they act from the next step on."""
        if precision is Precision.FLOAT64:
            for task in self.versions.values():
                task.use_float64()
        (first_name, self._first), *others = self.versions.items()
        self._start = self._first.exchange()
        self._generator_state = self._first.generator.get_state()
        self._memories = {name: task.optimiser_state() for name, task in self.versions.items()}
        for name, task in others:
            try:
                task.take(self._start)
            except ValueError:
                raise LockstepError(
                    f"The parameters of {first_name} and {name} have other names or shapes, so"
                    " they cannot start from the same. Compare versions of one model."
                ) from None

    def restart(self) -> None:
        """Go back to before the first step, without slips; then `run` has to be called again."""
        for name, task in self.versions.items():
            task.take(self._start)
            task.restore_optimiser(self._memories[name])
        self._first.generator.set_state(self._generator_state)
        self.step = 0
        self.slips.clear()

    def run(self) -> Iterator[LockstepStep]:
        """One update of every version per `next()`, without end.

        Raises LockstepError where a loss or a parameter is no longer a finite number.
        """
        parted: LockstepStep | None = None
        while True:
            for batch in self._first.batches(self.batch_size):
                losses = [self._update(name, task, batch) for name, task in self.versions.items()]
                self.step += 1
                now = LockstepStep(self.step, tuple(losses), self._gap(), parted)
                self._check_finite(now)
                parted = now.first_apart
                yield now

    def _update(self, name: str, task: Task, batch: Batch) -> float:
        """One update of one version; its mean loss over the batch."""
        x, y = (self._cast(part).to(task.device) for part in batch)
        slip = self.slips.get(name)
        rate = self.learning_rate
        if slip is Slip.RATE:
            rate *= 1.01
        elif slip is Slip.DIVIDE_TWICE:
            rate /= len(y)
        elif slip is Slip.SKIP:
            rate = 0.0
            del self.slips[name]
        sums = task.update((x, y), rate)
        return float(sums.loss) / sums.samples

    def _cast(self, part: Tensor) -> Tensor:
        """Numbers in the precision of the comparison; labels stay whole numbers."""
        wide = self.precision is Precision.FLOAT64 and part.is_floating_point()
        return part.double() if wide else part

    def _gap(self) -> Gap:
        (_, first), *others = self.versions.items()
        reference = first.exchange()
        gaps = [
            _compare(name, parameter, reference[parameter], value, self.precision.tolerance)
            for name, task in others
            for parameter, value in task.exchange().items()
        ]
        return max(gaps, key=lambda gap: math.inf if math.isnan(gap.relative) else gap.relative)

    def _check_finite(self, now: LockstepStep) -> None:
        for name, loss in zip(self.versions, now.losses, strict=True):
            if not math.isfinite(loss):
                raise LockstepError(
                    f"At step {now.step} the loss of {name} is no longer a finite number: the"
                    f" learning rate {self.learning_rate:g} is too high. Choose a smaller one."
                )
        if not math.isfinite(now.gap.difference):
            raise LockstepError(
                f"At step {now.step} {now.gap.parameter} of {now.gap.version} holds a number that"
                f" is not finite: the learning rate {self.learning_rate:g} is too high. Choose a"
                " smaller one."
            )


def _compare(version: str, parameter: str, one: Tensor, other: Tensor, tolerance: float) -> Gap:
    difference = float((other.double() - one.double()).abs().max())
    largest = max(float(one.abs().max()), float(other.abs().max()))
    relative = difference / largest if largest else difference
    return Gap(version, parameter, difference, relative, tolerance)


def common_orders(
    recipes: Sequence[Recipe], given: Mapping[str, Setting], source: Source
) -> tuple[TrainingOrder, ...]:
    """An order each, of the given settings, else those of the first, else its own defaults.

    The optimizer is plain SGD unless one is given: it is what every version can do. Raises
    SettingError.
    """
    for name in given:
        if not any(name in _settings_of(recipe) for recipe in recipes):
            names = ", ".join(recipe.name for recipe in recipes)
            raise SettingError(f"None of {names} has a setting {name!r}.")
    of_first = {parameter.name: parameter.default for parameter in recipes[0].hyperparameters}
    wanted = {**of_first, "optimizer": "sgd", **given}
    return tuple(TrainingOrder(recipe, _fitting(recipe, wanted), source) for recipe in recipes)


def _settings_of(recipe: Recipe) -> set[str]:
    return {parameter.name for parameter in recipe.hyperparameters}


def _fitting(recipe: Recipe, wanted: Mapping[str, Setting]) -> dict[str, Setting]:
    """Those of `wanted` that the recipe has and, of its choices, knows."""
    chosen: dict[str, Setting] = {}
    for parameter in recipe.hyperparameters:
        value = wanted.get(parameter.name)
        unknown = parameter.kind is SettingKind.CHOICE and value not in parameter.choices
        if value is not None and not unknown:
            chosen[parameter.name] = value
    return chosen


def load_lockstep(
    orders: Sequence[TrainingOrder], precision: Precision = Precision.FLOAT64
) -> Lockstep:
    """The trainings ordered, of a recipe each, loaded and ready; this imports torch.

    All take the batch size and the learning rate of the first. Raises DataMissing and
    LockstepError.
    """
    if len({order.recipe.name for order in orders}) < len(orders):
        raise LockstepError("A recipe is named twice. Name each of them once.")
    tasks = {order.recipe.name: load_task(order) for order in orders}
    first = orders[0].settings
    return Lockstep(tasks, int(first["batch_size"]), float(first["lr"]), precision)
