"""Deltas of both layers: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call
from lessons.exercises.gradients import GradientCase, entries

FUNCTIONS = ("deltas",)


def deltas(h: Any, o: Any, t: Any, W2: Any) -> Any:
    """How the loss moves with the input of each hidden unit and of each output unit."""
    delta_o = (o - t) * o * (1 - o)
    delta_h = (W2.T @ delta_o) * h * (1 - h)
    return delta_h, delta_o


def _no_derivative(h: Any, o: Any, t: Any, W2: Any) -> Any:
    delta_o = o - t
    return W2.T @ delta_o, delta_o


def _straight(h: Any, o: Any, t: Any, W2: Any) -> Any:
    delta_o = (o - t) * o * (1 - o)
    return (W2 @ delta_o) * h * (1 - h), delta_o


def _scaled(factor: float) -> Any:
    def wrong(h: Any, o: Any, t: Any, W2: Any) -> Any:
        delta_o = factor * (o - t) * o * (1 - o)
        return (W2.T @ delta_o) * h * (1 - h), delta_o

    return wrong


def _partly(factor: float, *, output: bool, hidden: bool) -> Any:
    def wrong(h: Any, o: Any, t: Any, W2: Any) -> Any:
        delta_o = factor * (o - t) * (o * (1 - o) if output else 1)
        return (W2.T @ delta_o) * (h * (1 - h) if hidden else 1), delta_o

    return wrong


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "no-derivative": {"deltas": _no_derivative},
    "not-transposed": {"deltas": _straight},
    "target-minus-output": {"deltas": _scaled(-1.0)},
    "half-forgotten": {"deltas": _scaled(2.0)},
    "hidden-derivative": {"deltas": _partly(1.0, output=True, hidden=False)},
    "output-derivative": {"deltas": _partly(1.0, output=False, hidden=True)},
    "half-kept": {"deltas": _scaled(0.5)},
}


_H, _O, _T = np.array([0.6, 0.3]), np.array([0.75, 0.4]), np.array([0.01, 0.99])
_W2 = np.array([[0.40, 0.45], [-0.50, 0.55]])


def _loss(x: Any) -> Any:
    """The loss, with the inputs of the hidden units moved by x[:2], of the outputs by x[2:]."""
    import torch

    h, o, t, W2 = (torch.tensor(each) for each in (_H, _O, _T, _W2))
    moved = (h.logit() + x[:2]).sigmoid()
    out = (o.logit() + W2 @ (moved - h) + x[2:]).sigmoid()
    return ((out - t) ** 2).sum() / 2


GRADIENTS = (
    GradientCase(
        (*entries("delta_h", 2), *entries("delta_o", 2)),
        (0.0, 0.0, 0.0, 0.0),
        _loss,
        lambda n: n["deltas"](_H.copy(), _O.copy(), _T.copy(), _W2.copy()),
    ),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One unit after another, then square and other shapes."""
    yield call("deltas", *map(np.array, ([0.6], [0.75], [0.5], [[0.4]])))
    for hidden, outputs in ((2, 2), (3, 3), (4, 2)):
        h, o, t = rng.random(hidden), rng.random(outputs), rng.random(outputs)
        yield call("deltas", h, o, t, rng.normal(size=(outputs, hidden)))
