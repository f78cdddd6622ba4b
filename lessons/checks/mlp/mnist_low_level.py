"""The derivation of `mlp/mnist-low-level`: why Kaiming takes the variance 2/d."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from lessons.checks.base import Array, CheckBook, DerivationCheck, Draw, Line

INPUTS = 4
_PLACES, _CHANCES = (-(3**0.5), 0.0, 3**0.5), (1 / 6, 2 / 3, 1 / 6)
"""Three values with the first five moments of a normal distribution: means are exact sums."""


def _unit(rng: np.random.Generator) -> Draw:
    """Inputs of a unit, and all weights that chance may give it, with their probabilities."""
    s = (2 / INPUTS) ** 0.5
    weights = s * np.array(list(product(_PLACES, repeat=INPUTS)))
    chances = np.array([np.prod(row) for row in product(_CHANCES, repeat=INPUTS)])
    x = rng.uniform(0.5, 2, size=INPUTS) * rng.choice([-1.0, 1.0], size=INPUTS)
    return Draw(x=x, s=s, weights=weights, chances=chances, d=INPUTS)


def _mean(of: Callable[[Array], float], d: Draw) -> float:
    """The mean of a function of the weights."""
    return float(sum(p * of(v) for p, v in zip(d.chances, d.weights, strict=True)))


def _sum(d: Draw, v: Array) -> float:
    """What the unit adds up, term by term."""
    return float(sum(v[j] * d.x[j] for j in range(INPUTS)))


def _products(d: Draw) -> Array:
    """The mean of every product of two weights."""
    return np.asarray(np.einsum("p,pj,pk->jk", d.chances, d.weights, d.weights))


KAIMING = DerivationCheck(
    draw=_unit,
    left=lambda d: float(d.chances @ np.maximum(0, d.weights @ d.x) ** 2),
    lines=(
        Line(
            lambda d: 0.5 * float(d.chances @ (d.weights @ d.x) ** 2),
            (lambda d: float(d.chances @ (d.weights @ d.x) ** 2),),
        ),
        Line(
            lambda d: 0.5 * _mean(lambda v: _sum(d, v) ** 2, d),
            # The square of the mean for the mean of the square.
            (lambda d: 0.5 * _mean(lambda v: _sum(d, v), d) ** 2,),
        ),
        Line(
            lambda d: 0.5 * float(d.x @ _products(d) @ d.x),
            (lambda d: 0.5 * float((d.chances @ d.weights @ d.x) ** 2),),
        ),
        Line(
            lambda d: 0.5 * float(np.diag(_products(d)) @ d.x**2),
            (lambda d: 0.5 * float(np.diag(_products(d)) @ d.x),),
        ),
        Line(
            lambda d: 0.5 * d.s**2 * float((d.x**2).sum()),
            (
                lambda d: 0.5 * d.s * float((d.x**2).sum()),
                lambda d: 0.5 * d.s**2 * float(d.x.sum()) ** 2,
            ),
        ),
        Line(
            lambda d: float((d.x**2).sum()) / d.d,
            (lambda d: float((d.x**2).sum()), lambda d: 0.5 * float((d.x**2).sum()) / d.d),
        ),
    ),
)

BOOK = CheckBook("mlp", derivations={"mnist_kaiming": KAIMING})
