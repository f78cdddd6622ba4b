"""Count what is right: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("accuracy",)


def accuracy(Z: Any, y: Any) -> Any:
    """The share of the samples whose largest score is that of the true class."""
    return np.mean(Z.argmax(axis=1) == y)


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "wrong-axis": {"accuracy": lambda Z, y: np.mean(Z.argmax(axis=0) == y)},
    "a-count": {"accuracy": lambda Z, y: (Z.argmax(axis=1) == y).sum()},
    "integer-division": {"accuracy": lambda Z, y: (Z.argmax(axis=1) == y).sum() // len(y)},
    "smallest": {"accuracy": lambda Z, y: np.mean(Z.argmin(axis=1) == y)},
    "percent": {"accuracy": lambda Z, y: 100 * np.mean(Z.argmax(axis=1) == y)},
    "error-rate": {"accuracy": lambda Z, y: np.mean(Z.argmax(axis=1) != y)},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Some right, some wrong."""
    few = np.array([[1.0, 3.0], [5.0, 2.0], [0.0, 4.0]])
    yield call("accuracy", few, np.array([1, 0, 0]))
    Z = np.array([[2.0, 1.0, 0.0], [0.5, 0.1, 0.3], [0.0, 3.0, 1.0]])
    yield call("accuracy", Z, np.array([0, 2, 1]))
    yield call("accuracy", Z, Z.argmax(axis=1))
    yield call("accuracy", Z, Z.argmin(axis=1))
    yield call("accuracy", Z, np.array([2, 2, 1]))
    for samples in (4, 9):
        Z = rng.normal(size=(samples, samples))
        y = Z.argmax(axis=1)
        y[0] = (y[0] + 1) % samples
        yield call("accuracy", Z, y)
