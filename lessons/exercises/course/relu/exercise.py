"""ReLU and its slope: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call
from lessons.exercises.gradients import GradientCase

FUNCTIONS = ("relu", "relu_slope")


def relu(z: Any) -> Any:
    """max(0, z) for each element."""
    return np.maximum(z, 0)


def relu_slope(z: Any) -> Any:
    """1 where z is positive, else 0."""
    return (z > 0).astype(float)


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "slope-at-zero": {"relu_slope": lambda z: (z >= 0).astype(float)},
    "one-maximum": {"relu": lambda z: max(0.0, float(np.max(z)))},
    "slope-is-value": {"relu_slope": relu},
    "absolute": {"relu": np.abs},
}


_AT = (-2.0, -0.5, 0.5, 3.0)


def _values(z: Any) -> Any:
    return z.relu().sum()


GRADIENTS = (
    GradientCase(
        tuple(f"at z = {z:g}" for z in _AT), _AT, _values, lambda n: n["relu_slope"](np.array(_AT))
    ),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Both sides, and 0 itself."""
    for name in FUNCTIONS:
        yield call(name, np.array([-2.0, 0.0, 3.0]))
        yield call(name, rng.normal(size=(2, 3)))
