"""Descent on the loss surface of two weights: the surface and five optimisers, step by step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.labs.fields import read_numbers
from engine.language import _

Array: TypeAlias = npt.NDArray[np.float64]
Pair: TypeAlias = tuple[float, float]
Places: TypeAlias = npt.NDArray[np.int64]
"""Indices of samples."""

SAMPLES = 64
TRUE_W: Pair = (2.0, 3.4)
NOISE = 0.5
W1_LIMITS, W2_LIMITS = (-3.0, 7.0), (-2.0, 8.0)
"""The part of the surface that is drawn; a path may leave it, a start may not."""
LARGEST_RATE = 100.0
MOST_STEPS = 500
"""The length of a path, in steps; longer ones show nothing new."""
DIVERGED = 1e6
"""A run counts as diverged if its loss is this many times the loss at the start."""
MOMENTUM, DECAY, FIRST, SECOND, EPSILON = 0.9, 0.99, 0.9, 0.999, 1e-8
"""μ of momentum; α of RMSProp; β₁ and β₂ of Adam; ε of both: PyTorch's defaults, except μ."""


@dataclass(frozen=True, eq=False)
class Surface:
    """L(w) = 1/(2n) ‖Xw − y‖² over w = (w₁, w₂)."""

    X: Array
    """(n, 2)."""
    y: Array
    """(n,)."""

    def loss(self, w1: Array | float, w2: Array | float) -> Array:
        """L at one point or many, any shape, as a quadratic form.

        L = L* + ½ (w − w*)ᵀ H (w − w*), which is exact for a squared loss.
        """
        H, (a, b) = self.hessian, self.lowest
        u, v = np.asarray(w1) - a, np.asarray(w2) - b
        rise = 0.5 * (H[0, 0] * u * u + 2 * H[0, 1] * u * v + H[1, 1] * v * v)
        return np.asarray(self.least + rise)

    def mean_loss(self, w: Pair) -> float:
        """1/(2n) Σ (x·w − y)², computed from the samples."""
        with np.errstate(over="ignore", invalid="ignore"):
            return float(((self.X @ np.array(w) - self.y) ** 2).mean() / 2)

    def gradient(self, w: Pair, rows: Places) -> Pair:
        """The mean of (x·w − y) x over the samples `rows`: a sum divided by the batch size."""
        X, y = self.X[rows], self.y[rows]
        with np.errstate(over="ignore", invalid="ignore"):
            g1, g2 = X.T @ (X @ np.array(w) - y) / len(y)
        return float(g1), float(g2)

    @cached_property
    def hessian(self) -> Array:
        """H = XᵀX / n, (2, 2)."""
        return np.asarray(self.X.T @ self.X / len(self.y))

    @cached_property
    def lowest(self) -> Pair:
        """w*, where the gradient over all samples is 0."""
        w1, w2 = np.linalg.solve(self.hessian, self.X.T @ self.y / len(self.y))
        return float(w1), float(w2)

    @cached_property
    def least(self) -> float:
        """L(w*)."""
        return self.mean_loss(self.lowest)

    @cached_property
    def largest_rate(self) -> float:
        """2/λ, λ being the larger eigenvalue of H: above it, gradient descent diverges."""
        return float(2 / np.linalg.eigvalsh(self.hessian)[-1])


@cache
def surface() -> Surface:
    """The samples of the lab, always the same: y = Xw + noise.

    The second feature has half the standard deviation of the first, so that the valley is longer
    than it is wide.
    """
    rng = np.random.default_rng(7)
    X = rng.normal(size=(SAMPLES, 2)) * np.array([1.0, 0.5])
    return Surface(X, X @ np.array(TRUE_W) + NOISE * rng.normal(size=SAMPLES))


