"""The sigmoid and its slope: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call
from lessons.exercises.gradients import GradientCase

FUNCTIONS = ("sigmoid", "sigmoid_slope")


def sigmoid(z: Any) -> Any:
    """1 / (1 + e^-z) for each element of z."""
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z: Any) -> Any:
    """The derivative of the sigmoid at each element of z."""
    a = sigmoid(z)
    return a * (1 - a)


def _rising(z: Any) -> Any:
    return 1 / (1 + np.exp(z))


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "slope-of-activation": {"sigmoid_slope": lambda z: z * (1 - z)},
    "sign-of-exponent": {
        "sigmoid": _rising,
        "sigmoid_slope": lambda z: _rising(z) * (1 - _rising(z)),
    },
    "no-slope": {"sigmoid_slope": sigmoid},
    "tanh-slope": {"sigmoid_slope": lambda z: 1 - sigmoid(z) ** 2},
}


_AT = (-2.0, 0.0, 0.5, 3.0)


def _values(z: Any) -> Any:
    return z.sigmoid().sum()


GRADIENTS = (
    GradientCase(
        tuple(f"at z = {z:g}" for z in _AT),
        _AT,
        _values,
        lambda n: n["sigmoid_slope"](np.array(_AT)),
    ),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """A number, a row, a matrix."""
    for name in FUNCTIONS:
        yield call(name, np.array([0.5]))
        yield call(name, np.array([-2.0, 0.0, 2.0]))
        yield call(name, rng.normal(size=(3, 4)))
