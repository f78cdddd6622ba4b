"""Activation functions at one point, over a range, and for random inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from engine.activations import ACTIVATIONS, Activation, Array, LeakyRelu
from engine.errors import UserError
from engine.language import _

NAMES = tuple(name for name, function in ACTIVATIONS.items() if function.bends)
"""The functions to choose from."""
SATURATED_BELOW = 0.01
"""An input is saturated if |f'| there is smaller than this."""
DEAD_BELOW = 1e-12
"""A unit is dead if |f'| is smaller than this for all inputs; above 0, to allow for rounding."""
UNITS, INPUTS = 2_500, 4
"""The size of the sample: units, and inputs of each unit."""
LARGEST_X = 1_000.0
SMALLEST_SPREAD, LARGEST_SPREAD = 0.01, 1_000.0
SMALLEST_RANGE = 0.01
_SEED = 0
_PLACES = tuple(float(10.0**power) for power in np.arange(-6.0, 6.001, 0.01))
"""Distances from 0 at which slopes are examined; beyond the last one they no longer change."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the learner chose; raises UserError if it cannot be used."""

    names: tuple[str, ...] = ("sigmoid", "tanh", "relu")
    low: float = -5.0
    high: float = 5.0
    """Together with `low`, the range of x in the charts."""
    probe: float = 0.5
    """The x at which the numbers are computed."""
    slope: float = 0.01
    """α of leaky ReLU."""
    spread: float = 1.0
    """s, where the random inputs are N(0, s²)."""

    def __post_init__(self) -> None:
        if not self.names:
            raise UserError(_("At least one function must stay. Choose another one first."))
        if abs(self.probe) > LARGEST_X:
            raise UserError(
                _("x must be from -1000 to 1000, not {value:g}.").format(value=self.probe)
            )
        if max(abs(self.low), abs(self.high)) > LARGEST_X:
            raise UserError(_("The range is too wide: both ends must be from -1000 to 1000."))
        if self.high - self.low < SMALLEST_RANGE:
            raise UserError(
                _("The range is too narrow: its right end must be at least 0.01 above its left.")
            )
        if not 0 <= self.slope <= 1:
            raise UserError(
                _(
                    "The slope α must be from 0 to 1, not {value:g}: 0 is ReLU, and 1 is a "
                    "straight line."
                ).format(value=self.slope)
            )
        if not SMALLEST_SPREAD <= self.spread <= LARGEST_SPREAD:
            raise UserError(
                _("s must be from {low:g} to {high:g}, not {value:g}.").format(
                    low=SMALLEST_SPREAD, high=LARGEST_SPREAD, value=self.spread
                )
            )

    @property
    def functions(self) -> tuple[Activation, ...]:
        """The chosen functions; leaky ReLU has the chosen slope."""
        return tuple(
            LeakyRelu(self.slope) if name == "leaky_relu" else ACTIVATIONS[name]
            for name in self.names
        )

    def toggled(self, name: str) -> Choice:
        """With one function added or removed, in the order of `NAMES`."""
        wanted = set(self.names) ^ {name}
        return replace(self, names=tuple(one for one in NAMES if one in wanted))

    def zoomed(self, factor: float) -> Choice:
        """The range scaled by `factor` around its middle."""
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2 * factor
        return replace(self, low=middle - half, high=middle + half)


@dataclass(frozen=True, slots=True)
class Row:
    """One function at the probe and for random inputs."""

    name: str
    value: float
    derivative: float
    """In closed form."""
    saturated: float
    """Share of the sample with |f'| < `SATURATED_BELOW`."""
    saturated_exactly: float
    """The probability of that for an input N(0, s²)."""
    dead: float
    """Share of the sample's units with |f'| < `DEAD_BELOW` for all of their inputs."""


def rows(choice: Choice) -> tuple[Row, ...]:
    """The numbers of every chosen function, without those of autograd."""
    return tuple(_row(function, choice.probe, choice.spread) for function in choice.functions)


