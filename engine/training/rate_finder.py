"""A sweep of the learning rate over one training: which rates make the loss fall, and which do not.

Every update uses a slightly larger rate than the one before, in a geometric series, and the loss of
its mini-batch is noted. Smith (2017), "Cyclical learning rates for training neural networks",
section 3.3, calls it the range test. Importing this never imports torch.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from engine.language import _
from engine.naming import Shown
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting

if TYPE_CHECKING:
    from engine.training.task import Batch, Task

BELOW, ABOVE = 1e-4, 1e4
"""The range of the sweep as multiples of the recipe's default rate."""
PER_DECADE = 30
"""Updates while the rate grows tenfold."""
SMOOTHING = 0.8
"""Weight of the old average at each update; roughly the last 5 count."""
FIRST = 20
"""The loss at the start is the mean of so many updates; their rates are too small to matter."""
FALL = 0.05
"""A loss that falls by a smaller share of its start has not fallen."""
MOST_FALL = 0.9
"""However much the losses of single batches differ: one that has lost this share has fallen."""
IN_A_ROW = 10
"""The sweep ends when so many updates in a row are above the limit."""
HIGHEST = 2.0
"""The limit, as a multiple of the start, where the loss has not fallen."""


class Reason(StrEnum):
    """Why a rate is suggested."""

    STEEPEST = "steepest"
    TENTH = "tenth"


@dataclass(frozen=True, slots=True)
class RatePoint:
    """One update of the sweep."""

    rate: float
    loss: float
    """Mean over the samples of its mini-batch, before the update. It may be infinite or NaN."""
    smoothed: float
    """Moving average of the losses up to this one; NaN from the first loss that is not finite."""


@dataclass(frozen=True, slots=True)
class RateSweep:
    """What a sweep found."""

    low: float
    high: float
    """The range of rates that was to be tried."""
    points: tuple[RatePoint, ...]
    diverged: float | None
    """The first rate at which the loss had left its fall for good; None where it never did."""
    steepest: float | None
    """The rate at which the loss fell fastest; None where it did not fall."""
    suggested: float | None
    """A rate to train with, with two digits, within the bounds of the recipe."""
    reason: Reason | None

    @property
    def sentence(self) -> str:
        """What is suggested, and why; where nothing is, what was seen."""
        if not self.points:
            return _("No rate was tried.")
        rates = (self.low, self.points[-1].rate)
        low, high = (Shown(float(f"{rate:.2g}")) for rate in rates)
        tried = _("{low:g} to {high:g}").format(low=low, high=high)
        if self.suggested is None:
            if self.diverged is not None:
                text = _(
                    "No suggestion: the loss never fell. It rose at {rate:.2g} already; other"
                    " settings, such as the first weights, may be at fault."
                )
                return text.format(rate=Shown(self.diverged))
            return _("No suggestion: the loss did not fall at any rate from {tried}.").format(
                tried=tried
            )
        if self.reason is Reason.TENTH and self.diverged is not None and self.steepest is not None:
            text = _(
                "Try {rate:g}: a tenth of {diverged:.2g}, where the loss diverges. It falls"
                " fastest at {steepest:.2g}, which is too close to that edge."
            )
            return text.format(
                rate=Shown(self.suggested),
                diverged=Shown(self.diverged),
                steepest=Shown(self.steepest),
            )
        if self.diverged is None:
            text = _(
                "Try {rate:g}: there the loss falls fastest. It did not diverge at any rate from"
                " {tried}."
            )
            return text.format(rate=Shown(self.suggested), tried=tried)
        text = _(
            "Try {rate:g}: there the loss falls fastest. It diverges at {diverged:.2g}, more than"
            " ten times as much."
        )
        return text.format(rate=Shown(self.suggested), diverged=Shown(self.diverged))


def rate_range(recipe: Recipe) -> tuple[float, float]:
    """The rates to sweep: four decades to either side of the default, within the bounds."""
    parameter = recipe.hyperparameter("lr")
    default = float(parameter.default)
    return max(default * BELOW, parameter.minimum), min(default * ABOVE, parameter.maximum)


def rates(low: float, high: float) -> tuple[float, ...]:
    """A geometric series from `low` to `high`, `PER_DECADE` updates a decade."""
    steps = max(1, round(PER_DECADE * math.log10(high / low)))
    return tuple(low * (high / low) ** (step / steps) for step in range(steps + 1))