def batch(size: int, step: int, seed: int = 0) -> Places:
    """The samples of mini-batch `step`, counted from 0.

    Each epoch is reshuffled and split into batches of `size`; the last one may be smaller.
    """
    per_epoch = -(-SAMPLES // size)
    epoch, place = divmod(step, per_epoch)
    order = np.random.default_rng([seed, epoch]).permutation(SAMPLES)
    return np.asarray(order[place * size : (place + 1) * size], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Optimiser:
    """A rule that turns a gradient into a step."""

    name: str
    title: str
    letter: str
    """The letter that marks its path."""
    rate: float
    """The learning rate at the start."""
    settings: str
    """Its fixed settings, for the screen."""
    batches: bool = True
    """Whether it uses mini-batches rather than all samples."""


OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType(
    {
        one.name: one
        for one in (
            Optimiser("gd", "GD", "G", 0.5, _("all samples"), batches=False),
            Optimiser("sgd", _("mini-batch SGD"), "S", 0.5, _("no memory")),
            Optimiser("momentum", _("momentum"), "M", 0.1, f"μ {MOMENTUM}"),
            Optimiser("rmsprop", "RMSProp", "R", 0.1, f"α {DECAY}"),
            Optimiser("adam", "Adam", "A", 0.3, f"β {FIRST}, {SECOND}"),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What an optimiser keeps between steps, with one number per weight."""

    first: Pair = (0.0, 0.0)
    """Velocity of momentum, or mean gradient of Adam."""
    second: Pair = (0.0, 0.0)
    """Mean squared gradient of RMSProp and Adam."""


@dataclass(frozen=True, slots=True)
class Place:
    """One point of a path."""

    w: Pair
    loss: float
    """Over all samples."""
    gradient: Pair
    """The gradient of the batch that led here; (0, 0) at the start."""
    memory: Memory = Memory()


def advance(name: str, memory: Memory, g: float, rate: float, index: int, t: int) -> Moved:
    """The step of weight number `index` for its gradient `g`; t counts steps from 1.

    GD and SGD: −η g. Momentum: v ← μ v + g, −η v. RMSProp: s ← α s + (1 − α) g²,
    −η g / (√s + ε). Adam: both means, corrected by 1 − βᵗ (Kingma & Ba, 2015). As in torch.optim.
    """
    first, second = memory.first[index], memory.second[index]
    if name in ("gd", "sgd"):
        return Moved(-rate * g, first, second)
    if name == "momentum":
        first = MOMENTUM * first + g
        return Moved(-rate * first, first, second)
    if name == "rmsprop":
        second = DECAY * second + (1 - DECAY) * g * g
        return Moved(-rate * g / (math.sqrt(second) + EPSILON), first, second)
    first = FIRST * first + (1 - FIRST) * g
    second = SECOND * second + (1 - SECOND) * g * g
    mean, spread = first / (1 - FIRST**t), second / (1 - SECOND**t)
    return Moved(-rate * mean / (math.sqrt(spread) + EPSILON), first, second)


@dataclass(frozen=True, slots=True)
class Moved:
    """By how much a weight moves, and what is remembered for it."""

    by: float
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Run:
    """The path of one optimiser from a start; raises UserError if a setting cannot be used."""

    optimiser: str = "gd"
    rate: float = 0.5
    batch_size: int = 8
    start: Pair = (-2.0, 7.0)
    path: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise UserError(
                f"There is no optimiser {self.optimiser!r} here. Choose from "
                f"{', '.join(OPTIMISERS)}."
            )
        if not 0 < self.rate <= LARGEST_RATE:
            raise UserError(
                _("The learning rate must be above 0 and at most {most}, not {rate}.").format(
                    most=f"{LARGEST_RATE:g}", rate=f"{self.rate:g}"
                )
            )
        if not 1 <= self.batch_size <= SAMPLES:
            raise UserError(
                _("A mini-batch must hold from 1 to {most} samples, not {size}.").format(
                    most=SAMPLES, size=self.batch_size
                )
            )
        for name, value, (low, high) in zip(
            ("w₁", "w₂"), self.start, (W1_LIMITS, W2_LIMITS), strict=True
        ):
            if not low <= value <= high:
                raise UserError(
                    _(
                        "{name} cannot start at {value}. The map shows {low} to {high}; choose a "
                        "number in this range."
                    ).format(name=name, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
                )
        if not self.path:
            # The only assignment to the frozen dataclass.
            object.__setattr__(
                self, "path", (Place(self.start, surface().mean_loss(self.start), (0.0, 0.0)),)
            )

    @property
    def at(self) -> Place:
        """The last point of the path."""
        return self.path[-1]

    @property
    def steps(self) -> int:
        """How many steps have been taken."""
        return len(self.path) - 1

    @property
    def size(self) -> int:
        """The number of samples in a full batch."""
        return self.batch_size if OPTIMISERS[self.optimiser].batches else SAMPLES

    @property
    def diverged(self) -> bool:
        """Whether the loss has grown beyond `DIVERGED`, or is no longer a number."""
        limit = DIVERGED * max(self.path[0].loss, surface().least)
        return not self.at.loss <= limit

    @property
    def ended(self) -> bool:
        """Whether no further step can be taken."""
        return self.diverged or self.steps >= MOST_STEPS

    def rows(self, step: int) -> Places:
        """The samples of the step from point `step` to the next."""
        if not OPTIMISERS[self.optimiser].batches:
            return np.arange(SAMPLES, dtype=np.int64)
        return batch(self.batch_size, step)

    def stepped(self, count: int = 1) -> Run:
        """`count` more steps, or fewer if the path ends."""
        run = self
        for _step in range(count):
            if run.ended:
                break
            run = run._one_step()
        return run

    def _one_step(self) -> Run:
        here, rows = self.at, self.rows(self.steps)
        gradient = surface().gradient(here.w, rows)
        moves = [
            advance(self.optimiser, here.memory, g, self.rate, index, self.steps + 1)
            for index, g in enumerate(gradient)
        ]
        w = (here.w[0] + moves[0].by, here.w[1] + moves[1].by)
        memory = Memory((moves[0].first, moves[1].first), (moves[0].second, moves[1].second))
        place = Place(w, surface().mean_loss(w), gradient, memory)
        return replace(self, path=(*self.path, place))

    def stepped_back(self) -> Run:
        """One step fewer, with the memory from before that step."""
        return replace(self, path=self.path[:-1]) if self.steps else self

    def restarted(self) -> Run:
        """Back at the start."""
        return replace(self, path=())

    def with_rate(self, text: str) -> Run:
        """The run restarted with another learning rate. Raises UserError."""
        (rate,) = read_numbers(text, "0.5", (1, 1), (-math.inf, math.inf))
        return replace(self, rate=rate, path=())

    def with_start(self, text: str) -> Run:
        """The run restarted from another point. Raises UserError."""
        w1, w2 = read_numbers(text, "-2 7", (2, 2), (-math.inf, math.inf))
        return replace(self, start=(w1, w2), path=())

    def with_batch(self, text: str) -> Run:
        """The run restarted with another batch size. Raises UserError."""
        (size,) = read_numbers(text, "8", (1, 1), (-math.inf, math.inf))
        if size != int(size):
            text = _("A batch size must be a whole number from 1 to {most}, not {size}.")
            raise UserError(text.format(most=SAMPLES, size=f"{size:g}"))
        return replace(self, batch_size=int(size), path=())


def begin(optimiser: str, start: Pair, batch_size: int) -> Run:
    """A run with the default learning rate of its optimiser. Raises UserError."""
    rate = OPTIMISERS[optimiser].rate if optimiser in OPTIMISERS else 1.0
    return Run(optimiser, rate, batch_size, start)
