"""Workers that share a batch, beside one model that has the whole batch: updates, step by step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from operator import mul
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.labs.ring import Ring, summed
from engine.language import _

Array: TypeAlias = NDArray[np.float64]

MOST_WORKERS = 4
BATCHES = (8, 12, 24)
"""Samples of a whole batch, over all workers."""
EVEN, UNEVEN = 24, 21
"""Samples of the data: with the first number all batches are full, with the other not the last."""
RATE = 0.2
MOST_UPDATES = 200
NAMES = ("w1", "w2", "w3", "b")
"""The parameters of the model: three weights and a bias."""
BYTES = 8
"""Of one number; the lab computes in float64."""
_SEED = 5
_TRUE = np.array([1.5, -2.0, 0.5, 1.0])


class Mistake(StrEnum):
    """What the workers do wrong."""

    NONE = "none"
    PLAIN_MEAN = "plain-mean"
    TWICE = "twice"
    SHUFFLES = "shuffles"
    STARTS = "starts"


class Phase(StrEnum):
    """The parts of an update, in their order."""

    DEAL = "deal"
    WORK = "work"
    WEIGH = "weigh"
    RING = "ring"
    COMPARE = "compare"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the learner has chosen."""

    workers: int = 2
    batch: int = 12
    uneven: bool = False
    mistake: Mistake = Mistake.NONE

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return UNEVEN if self.uneven else EVEN


@dataclass(frozen=True, eq=False)
class Update:
    """One update: of the workers, and of the one model with the whole batch."""

    batch: tuple[int, ...]
    """The samples of the big batch."""
    shares: tuple[tuple[int, ...], ...]
    """The samples of each worker."""
    weights: Array
    """(workers, 4): the parameters of each worker before the update."""
    big_weights: Array
    """(4,): those of the one model."""
    gradients: Array
    """(workers, 4): the mean gradient of each share."""
    factors: tuple[float, ...]
    """By what each worker multiplies its gradient before the sum."""
    ring: Ring
    """How the products are added up."""
    average: Array
    """(4,): with what every worker updates."""
    big: Array
    """(4,): the gradient of the big batch."""
    losses: tuple[float, float]
    """The mean loss over all samples before the update: of the first worker, of the one model."""

    @property
    def difference(self) -> Array:
        """(4,): the average minus the gradient of the big batch."""
        return self.average - self.big

    @property
    def apart(self) -> float:
        """The distance of the first worker's parameters from those of the one model."""
        return math.dist(self.weights[0], self.big_weights)

    @property
    def spread(self) -> float:
        """The largest distance between two workers' parameters."""
        return max(math.dist(a, b) for a in self.weights for b in self.weights)


@lru_cache(maxsize=2)
def data(samples: int) -> tuple[Array, Array]:
    """Features with a column of ones, (samples, 4), and labels, (samples,)."""
    rng = np.random.default_rng(_SEED)
    X = np.hstack([rng.normal(size=(EVEN, 3)), np.ones((EVEN, 1))])
    y = _products(X, _TRUE) + 0.3 * rng.normal(size=EVEN)
    return X[:samples], y[:samples]


def gradient(w: Array, rows: tuple[int, ...], samples: int) -> Array:
    """(4,): the gradient of the mean of ½(wx − y)² over some samples."""
    X, y = data(samples)
    some = list(rows)
    return _products(X[some].T, _products(X[some], w) - y[some]) / len(some)


def loss(w: Array, samples: int) -> float:
    """The mean loss over all samples."""
    X, y = data(samples)
    return float(((_products(X, w) - y) ** 2).mean() / 2)


def _products(rows: Array, vector: Array) -> Array:
    """(n,): the products of n rows with a vector, added up in their order.

    `@` would add in an order of each processor's own, and the lab shows what rounding leaves.
    """
    return np.array([sum(map(mul, row, vector.tolist())) for row in rows.tolist()])


def _order(samples: int, epoch: int, worker: int) -> list[int]:
    """The order of an epoch; each worker may draw one of its own."""
    found: list[int] = np.random.default_rng([_SEED, epoch, worker]).permutation(samples).tolist()
    return found