def find_rate(
    recipe: Recipe,
    settings: Mapping[str, Setting],
    task: Task,
    *,
    on_point: Callable[[RatePoint, int], None] = lambda _point, _count: None,
    stopping: Callable[[], bool] = lambda: False,
) -> RateSweep:
    """Sweep the rate over mini-batches of `task`, which is as it was before when this returns.

    `on_point` is called after each update, with the number of updates that there will be at most;
    `stopping` ends the sweep early. The parameters, the memory of the optimiser and the generator
    are restored, and the batches are drawn from a seed of their own: a training that follows is the
    same as without the sweep. Raises DeviceMemoryError where the device has too little memory.
    """
    import torch

    from engine.devices import memory_explained

    low, high = rate_range(recipe)
    every = rates(low, high)
    parameters = {name: value.detach().clone() for name, value in task.parameters.items()}
    optimiser, state = task.optimiser_state(), task.generator.get_state()
    watch = _Watch()
    try:
        with memory_explained():
            task.generator.manual_seed(int(settings.get("seed", 0)))
            batches = _endless(task, int(settings["batch_size"]))
            for rate in every:
                if stopping():
                    break
                sums = task.update(next(batches), rate)
                on_point(watch.add(rate, float(sums.loss) / sums.samples), len(every))
                if watch.is_over:
                    break
    finally:
        task.generator.set_state(state)
        task.restore_optimiser(optimiser)
        with torch.no_grad():
            for name, value in parameters.items():
                task.parameters[name].copy_(value)
                task.parameters[name].grad = None
    return judged(recipe, watch.points, low, high)


def _endless(task: Task, batch_size: int) -> Iterator[Batch]:
    while True:
        yield from task.batches(batch_size)


class _Watch:
    """Smooths the losses as they come, and says when the sweep is over."""

    def __init__(self) -> None:
        self.points: list[RatePoint] = []
        self._average = self._weight = 0.0

    def add(self, rate: float, loss: float) -> RatePoint:
        """Note the loss of one update."""
        self._average = SMOOTHING * self._average + (1 - SMOOTHING) * loss
        self._weight = SMOOTHING * self._weight + (1 - SMOOTHING)
        point = RatePoint(rate, loss, self._average / self._weight)
        self.points.append(point)
        return point

    @property
    def is_over(self) -> bool:
        """Whether the last losses leave no doubt that the rates are too large."""
        if not math.isfinite(self.points[-1].smoothed):
            return True
        if len(self.points) < FIRST + IN_A_ROW:
            return False
        limit = _limit(self.points)
        return all(point.smoothed > limit for point in self.points[-IN_A_ROW:])


def _start(points: Sequence[RatePoint]) -> tuple[float, float]:
    """The loss before any rate was large enough to matter, and how far it must fall to count.

    That is a share of it, and never less than twice the standard deviation of the losses of single
    batches: the moving average strays from their mean by a third of one.
    """
    first = [point.loss for point in points[:FIRST] if math.isfinite(point.loss)]
    if not first:
        return math.nan, math.nan
    start = fmean(first)
    return start, min(max(FALL * abs(start), 2 * pstdev(first)), MOST_FALL * abs(start))


def _lowest(points: Sequence[RatePoint]) -> int:
    """The index of the lowest smoothed loss; those of the start are averages of too few."""
    losses = [point.smoothed if math.isfinite(point.smoothed) else math.inf for point in points]
    known = range(min(FIRST, len(points) - 1), len(points))
    return min(known, key=lambda at: losses[at])


def _limit(points: Sequence[RatePoint]) -> float:
    """The loss above which a rate is too large.

    Where the loss has fallen, it is half way back from the lowest to the start: noise does not
    reach that far, and a network whose units have died, whose loss is no larger than at the start,
    does.
    """
    (start, fall), lowest = _start(points), points[_lowest(points)].smoothed
    return (start + lowest) / 2 if lowest < start - fall else HIGHEST * start


def judged(recipe: Recipe, points: Sequence[RatePoint], low: float, high: float) -> RateSweep:
    """What the noted losses say."""
    if not points:
        return RateSweep(low, high, (), None, None, None, None)
    diverged = _diverged(points)
    steepest = _steepest(points)
    tenth = diverged / 10 if diverged is not None else math.inf
    suggested, reason = None, None
    if steepest is not None:
        reason = Reason.STEEPEST if steepest <= tenth else Reason.TENTH
        parameter = recipe.hyperparameter("lr")
        wanted = float(f"{min(steepest, tenth):.1e}")
        suggested = min(max(wanted, parameter.minimum), parameter.maximum)
    return RateSweep(low, high, tuple(points), diverged, steepest, suggested, reason)


def _diverged(points: Sequence[RatePoint]) -> float | None:
    """The first rate of the stretch at the end in which the loss was above the limit."""
    limit, first = _limit(points), None
    for point in reversed(points):
        if point.smoothed <= limit:
            break
        first = point.rate
    return first


def _steepest(points: Sequence[RatePoint]) -> float | None:
    """The rate at which the smoothed loss falls by the largest factor, up to its lowest point.

    A factor, not a difference: a loss that falls from 500 000 to 1000 and then to 10 falls fastest
    at the end.
    """
    lowest = _lowest(points)
    start, fall = _start(points)
    if not points[lowest].smoothed < start - fall:
        return None
    half = PER_DECADE // 6

    def slope(at: int) -> float:
        """The fall over a third of a decade around `at`, for a tenfold rate."""
        before, after = points[max(0, at - half)], points[min(lowest, at + half)]
        factor = before.smoothed / max(after.smoothed, sys.float_info.min)
        return math.log(factor) / math.log(after.rate / before.rate) if factor > 0 else 0.0

    # What came before the loss left its start for good is noise.
    left = [at for at in range(lowest) if points[at].smoothed >= start]
    return points[max(range(left[-1] if left else 0, lowest), key=slope)].rate
