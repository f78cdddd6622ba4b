"""An update with autograd: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch

from lessons.exercises.exercise import (
    ArgumentChangedError,
    Case,
    Namespace,
    copied,
    same,
    shown,
)

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


def _updated(
    told: str, what: Callable[[Any, Any], Any], given: tuple[Any, Any, Any], times: int = 1
) -> Case:
    """A case of `what` is found in the losses and in W after so many updates."""

    def run(namespace: Namespace) -> object:
        W, X, y = (torch.tensor(each) for each in given)
        W.requires_grad_()
        kept = copied((X, y))
        losses = [namespace["step"](W, X, y, 0.1) for _ in range(times)]
        if not same((X, y), kept, 0.0, 0.0):
            raise ArgumentChangedError("step")
        return what(losses, W)

    W, X, y = map(shown, given)
    called = f"step({W}, {X}, {y}, 0.1)" if times == 1 else f"{times} × step(W, X, y, 0.1)"
    return Case(told.format(called), run)


def _gradient(W: Any) -> Any:
    """The gradient that is left in W; 0 where there is none."""
    return torch.zeros_like(W) if W.grad is None else W.grad


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One update by hand, then three in a row."""
    by_hand = np.array([1.0, -1.0]), np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, 0.0])
    yield _updated("{}", lambda losses, W: losses[0], by_hand)
    told = "isinstance({}, torch.Tensor)"
    yield _updated(told, lambda losses, W: hasattr(losses[0], "detach"), by_hand)
    yield _updated("W after {}", lambda losses, W: W, by_hand)
    yield _updated("W.grad after {}", lambda losses, W: _gradient(W), by_hand)
    given = rng.normal(size=2), rng.normal(size=(4, 2)), rng.normal(size=4)
    yield _updated("the losses of {}", lambda losses, W: losses, given, 3)
    yield _updated("W after {}", lambda losses, W: W, given, 3)
