"""A softmax that never overflows: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("softmax",)


def softmax(Z: Any) -> Any:
    """The probabilities of each row of scores; safe for scores of any size."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def _columns(Z: Any) -> Any:
    E = np.exp(Z - Z.max(axis=0, keepdims=True))
    return E / E.sum(axis=0, keepdims=True)


def _all(Z: Any) -> Any:
    E = np.exp(Z - Z.max())
    return E / E.sum()


def _one_maximum(Z: Any) -> Any:
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


def _no_keepdims(Z: Any) -> Any:
    E = np.exp(Z - Z.max(axis=1))
    return E / E.sum(axis=1)


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "unstable": {"softmax": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)},
    "wrong-axis": {"softmax": _columns},
    "whole-matrix": {"softmax": _all},
    "no-exponential": {"softmax": lambda Z: Z / Z.sum(axis=1, keepdims=True)},
    "one-maximum": {"softmax": _one_maximum},
    "no-keepdims": {"softmax": _no_keepdims},
}


def _shared(Z: Any, axis: int) -> Any:
    """Right exponentials, divided by sums that belong to something else."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=axis)


def _plain(Z: Any, axis: int) -> Any:
    return np.exp(Z) / np.exp(Z).sum(axis=axis)


FORMS = [
    ("no-keepdims", {"softmax": lambda Z: _shared(Z, 1)}),
    ("no-keepdims", {"softmax": lambda Z: _plain(Z, 1)}),
    ("wrong-axis", {"softmax": lambda Z: _shared(Z, 0)}),
    ("wrong-axis", {"softmax": lambda Z: _plain(Z, 0)}),
]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Small scores, then large ones."""
    yield call("softmax", np.array([[1.0, 2.0]]))
    yield call("softmax", rng.normal(size=(3, 3)))
    yield call("softmax", rng.normal(size=(2, 5)))
    yield call("softmax", np.array([[1000.0, 1001.0], [-1000.0, 3.0]]))
    # The mean is no help here, nor are more digits.
    yield call("softmax", np.array([[-1000.0, -1000.0, 1000.0], [20000.0, 20001.0, 0.0]]))
