"""The numbers of `functions/activations`: values, slopes and moments."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.activations import LeakyRelu, Selu, activation
from engine.labs.activations import INPUTS, SATURATED_BELOW
from lessons.checks.base import CheckBook, NumberCheck
from lessons.course.functions.activations.facts import (
    DEAD_BIAS,
    DEAD_INPUTS,
    DEAD_TARGET,
    DEAD_WEIGHT,
    INPUT_MEAN,
    INPUT_VARIANCE,
    LEAKY_ALPHA,
    PLACES,
    SIGMOID_LAYERS,
)

LAMBDA, ALPHA = Selu.scale, Selu.alpha


def value_at(name: str, z: float) -> float:
    """f(z)."""
    return float(activation(name).value(np.array(z)))


def slope_at(name: str, z: float) -> float:
    """f′(z)."""
    return float(activation(name).derivative(np.array(z)))


def _moment(name: str, power: int) -> float:
    """The mean of f(z)^power for the normally distributed z that SELU is made for.

    Gauss-Legendre on each side of the kink; beyond 12 the density is below 1e-31.
    """
    nodes, weights = np.polynomial.legendre.leggauss(200)
    total = 0.0
    for middle in (-6.0, 6.0):
        z = middle + 6.0 * nodes
        exponent = -((z - INPUT_MEAN) ** 2) / (2 * INPUT_VARIANCE)
        density = np.exp(exponent) / np.sqrt(2 * np.pi * INPUT_VARIANCE)
        total += float(np.sum(6.0 * weights * density * activation(name).value(z) ** power))
    return total


def _variance(name: str) -> float:
    """The variance of f(z) for the same z."""
    return _moment(name, 2) - _moment(name, 1) ** 2


SLOPES = {
    f"{name}_slope_{label}": NumberCheck(partial(slope_at, name, z))
    for name in ("sigmoid", "tanh", "relu", "leaky_relu", "selu", "softplus")
    for label, z in PLACES.items()
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
    f"sigmoid_{z}": NumberCheck(partial(value_at, "sigmoid", PLACES[z]))
    for z in ("0", "2", "5", "10")
}
FAR = 40.0
"""So far out that the sigmoid, tanh and softplus are level to the last digit."""
LIMITS = {
    f"{name}_{kind}": NumberCheck(partial(value_at, name, z))
    for name in ("sigmoid", "tanh", "relu", "selu", "softplus")
    for kind, z in (("floor", -FAR), ("ceiling", FAR))
}
GIVEN = {
    **{f"place_{label}": z for label, z in PLACES.items()},
    **{f"dead_input_{place}": x for place, x in enumerate(DEAD_INPUTS, start=1)},
    "dead_weight": DEAD_WEIGHT,
    "dead_bias": DEAD_BIAS,
    "dead_target": DEAD_TARGET,
    "sigmoid_layers": SIGMOID_LAYERS,
    "leaky_alpha": LeakyRelu().slope,
    "leaky_larger_alpha": LEAKY_ALPHA,
    "input_mean": INPUT_MEAN,
    "input_variance": INPUT_VARIANCE,
    "saturated_below": SATURATED_BELOW,
    "lab_inputs": INPUTS,
}
"""What the lesson computes with."""


BOOK = CheckBook(
    "functions",
    numbers={
        **SLOPES,
        **MOMENTS,
        **OUTPUTS,
        **LIMITS,
        **{name: NumberCheck(partial(float, value)) for name, value in GIVEN.items()},
        "selu_lambda": NumberCheck(lambda: LAMBDA),
        "selu_alpha": NumberCheck(lambda: ALPHA),
        "selu_left": NumberCheck(lambda: LAMBDA * ALPHA),
        "softplus_gap_5": NumberCheck(lambda: value_at("softplus", 5.0) - 5.0),
    },
)
