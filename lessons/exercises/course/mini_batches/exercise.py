"""Read mini-batches: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case

FUNCTIONS = ("batches",)


def batches(X: Any, y: Any, size: Any, rng: Any) -> Any:
    """Yield (rows of X, numbers of y): every sample once, in an order drawn from rng."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        rows = order[start : start + size]
        yield X[rows], y[rows]


def _in_order(X: Any, y: Any, size: Any, rng: Any) -> Any:
    for start in range(0, len(X), size):
        yield X[start : start + size], y[start : start + size]


def _whole_only(X: Any, y: Any, size: Any, rng: Any) -> Any:
    order = rng.permutation(len(X))
    for start in range(0, len(X) - size + 1, size):
        rows = order[start : start + size]
        yield X[rows], y[rows]


def _labels_left(X: Any, y: Any, size: Any, rng: Any) -> Any:
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        yield X[order[start : start + size]], y[start : start + size]


def _first_again(X: Any, y: Any, size: Any, rng: Any) -> Any:
    order = rng.permutation(len(X))
    for _start in range(0, len(X), size):
        yield X[order[:size]], y[order[:size]]


def _drawn_again(X: Any, y: Any, size: Any, rng: Any) -> Any:
    for _start in range(0, len(X), size):
        rows = rng.permutation(len(X))[:size]
        yield X[rows], y[rows]


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "not-shuffled": {"batches": _in_order},
    "last-batch-lost": {"batches": _whole_only},
    "labels-not-shuffled": {"batches": _labels_left},
    "always-the-first": {"batches": _first_again},
    "drawn-again": {"batches": _drawn_again},
    "pairs-exchanged": {"batches": lambda *given: ((y, X) for X, y in batches(*given))},
}


def _walked(samples: int, size: int, seed: int) -> Case:
    def run(namespace: Mapping[str, Any]) -> object:
        X = np.arange(2 * samples).reshape(samples, 2)
        y = np.arange(samples)
        return [
            list(each) for each in namespace["batches"](X, y, size, np.random.default_rng(seed))
        ]

    return Case(f"list(batches(<{samples} samples>, size={size}))", run)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """With and without a smaller last batch."""
    for samples, size in ((4, 2), (5, 2), (10, 3), (3, 5)):
        yield _walked(samples, size, int(rng.integers(1000)))
