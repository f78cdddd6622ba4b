"""Several versions of one model side by side: the same start, the same batches, step by step.

Two versions that compute the same thing may add their numbers in a different order, and then the
last bits differ. That difference is rounding; a larger one is a mistake, and the step at which the
versions part is reported.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from engine.naming import Shown
from engine.training.hyperparameters import SettingError, SettingKind
from engine.training.order import TrainingOrder, load_task
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Batch, Source, Task

if TYPE_CHECKING:
    from torch import Tensor


class Precision(StrEnum):
    """The precision of the numbers that are compared."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"

    @property
    def tolerance(self) -> float:
        """The largest difference that rounding explains, as a fraction of the largest value."""
        return TOLERANCE[self]


TOLERANCE = {Precision.FLOAT64: 2.0**-30, Precision.FLOAT32: 2.0**-13}
"""9.3e-10 and 1.2e-04. The gap between 1 and the next number is 2⁻⁵² and 2⁻²³.

Rounding mostly stays within a few tens of such gaps. But where it moves a sum from one side of
ReLU's kink to the other, a gradient gains or loses the share of one sample: in float32 that happens
within a hundred steps, and two correct versions part. In float64 the gaps are 2²⁹ times smaller,
and so it is much rarer. That is why versions are compared in float64. A learning rate that is 1 %
off exceeds the bound at once.
"""


class Slip(StrEnum):
    """A mistake that can be put into one version, to see it part from the others."""

    RATE = "rate 1 % too large"
    DIVIDE_TWICE = "loss divided twice"
    SKIP = "one update left out"


class LockstepError(UserError):
    """Versions cannot be compared, or their numbers are no longer finite."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The parameter that differs most between the first version and any of the others."""

    version: str
    """The recipe whose parameter is compared with that of the first."""
    parameter: str
    difference: float
    """The largest absolute difference between two entries."""
    relative: float
    """The difference as a fraction of the largest absolute entry of the parameter."""
    tolerance: float
    """The largest `relative` that rounding explains."""

    @property
    def is_rounding(self) -> bool:
        """Whether rounding alone explains it; False where it is NaN."""
        return self.relative <= self.tolerance


@dataclass(frozen=True, slots=True)
class LockstepStep:
    """The state of all versions after one more update."""

    step: int
    """The number of updates that each version has made."""
    losses: tuple[float, ...]
    """Mean loss over the batch before its update, one per version."""
    gap: Gap
    """The largest relative difference after the update."""
    parted: LockstepStep | None
    """The first step whose gap is more than rounding; None while there is none."""

    @property
    def is_together(self) -> bool:
        """Whether no step so far had a gap that is more than rounding."""
        return self.first_apart is None

    @property
    def first_apart(self) -> LockstepStep | None:
        """The first step whose gap is more than rounding, which may be this one."""
        return self.parted or (None if self.gap.is_rounding else self)


