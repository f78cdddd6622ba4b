"""The logarithm of a sum of exponentials: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("log_sum_exp",)


def log_sum_exp(z: Any) -> Any:
    """ln of the sum of e^z, safe for scores of any size."""
    m = z.max()
    return m + np.log(np.exp(z - m).sum())


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "unstable": {"log_sum_exp": lambda z: np.log(np.exp(z).sum())},
    "maximum-lost": {"log_sum_exp": lambda z: np.log(np.exp(z - z.max()).sum())},
    "maximum-subtracted": {"log_sum_exp": lambda z: np.log(np.exp(z - z.max()).sum()) - z.max()},
    "sum-of-logs": {"log_sum_exp": lambda z: z.sum()},
    "smallest": {"log_sum_exp": lambda z: z.min() + np.log(np.exp(z - z.min()).sum())},
    "mean": {"log_sum_exp": lambda z: log_sum_exp(z) - np.log(len(z))},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Small scores, then large ones."""
    yield call("log_sum_exp", np.array([1.0, 2.0]))
    yield call("log_sum_exp", rng.normal(size=6))
    yield call("log_sum_exp", np.array([1000.0, 1001.0]))
    yield call("log_sum_exp", np.array([0.0, 1000.0]))
    yield call("log_sum_exp", np.array([-1000.0, -1001.0]))
    yield call("log_sum_exp", np.array([1000.0, -1000.0, -1000.0]))
