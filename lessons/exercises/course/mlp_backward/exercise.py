"""A perceptron, forward and backward: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call
from lessons.exercises.gradients import GradientCase, entries

FUNCTIONS = ("gradients",)


def gradients(X: Any, Y: Any, W1: Any, W2: Any) -> Any:
    """The loss, and its gradients on both matrices of weights."""
    H = X @ W1
    A = np.maximum(H, 0)
    P = A @ W2
    dP = 2 * (P - Y)
    dH = dP @ W2.T * (H > 0)
    return ((P - Y) ** 2).sum(), X.T @ dH, A.T @ dP


def _wrong(kind: str) -> Any:
    def run(X: Any, Y: Any, W1: Any, W2: Any) -> Any:
        H = X @ W1
        A = np.maximum(H, 0)
        P = A @ W2
        loss = ((P - Y) ** 2).sum()
        dP = (P - Y) if kind == "two" else 2 * (P - Y)
        if kind == "mean":
            loss, dP = loss / P.size, dP / P.size
        dH = dP @ W2.T
        if kind != "mask":
            dH = dH * (H > 0)
        return loss, X.T @ dH, (H if kind == "input" else A).T @ dP

    return run


def _averaged_samples(X: Any, Y: Any, W1: Any, W2: Any) -> Any:
    return tuple(each / len(X) for each in gradients(X, Y, W1, W2))


def _no_relu(X: Any, Y: Any, W1: Any, W2: Any) -> Any:
    H = X @ W1
    dP = 2 * (H @ W2 - Y)
    return ((H @ W2 - Y) ** 2).sum(), X.T @ (dP @ W2.T), H.T @ dP


def _signed(X: Any, Y: Any, W1: Any, W2: Any) -> Any:
    loss, dW1, dW2 = gradients(X, Y, W1, W2)
    return loss, -dW1, -dW2


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "mask-left-out": {"gradients": _wrong("mask")},
    "two-forgotten": {"gradients": _wrong("two")},
    "averaged": {"gradients": _wrong("mean")},
    "wrong-input": {"gradients": _wrong("input")},
    "averaged-samples": {"gradients": _averaged_samples},
    "no-relu": {"gradients": _no_relu},
    "sign": {"gradients": _signed},
}


_X, _Y = np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -2.0]]), np.array([[1.0], [0.0], [2.0]])
_W1, _W2 = np.array([[0.5, -1.0], [1.5, 0.25]]), np.array([[2.0], [-1.0]])


def _loss(x: Any) -> Any:
    import torch

    W1, W2 = x[:4].reshape(2, 2), x[4:].reshape(2, 1)
    return (((torch.tensor(_X) @ W1).relu() @ W2 - torch.tensor(_Y)) ** 2).sum()


GRADIENTS = (
    GradientCase(
        (*entries("dW1", 2, 2), *entries("dW2", 2, 1)),
        (*map(float, _W1.ravel()), *map(float, _W2.ravel())),
        _loss,
        lambda n: n["gradients"](_X.copy(), _Y.copy(), _W1.copy(), _W2.copy())[1:],
    ),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One sample by hand, then larger."""
    one = ([[1.0]], [[2.0]], [[0.5, -1.0]], [[2.0], [3.0]])
    yield call("gradients", *map(np.array, one))
    for samples, inputs, hidden, outputs in ((2, 2, 3, 2), (5, 3, 4, 2)):
        yield call(
            "gradients",
            rng.normal(size=(samples, inputs)),
            rng.normal(size=(samples, outputs)),
            rng.normal(size=(inputs, hidden)),
            rng.normal(size=(hidden, outputs)),
        )
