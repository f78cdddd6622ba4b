"""Two classes, from the score: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("loss",)


def loss(z: Any, y: Any) -> Any:
    """The mean binary cross entropy, from scores of any size."""
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z)


def _each(z: Any, y: Any) -> Any:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z


def _through_sigmoid(z: Any, y: Any) -> Any:
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "unstable": {"loss": lambda z, y: np.mean(np.log(1 + np.exp(z)) - y * z)},
    "not-averaged": {"loss": lambda z, y: _each(z, y).sum()},
    "labels-exchanged": {"loss": lambda z, y: _each(z, 1 - y).mean()},
    "only-ones": {"loss": lambda z, y: (y * _each(z, y)).mean()},
    "through-sigmoid": {"loss": _through_sigmoid},
    "sign": {"loss": lambda z, y: (_each(z, y) + 2 * y * z).mean()},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary scores, then large ones."""
    yield call("loss", np.array([0.5, -1.0]), np.array([1.0, 0.0]))
    yield call("loss", 2 * rng.normal(size=6), rng.integers(2, size=6).astype(float))
    yield call("loss", np.array([1000.0, -1000.0]), np.array([1.0, 1.0]))