def _row(function: Activation, probe: float, spread: float) -> Row:
    at = np.array(probe, dtype=np.float64)
    saturated, exactly, dead = _shares(function, spread)
    return Row(
        function.name,
        float(function.value(at)),
        float(function.derivative(at)),
        saturated,
        exactly,
        dead,
    )


def slopes_by_autograd(choice: Choice) -> tuple[float, ...]:
    """f' of every chosen function at the probe, by PyTorch in float64. Imports torch."""
    import torch

    found = []
    for function in choice.functions:
        x = torch.tensor(choice.probe, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(function.torch_function()(x), x)
        found.append(float(slope))
    return tuple(found)


def curves(choice: Choice, points: int) -> Iterator[tuple[Activation, Array, Array, Array]]:
    """Each chosen function with x, f(x) and f'(x) over the range, at `points` or more places."""
    x = np.linspace(choice.low, choice.high, points)
    if choice.low < 0 < choice.high:
        # Points on both sides of a kink at 0, so that a jump is drawn as a vertical line.
        x = np.sort(np.append(x, (0.0, 1e-9 * (choice.high - choice.low))))
    for function in choice.functions:
        yield function, x, function.value(x), function.derivative(x)


@cache
def standard_inputs() -> Array:
    """Seeded inputs N(0, 1), one row per unit: shape `UNITS` × `INPUTS`."""
    inputs = np.random.default_rng(_SEED).standard_normal((UNITS, INPUTS))
    inputs.setflags(write=False)
    return inputs


@lru_cache(maxsize=512)
def _shares(function: Activation, spread: float) -> tuple[float, float, float]:
    """Shares: saturated in the sample, saturated exactly, dead in the sample."""
    slopes = np.abs(function.derivative(standard_inputs() * spread))
    flat = slopes < SATURATED_BELOW
    dead = np.all(slopes < DEAD_BELOW, axis=1)
    return float(np.mean(flat)), saturated_share(function, spread), float(np.mean(dead))


def saturated_share(function: Activation, spread: float) -> float:
    """P(|f'(z)| < `SATURATED_BELOW`) for z ~ N(0, `spread`²), spread > 0.

    The places where z becomes saturated, or stops being so, are located between neighbours a
    hundredth of a power of ten apart and refined by bisection; the normal distribution gives the
    share of inputs between them.
    """
    return sum(_side(function, sign, spread) for sign in (-1.0, 1.0))


def _side(function: Activation, sign: float, spread: float) -> float:
    """The share of all inputs that are saturated and on one side of 0."""

    def saturated(z: float) -> bool:
        return bool(abs(float(function.derivative(np.array(sign * z)))) < SATURATED_BELOW)

    places = [1e-300, *_PLACES]
    flat = np.abs(function.derivative(sign * np.array(places))) < SATURATED_BELOW
    share, beyond = 0.0, 0.5  # of what has been examined, and of what lies beyond
    for near, far, was, becomes in zip(places, places[1:], flat, flat[1:], strict=False):
        if was == becomes:
            continue
        edge = _edge(saturated, near, far)
        farther = 0.5 * math.erfc(edge / spread / math.sqrt(2))
        share += beyond - farther if was else 0.0
        beyond = farther
    return share + beyond if flat[-1] else share


def _edge(saturated: Callable[[float], bool], near: float, far: float) -> float:
    """The place between `near` and `far` where saturation begins or ends."""
    inner, outer, at_first = near, far, saturated(near)
    for _halving in range(80):
        middle, before = (inner + outer) / 2, (inner, outer)
        if saturated(middle) == at_first:
            inner = middle
        else:
            outer = middle
        if (inner, outer) == before:
            break  # no number lies between them
    return inner


def limits(values: Sequence[Array]) -> tuple[float, float]:
    """The smallest and the largest of all values."""
    return min(float(v.min()) for v in values), max(float(v.max()) for v in values)
