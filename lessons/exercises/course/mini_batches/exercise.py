"""Read mini-batches: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from lessons.exercises.exercise import ArgumentChangedError, Case, Namespace, same

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
    "out-of-step": {"batches": lambda *given: _separately(*given)},
    "pairs-exchanged": {"batches": lambda *given: ((y, X) for X, y in batches(*given))},
}


def _separately(X: Any, y: Any, size: Any, rng: Any) -> Any:
    X, y = X[rng.permutation(len(X))], y[rng.permutation(len(y))]
    yield from _in_order(X, y, size, rng)


def _labels_alone(X: Any, y: Any, size: Any, rng: Any) -> Any:
    yield from _in_order(X, y[rng.permutation(len(y))], size, rng)


FORMS = [
    ("out-of-step", {"batches": _labels_alone}),
]


def _pairs(
    namespace: Namespace, samples: int, size: int, seed: int, *, may_change: bool = True
) -> Any:
    """What is yielded, and at most a few pairs more than there may be."""
    y = np.arange(samples)
    X = y[:, None] + np.array([0.0, 0.5])
    kept = X.copy(), y.copy()
    found = namespace["batches"](X, y, size, np.random.default_rng(seed))
    if found is None:
        return None
    pairs = list(islice(found, samples + 2))
    if not may_change and not same((X, y), kept, 0.0, 0.0):
        raise ArgumentChangedError("batches")
    if not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        raise TypeError("a batch is no pair (rows of X, numbers of y)")
    return pairs


def _said(told: str, samples: int, size: int, seed: int, each: Callable[[Any, Any], Any]) -> Case:
    """A case of one thing about each batch; `told` has the place of the call in it."""

    def run(namespace: Namespace) -> object:
        pairs = _pairs(namespace, samples, size, seed)
        return pairs if pairs is None else [each(X, y) for X, y in pairs]

    return Case(told.format(f"batches(<{samples} samples>, size={size})"), run)


def _belong(X: Any, y: Any) -> bool:
    return np.array_equal(np.floor(np.reshape(np.asarray(X), (-1, 2))[:, 0]), np.ravel(y))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """With and without a smaller last batch: how large, whether they belong together, which."""
    for place, (samples, size) in enumerate(((5, 2), (4, 2), (10, 3), (3, 5))):
        seed = int(rng.integers(1000))
        if place < 2:
            yield _said(
                "[len(y) for X, y in {}]", samples, size, seed, lambda X, y: np.asarray(y).size
            )
        if place < 1:
            told = "[whether X belongs to y for X, y in {}]"
            yield _said(told, samples, size, seed, _belong)
            yield _said("[y for X, y in {}]", samples, size, seed, lambda X, y: y)
        yield _said("list({})", samples, size, seed, lambda X, y: [X, y])
    yield Case(
        "X and y after list(batches(<4 samples>, size=2))",
        lambda namespace: len(_pairs(namespace, 4, 2, 0, may_change=False) or ()),
    )
