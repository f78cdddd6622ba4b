"""Average over workers: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("average_gradients",)


def average_gradients(gradients: Any, counts: Any) -> Any:
    """The mean over all samples, from the mean and the number of samples of each worker."""
    total = sum(count * gradient for gradient, count in zip(gradients, counts, strict=True))
    return total / sum(counts)


def _sum(gradients: Any, counts: Any) -> Any:
    return sum(count * gradient for gradient, count in zip(gradients, counts, strict=True))


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "mean-of-means": {"average_gradients": lambda gs, ns: sum(gs) / len(gs)},
    "not-divided": {"average_gradients": _sum},
    "divided-by-workers": {"average_gradients": lambda gs, ns: _sum(gs, ns) / len(gs)},
    "divided-twice": {"average_gradients": lambda gs, ns: _sum(gs, ns) / sum(ns) / len(gs)},
    "means-added": {"average_gradients": lambda gs, ns: sum(gs)},
    "upside-down": {
        "average_gradients": lambda gs, ns: (
            sum(g / n for g, n in zip(gs, ns, strict=True)) / sum(1 / n for n in ns)
        )
    },
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Shares of different sizes, from two workers to four."""
    yield call("average_gradients", [np.array([4.0, 1.0]), np.array([-2.0, 3.0])], [3, 1])
    for counts in ([4, 4, 2], [5, 1, 2, 3]):
        yield call("average_gradients", list(rng.normal(size=(len(counts), 3))), counts)
