"""The best learning rate of each optimiser, by short trainings at several rates.

Importing this never imports torch.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.folders import cache_folder
from engine.replacing import replace_file
from engine.training.order import TrainingOrder
from engine.training.plain import NOT_WHOLE, number, read_plain, text, whole
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from engine.training.trial import SEED

AROUND = 2
"""Rates to either side of the first one; two of them span a factor of 10."""
MOST_RATES = 9
"""Rates for one optimiser."""
SHARE = 10
"""A trial has one epoch for so many of the recipe, and at least one."""


class RateSearch:
    """Which rate to try next: those around a first one, then on beyond the edge while that is best.

    The rates are 1, 3, 10, 30, … and 0.3, 0.1, 0.03, …, so any two runs try the same ones.
    """

    def __init__(self, first: float, minimum: float, maximum: float) -> None:
        self._first = round(2 * math.log10(first))
        self._bounds = minimum, maximum
        self._losses: dict[int, float] = {}
        """Loss by the number of the rate; infinite where the training diverged."""

    def next(self) -> float | None:
        """The next rate; None where there is no need for another one."""
        near = sorted(range(-AROUND, AROUND + 1), key=lambda far: (abs(far), far))
        for far in near:
            if self._is_new(self._first + far):
                return _rate(self._first + far)
        if len(self._losses) >= MOST_RATES or not self._losses:
            return None
        best = self._best_number
        low, high = min(self._losses), max(self._losses)
        if best is None or best == low:
            return _rate(low - 1) if self._is_new(low - 1) else None
        if best == high and self._is_new(high + 1):
            return _rate(high + 1)
        return None

    def note(self, rate: float, loss: float | None) -> None:
        """What a training at `rate` came to; None where it diverged."""
        known = math.inf if loss is None or not math.isfinite(loss) else loss
        self._losses[round(2 * math.log10(rate))] = known

    @property
    def count(self) -> int:
        """The number of rates tried."""
        return len(self._losses)

    @property
    def best(self) -> float | None:
        """The rate with the lowest loss; None where all diverged."""
        number = self._best_number
        return None if number is None else _rate(number)

    @property
    def _best_number(self) -> int | None:
        known = {number: loss for number, loss in self._losses.items() if math.isfinite(loss)}
        return min(known, key=lambda number: known[number]) if known else None

    def _is_new(self, number: int) -> bool:
        low, high = self._bounds
        return number not in self._losses and low <= _rate(number) <= high


def _rate(number: int) -> float:
    """10 to the power of half of `number`, with one digit: 1, 3, 10, 30, …"""
    return float(f"{3 if number % 2 else 1}e{number // 2}")


def trial_epochs(recipe: Recipe) -> int:
    """How many epochs a trial of `recipe` has."""
    return max(1, int(recipe.hyperparameter("epochs").default) // SHARE)


def is_outcome(ended: Snapshot) -> bool:
    """Whether a training says something of its rate: it finished, or diverged."""
    return ended.state.value == "finished" or bool(ended.losses.not_finite)


def outcome(ended: Snapshot) -> float | None:
    """The train loss at the end of a training; None where it diverged."""
    if ended.state.value != "finished" or not ended.measured:
        return None
    last = ended.measured[-1]
    return last.test_loss if last.train_loss is None else last.train_loss


@dataclass(frozen=True, slots=True)
class BestRate:
    """The best rate of one optimiser, and how it was found."""

    rate: float
    rates: int
    """How many were tried."""
    epochs: int
    """How many epochs each was trained."""


def known_rates(order: TrainingOrder, optimiser: str) -> dict[str, BestRate]:
    """The best rates of the optimisers that were found for these settings; empty where none were.

    `optimiser` is the name of the setting that chooses one.
    """
    with contextlib.suppress(OSError, *NOT_WHOLE):
        stored = _stored(order.recipe).get(_key(order, optimiser), {})
        found = {name: BestRate(**found) for name, found in stored.items()}
        for one in found.values():
            number(one.rate)
            whole(one.epochs)
        return found
    return {}


def remember_rates(order: TrainingOrder, optimiser: str, found: Mapping[str, BestRate]) -> None:
    """Keep what was found, in place of its trials; a disk that refuses is left alone."""

    def found_rates(stored: dict[str, Any]) -> None:
        stored.pop(_trials_key(order, optimiser), None)
        stored[_key(order, optimiser)] = {name: asdict(one) for name, one in found.items()}

    _store(order.recipe, found_rates)


def known_trials(order: TrainingOrder, optimiser: str) -> list[tuple[str, float, float | None]]:
    """What a search that was broken off has tried: optimiser, rate, loss; None if it diverged."""
    with contextlib.suppress(OSError, *NOT_WHOLE):
        return [
            (text(name), number(rate), None if loss is None else number(loss))
            for name, rate, loss in _stored(order.recipe)[_trials_key(order, optimiser)]
        ]
    return []


def remember_trial(
    order: TrainingOrder, optimiser: str, name: str, rate: float, loss: float | None
) -> None:
    """Keep what one training of a search came to, so that the search can go on from there."""
    tried = [*known_trials(order, optimiser), (name, rate, loss)]
    _store(order.recipe, lambda stored: stored.update({_trials_key(order, optimiser): tried}))


def _store(recipe: Recipe, change: Callable[[dict[str, Any]], None]) -> None:
    with contextlib.suppress(OSError):
        stored: dict[str, Any] = {}
        with contextlib.suppress(OSError, *NOT_WHOLE):
            stored = _stored(recipe)
        change(stored)
        replace_file(_path(recipe), json.dumps(stored, indent=1).encode())


def _stored(recipe: Recipe) -> dict[str, Any]:
    found = json.loads(read_plain(_path(recipe)))
    if not isinstance(found, dict):
        raise ValueError("no table of rates")
    return found


def _path(recipe: Recipe) -> Path:
    return cache_folder() / "rates" / f"{recipe.name}.json"


def _key(order: TrainingOrder, optimiser: str) -> str:
    """The settings that the best rate depends on, and whether the data may be the glyph set."""
    others = ("lr", "epochs", SEED, optimiser)
    settings = {name: value for name, value in order.settings.items() if name not in others}
    return json.dumps([settings, order.source.allow_synthetic], sort_keys=True)


def _trials_key(order: TrainingOrder, optimiser: str) -> str:
    """The same, and the seed: losses of several would not be comparable."""
    return f"{_key(order, optimiser)} seed {order.settings[SEED]}"
