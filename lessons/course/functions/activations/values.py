"""What the activation functions give: at single places, at their lowest, and on average."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt

import numpy as np

from engine.activations import activation

INPUT_MEAN, INPUT_VARIANCE = 0.0, 1.0
"""Of the normally distributed inputs that SELU is made for."""


def slope_at(name: str, z: float) -> float:
    """f′(z)."""
    return float(activation(name).derivative(np.array(z)))


def value_at(name: str, z: float) -> float:
    """f(z)."""
    return float(activation(name).value(np.array(z)))


def relu_central(h: float = 1e-3) -> float:
    """(f(h) − f(−h)) / 2h for ReLU."""
    return (max(0.0, h) - max(0.0, -h)) / (2 * h)


def share_of_zeros(inputs: Sequence[float]) -> float:
    """The share of the outputs of ReLU that are 0."""
    return float(np.mean(activation("relu").value(np.array(inputs)) == 0))


def percent_of_zeros(mean: float) -> float:
    """The percentage of normally distributed inputs, variance 1, that ReLU turns into 0."""
    return 100 * 0.5 * erfc(mean / sqrt(2))


def lowest_at(name: str) -> float:
    """Where SiLU or GELU is lowest: its slope changes its sign there."""
    left, right = -3.0, 0.0
    while right - left > 1e-12:
        middle = (left + right) / 2
        left, right = (middle, right) if slope_at(name, middle) < 0 else (left, middle)
    return right


def lowest(name: str) -> float:
    """The smallest value of SiLU or GELU."""
    return value_at(name, lowest_at(name))


FAR = 40.0
"""So far out that the sigmoid, tanh and softplus are level to the last digit."""


def moment(name: str, power: int) -> float:
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


def variance(name: str) -> float:
    """The variance of f(z) for the same z."""
    return moment(name, 2) - moment(name, 1) ** 2