def dealt(settings: Settings, update: int) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """The big batch of an update, and who gets which of its samples, one by one in turn."""
    batches = -(-settings.samples // settings.batch)
    epoch, place = divmod(update, batches)
    part = slice(place * settings.batch, (place + 1) * settings.batch)
    own = settings.mistake is Mistake.SHUFFLES
    shares = []
    for worker in range(settings.workers):
        order = _order(settings.samples, epoch, worker if own else 0)[part]
        shares.append(tuple(order[worker :: settings.workers]))
    return tuple(_order(settings.samples, epoch, 0)[part]), tuple(shares)


def _start(settings: Settings) -> Array:
    """(workers, 4): the parameters before the first update."""
    own = settings.mistake is Mistake.STARTS
    rows = [
        np.random.default_rng([_SEED, worker if own else 0]).normal(size=len(NAMES))
        for worker in range(settings.workers)
    ]
    return np.array(rows)


def _factors(settings: Settings, shares: tuple[tuple[int, ...], ...]) -> tuple[float, ...]:
    """What makes a mean out of the sum over the workers, or what a mistake makes of it."""
    if settings.mistake is Mistake.PLAIN_MEAN:
        return (1 / len(shares),) * len(shares)
    count = sum(map(len, shares))
    again = len(shares) if settings.mistake is Mistake.TWICE else 1
    return tuple(len(share) / count / again for share in shares)


def _made(settings: Settings, update: int, weights: Array, big_weights: Array) -> Update:
    samples = settings.samples
    batch, shares = dealt(settings, update)
    gradients = np.array([gradient(w, r, samples) for w, r in zip(weights, shares, strict=True)])
    factors = _factors(settings, shares)
    ring = summed(gradients * np.array(factors)[:, None])
    losses = loss(weights[0], samples), loss(big_weights, samples)
    big = gradient(big_weights, batch, samples)
    return Update(batch, shares, weights, big_weights, gradients, factors, ring,
                  ring.states[-1][0], big, losses)  # fmt: skip


@lru_cache(maxsize=16)
def _made_so_far(settings: Settings) -> list[Update]:
    start = _start(settings)
    return [_made(settings, 0, start, start[0])]


def update_of(settings: Settings, number: int) -> Update:
    """The update with this number, from 0; those before it are made first."""
    made = _made_so_far(settings)
    while len(made) <= number:
        last = made[-1]
        moved = last.weights - RATE * last.average
        made.append(_made(settings, len(made), moved, last.big_weights - RATE * last.big))
    return made[number]


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the learner is: the settings, the update, and the step of it."""

    settings: Settings = Settings()
    number: int = 0
    """Updates made so far."""
    place: int = 0
    """The step of the update that is shown."""

    @property
    def steps(self) -> tuple[tuple[Phase, int], ...]:
        """The steps of an update: each phase, with the worker or the turn of the ring."""
        workers = self.settings.workers
        return (
            (Phase.DEAL, 0),
            *((Phase.WORK, worker) for worker in range(workers)),
            (Phase.WEIGH, 0),
            *((Phase.RING, turn) for turn in range(2 * (workers - 1))),
            (Phase.COMPARE, 0),
            (Phase.UPDATE, 0),
        )

    @property
    def phase(self) -> Phase:
        """The phase that is shown."""
        return self.steps[self.place][0]

    @property
    def which(self) -> int:
        """The worker, or the turn of the ring."""
        return self.steps[self.place][1]

    @property
    def update(self) -> Update:
        """The update that is shown."""
        return update_of(self.settings, self.number)

    def reached(self, phase: Phase) -> bool:
        """Whether the shown step is in this phase or after it."""
        order = list(Phase)
        return order.index(self.phase) >= order.index(phase)

    @property
    def can_go_on(self) -> bool:
        """Whether there is a step after this one."""
        return self.place < len(self.steps) - 1 or self.number < MOST_UPDATES

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step before this one."""
        return self.place > 0 or self.number > 0

    def forward(self) -> Moment:
        """The next step; after the last one the next update begins."""
        if self.place < len(self.steps) - 1:
            return replace(self, place=self.place + 1)
        return self.on(1)

    def back(self) -> Moment:
        """The step before; before the first one stands the end of the update before."""
        if self.place:
            return replace(self, place=self.place - 1)
        if self.number:
            return replace(self, number=self.number - 1, place=len(self.steps) - 1)
        return self

    def on(self, updates: int) -> Moment:
        """Some updates later, at their start."""
        return replace(self, number=min(MOST_UPDATES, self.number + updates), place=0)

    def with_settings(self, settings: Settings) -> Moment:
        """Other settings, from the start."""
        return Moment(settings)


def read_settings(options: dict[str, str]) -> Settings:
    """The settings that a fence asks for. Raises UserError with what may be asked for."""
    found = Settings()
    for key, allowed in (
        ("workers", tuple(str(n) for n in range(1, MOST_WORKERS + 1))),
        ("batch", tuple(map(str, BATCHES))),
        ("last", ("even", "uneven")),
        ("mistake", tuple(Mistake)),
    ):
        if key in options and options[key] not in allowed:
            raise UserError(
                _("The lab has no {key} {value}. Choose one of {names}.").format(
                    key=key, value=repr(options[key]), names=", ".join(allowed)
                )
            )
    if "workers" in options:
        found = replace(found, workers=int(options["workers"]))
    if "batch" in options:
        found = replace(found, batch=int(options["batch"]))
    if "last" in options:
        found = replace(found, uneven=options["last"] == "uneven")
    if "mistake" in options:
        found = replace(found, mistake=Mistake(options["mistake"]))
    return found
