"""Cross entropy by indexing: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("cross_entropy",)


def cross_entropy(P: Any, y: Any) -> Any:
    """The mean of -ln of the probability that each sample gives to its true class."""
    return -np.log(P[np.arange(len(y)), y]).mean()


def _true(P: Any, y: Any) -> Any:
    return P[np.arange(len(y)), y]


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "not-averaged": {"cross_entropy": lambda P, y: -np.log(_true(P, y)).sum()},
    "sign": {"cross_entropy": lambda P, y: np.log(_true(P, y)).mean()},
    "all-classes": {"cross_entropy": lambda P, y: -np.log(P).sum(axis=1).mean()},
    "mean-before-log": {"cross_entropy": lambda P, y: -np.log(_true(P, y).mean())},
    "every-column": {"cross_entropy": lambda P, y: -np.log(P[:, y]).mean()},
    "bits": {"cross_entropy": lambda P, y: -np.log2(_true(P, y)).mean()},
    "mean-over-all": {"cross_entropy": lambda P, y: -np.log(_true(P, y)).sum() / P.size},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One sample, then several."""
    yield call("cross_entropy", np.array([[0.25, 0.75]]), np.array([0]))
    for samples, classes in ((2, 3), (5, 5)):
        P = rng.dirichlet(np.ones(classes), samples)
        yield call("cross_entropy", P, rng.integers(classes, size=samples))
