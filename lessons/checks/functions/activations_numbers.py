"""The numbers of `functions/activations`: values, slopes and moments."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.activations import Selu, activation
from lessons.checks.base import CheckBook, NumberCheck

LAMBDA, ALPHA = Selu.scale, Selu.alpha


def value_at(name: str, z: float) -> float:
    """f(z)."""
    return float(activation(name).value(np.array(z)))


def slope_at(name: str, z: float) -> float:
    """f′(z)."""
    return float(activation(name).derivative(np.array(z)))


def _moment(name: str, power: int) -> float:
    """The mean of f(z)^power for z of mean 0 and variance 1, normally distributed.

    Gauss-Legendre on each side of the kink; beyond 12 the density is below 1e-31.
    """
    nodes, weights = np.polynomial.legendre.leggauss(200)
    total = 0.0
    for middle in (-6.0, 6.0):
        z = middle + 6.0 * nodes
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        total += float(np.sum(6.0 * weights * density * activation(name).value(z) ** power))
    return total


def _variance(name: str) -> float:
    """The variance of f(z) for the same z."""
    return _moment(name, 2) - _moment(name, 1) ** 2


SLOPES = {
    f"{name}_slope_{label}": NumberCheck(partial(slope_at, name, z))
    for name in ("sigmoid", "tanh", "relu", "leaky_relu", "selu", "softplus")
    for label, z in (("m5", -5.0), ("0", 0.0), ("h", 0.5), ("2", 2.0), ("5", 5.0), ("10", 10.0))
}
MOMENTS = {
    f"{name}_{kind}": NumberCheck(value)
    for name in ("sigmoid", "tanh", "relu", "selu")
    for kind, value in (
        ("mean", partial(_moment, name, 1)),
        ("variance", partial(_variance, name)),
    )
}
OUTPUTS = {
    f"sigmoid_{z}": NumberCheck(partial(value_at, "sigmoid", float(z))) for z in (0, 2, 5, 10)
}


BOOK = CheckBook(
    "functions",
    numbers={
        **SLOPES,
        **MOMENTS,
        **OUTPUTS,
        "selu_lambda": NumberCheck(lambda: LAMBDA),
        "selu_alpha": NumberCheck(lambda: ALPHA),
        "selu_left": NumberCheck(lambda: LAMBDA * ALPHA),
        "selu_floor": NumberCheck(lambda: -LAMBDA * ALPHA),
        "softplus_gap_5": NumberCheck(lambda: value_at("softplus", 5.0) - 5.0),
    },
)
