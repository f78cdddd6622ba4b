"""A perceptron, forward and backward: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

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


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "mask-left-out": {"gradients": _wrong("mask")},
    "two-forgotten": {"gradients": _wrong("two")},
    "averaged": {"gradients": _wrong("mean")},
    "wrong-input": {"gradients": _wrong("input")},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Small, then larger."""
    for samples, inputs, hidden, outputs in ((2, 2, 3, 2), (5, 3, 4, 2)):
        yield call(
            "gradients",
            rng.normal(size=(samples, inputs)),
            rng.normal(size=(samples, outputs)),
            rng.normal(size=(inputs, hidden)),
            rng.normal(size=(hidden, outputs)),
        )