def verdict(versions: Sequence[str], now: LockstepStep) -> str:
    """Whether the versions are together, or where they parted: whole sentences."""
    apart = now.first_apart
    if apart is None:
        updates = plural("{count} update", "{count} updates", now.step)
        if now.gap.difference == 0:
            return _(
                "Together after {updates}: every parameter is the same to the last bit."
            ).format(updates=updates)
        return _(
            "Together after {updates}: the largest difference is {difference:.1e}, in {parameter}"
            " of {version}. Rounding explains it."
        ).format(
            updates=updates,
            difference=Shown(now.gap.difference),
            parameter=now.gap.parameter,
            version=now.gap.version,
        )
    gap = apart.gap
    return _(
        "They part at step {step}: {parameter} of {version} differs from that of {first} by"
        " {difference:.1e}, which is {relative:.1e} of its largest value. Rounding explains at most"
        " {tolerance:.1e}."
    ).format(
        step=apart.step,
        parameter=gap.parameter,
        version=gap.version,
        first=versions[0],
        difference=Shown(gap.difference),
        relative=Shown(gap.relative),
        tolerance=Shown(gap.tolerance),
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

        Raises LockstepError where there are fewer than two, or their parameters do not fit.
        """
        if len(versions) < 2:
            raise LockstepError(_("A comparison needs at least two versions. Name another one."))
        self.versions = dict(versions)
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.precision = precision
        self.usual_rate = math.inf
        """The first recipe's own learning rate, for the advice after a divergence."""
        self.step = 0
        """The number of updates made."""
        self.slips: dict[str, Slip] = {}
        """Mistakes by the name of the version; they take effect from the next step on."""
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
                    _(
                        "The parameters of {first} and {other} have different names or shapes, so"
                        " they cannot start from the same numbers. Compare versions of one model."
                    ).format(first=first_name, other=name)
                ) from None

    def restart(self) -> None:
        """Go back to the start, without slips; `run` must be called again afterwards."""
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
            for batches in self.batches():
                losses = [
                    self._update(name, task, batch)
                    for (name, task), batch in zip(self.versions.items(), batches, strict=True)
                ]
                self.step += 1
                now = LockstepStep(self.step, tuple(losses), self._gap(), parted)
                self.check_finite(now)
                parted = now.first_apart
                yield now

    def batches(self) -> Iterator[tuple[Batch, ...]]:
        """One epoch of batches, one per version: the same for all, those of the first."""
        for batch in self._first.batches(self.batch_size):
            yield (batch,) * len(self.versions)

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
        reference = self._first.exchange()
        others = list(self.versions.items())[1:]
        gaps = [
            _compare(name, parameter, reference[parameter], value, self.precision.tolerance)
            for name, task in others
            for parameter, value in task.exchange().items()
        ]
        return max(gaps, key=lambda gap: math.inf if math.isnan(gap.relative) else gap.relative)

    def check_finite(self, now: LockstepStep) -> None:
        """Raises LockstepError where a loss or a parameter is no longer a finite number."""
        for name, loss in zip(self.versions, now.losses, strict=True):
            if not math.isfinite(loss):
                raise LockstepError(
                    _(
                        "At step {step} the loss of {name} is no longer a finite number: the"
                        " learning rate {rate:g} is too high. Choose a smaller one,"
                        " such as {smaller:g}."
                    ).format(
                        step=now.step,
                        name=name,
                        rate=Shown(self.learning_rate),
                        smaller=Shown(self._smaller_rate()),
                    )
                )
        if not math.isfinite(now.gap.difference):
            raise LockstepError(
                _(
                    "At step {step} a number in {parameter} of {version} is no longer finite: the"
                    " learning rate {rate:g} is too high. Choose a smaller one,"
                    " such as {smaller:g}."
                ).format(
                    step=now.step,
                    parameter=now.gap.parameter,
                    version=now.gap.version,
                    rate=Shown(self.learning_rate),
                    smaller=Shown(self._smaller_rate()),
                )
            )

    def _smaller_rate(self) -> float:
        """The recipe's own rate where that is smaller than the one in use, else a tenth of it."""
        usual = self.usual_rate
        return usual if usual < self.learning_rate else self.learning_rate / 10


def _compare(version: str, parameter: str, one: Tensor, other: Tensor, tolerance: float) -> Gap:
    difference = float((other.double() - one.double()).abs().max())
    largest = max(float(one.abs().max()), float(other.abs().max()))
    relative = difference / largest if largest else difference
    return Gap(version, parameter, difference, relative, tolerance)


def common_orders(
    recipes: Sequence[Recipe], given: Mapping[str, Setting], source: Source
) -> tuple[TrainingOrder, ...]:
    """One order per recipe: the given settings, else those of the first, else its own defaults.

    The optimiser is plain SGD unless one is given, because every version has it. Raises
    SettingError.
    """
    for name in given:
        if not any(name in _settings_of(recipe) for recipe in recipes):
            names = ", ".join(recipe.name for recipe in recipes)
            text = _("None of the recipes {recipes} has a setting {name!r}.")
            raise SettingError(text.format(recipes=names, name=name))
    of_first = {parameter.name: parameter.default for parameter in recipes[0].hyperparameters}
    wanted = {**of_first, "optimizer": "sgd", **given}
    return tuple(TrainingOrder(recipe, _fitting(recipe, wanted), source) for recipe in recipes)


def _settings_of(recipe: Recipe) -> set[str]:
    return {parameter.name for parameter in recipe.hyperparameters}


def _fitting(recipe: Recipe, wanted: Mapping[str, Setting]) -> dict[str, Setting]:
    """Those of `wanted` that the recipe has; a choice only where the recipe offers it."""
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
    """The ordered trainings, one per recipe, loaded and ready; this imports torch.

    All use the batch size and the learning rate of the first. Raises DataMissing and
    LockstepError.
    """
    if len({order.recipe.name for order in orders}) < len(orders):
        raise LockstepError(_("A recipe is named twice. Name each recipe once."))
    tasks = {order.recipe.name: load_task(order) for order in orders}
    first = orders[0].settings
    lockstep = Lockstep(tasks, int(first["batch_size"]), float(first["lr"]), precision)
    lockstep.usual_rate = orders[0].usual_rate
    return lockstep
