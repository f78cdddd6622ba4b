"""Squared and Huber loss: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("squared", "huber")


def squared(p: Any, t: Any) -> Any:
    """The mean of half the squared differences."""
    return np.mean((p - t) ** 2) / 2


def huber(p: Any, t: Any, d: Any) -> Any:
    """The mean of Huber's loss: a parabola up to d, straight beyond."""
    r = np.abs(p - t)
    return np.mean(np.where(r <= d, r**2 / 2, d * (r - d / 2)))


def _whole_square(p: Any, t: Any, d: Any) -> Any:
    r = np.abs(p - t)
    return np.mean(np.where(r <= d, r**2, d * (r - d / 2)))


def _summed(p: Any, t: Any, d: Any) -> Any:
    r = np.abs(p - t)
    return np.sum(np.where(r <= d, r**2 / 2, d * (r - d / 2)))


def _jumps(p: Any, t: Any, d: Any) -> Any:
    r = np.abs(p - t)
    return np.mean(np.where(r <= d, r**2 / 2, d * r))


def _signed(p: Any, t: Any, d: Any) -> Any:
    r = p - t
    return np.mean(np.where(r <= d, r**2 / 2, d * (r - d / 2)))


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "half-forgotten": {"squared": lambda p, t: np.mean((p - t) ** 2), "huber": _whole_square},
    "not-averaged": {"squared": lambda p, t: np.sum((p - t) ** 2) / 2, "huber": _summed},
    "loss-jumps": {"huber": _jumps},
    "no-absolute": {"huber": _signed},
}


def _twice(p: Any, t: Any, d: Any) -> Any:
    return 2 * huber(p, t, d)


FORMS = [
    ("half-forgotten", {"squared": lambda p, t: np.mean((p - t) ** 2), "huber": _twice}),
]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Near, far, and on both sides."""
    yield call("squared", np.array([1.0, 3.0]), np.array([2.0, 1.0]))
    yield call("squared", np.array([[1.0, 2.0, 0.0]]), np.array([[1.0, 0.0, 1.0]]))
    yield call("squared", rng.normal(size=(3, 2)), rng.normal(size=(3, 2)))
    yield call("huber", np.array([0.5, 0.0]), np.array([0.0, 0.0]), 1.0)
    yield call("huber", np.array([3.0, 0.0]), np.array([0.0, 0.0]), 1.0)
    yield call("huber", np.array([-3.0, 0.5]), np.array([0.0, 0.0]), 1.0)
    yield call("huber", 3 * rng.normal(size=8), rng.normal(size=8), 0.7)
