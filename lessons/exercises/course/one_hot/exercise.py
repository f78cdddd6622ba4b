"""Labels as vectors: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("one_hot",)


def one_hot(y: Any, classes: Any) -> Any:
    """A row for each label: 1 in the column of its class, else 0."""
    return np.eye(classes)[y]


def _columns(y: Any, classes: Any) -> Any:
    Y = np.zeros((len(y), classes))
    Y[:, y] = 1
    return Y


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "transposed": {"one_hot": lambda y, c: np.eye(c)[y].T},
    "from-one": {"one_hot": lambda y, c: np.eye(c)[y - 1]},
    "whole-column": {"one_hot": _columns},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """A few labels, and as many labels as classes."""
    yield call("one_hot", np.array([2, 0]), 3)
    yield call("one_hot", np.array([1, 0, 1]), 3)  # no label is the last class
    yield call("one_hot", rng.integers(4, size=4), 4)
    yield call("one_hot", rng.integers(5, size=7), 5)
