"""From deltas to gradients: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("gradients",)


def gradients(delta: Any, a: Any) -> Any:
    """The gradients of the mean loss on the weights (out x in) and on the biases (out)."""
    n = len(delta)
    return delta.T @ a / n, delta.sum(axis=0) / n


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "transposed": {"gradients": lambda d, a: (a.T @ d / len(d), d.mean(axis=0))},
    "not-averaged": {"gradients": lambda d, a: (d.T @ a, d.sum(axis=0))},
    "wrong-axis": {"gradients": lambda d, a: (d.T @ a / len(d), d.sum(axis=1) / len(d))},
    "bias-not-averaged": {"gradients": lambda d, a: (d.T @ a / len(d), d.sum(axis=0))},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Several shapes; in one of them samples and units are as many."""
    for samples, outputs, inputs in ((2, 1, 1), (3, 3, 3), (5, 2, 4)):
        yield call(
            "gradients", rng.normal(size=(samples, outputs)), rng.normal(size=(samples, inputs))
        )
