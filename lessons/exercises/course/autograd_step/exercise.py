"""An update with autograd: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch

from lessons.exercises.exercise import Case

FUNCTIONS = ("step",)


def step(W: Any, X: Any, y: Any, rate: Any) -> Any:
    """One update of W in place; the loss before it, as a number."""
    loss = ((X @ W - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        W -= rate * W.grad
    W.grad = None
    return loss.item()


def _wrong(kind: str) -> Any:
    def run(W: Any, X: Any, y: Any, rate: Any) -> Any:
        squares = (X @ W - y) ** 2
        loss = squares.sum() if kind == "sum" else squares.mean()
        if kind == "half":
            loss = loss / 2
        loss.backward()
        with torch.no_grad():
            if kind == "new":
                W = W - rate * W.grad
            elif kind == "uphill":
                W += rate * W.grad
            else:
                W -= rate * W.grad
        if kind != "kept":
            W.grad = None
        return loss if kind == "tensor" else loss.item()

    return run


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "gradient-kept": {"step": _wrong("kept")},
    "uphill": {"step": _wrong("uphill")},
    "not-averaged": {"step": _wrong("sum")},
    "not-updated": {"step": _wrong("new")},
    "tensor": {"step": _wrong("tensor")},
    "half": {"step": _wrong("half")},
}


def _updates(W: Any, X: Any, y: Any, rate: float, times: int) -> Case:
    def run(namespace: Mapping[str, Any]) -> object:
        weights = torch.tensor(W, requires_grad=True)
        losses = [
            namespace["step"](weights, torch.tensor(X), torch.tensor(y), rate) for _ in range(times)
        ]
        is_empty = weights.grad is None or not weights.grad.any()
        return losses, weights, is_empty, [hasattr(loss, "detach") for loss in losses]

    return Case(f"W after {times} × step(W, X, y, {rate})", run)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One update, then three in a row."""
    W, X, y = rng.normal(size=2), rng.normal(size=(4, 2)), rng.normal(size=4)
    yield _updates(W, X, y, 0.1, 1)
    yield _updates(W, X, y, 0.1, 3)
