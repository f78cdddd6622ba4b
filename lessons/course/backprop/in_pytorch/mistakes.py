"""The faulty and the repaired programs of `backprop/in-pytorch`, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    curve_of,
    numbers,
)


def faulty_train(X: Tensor, y: Tensor, lr: float) -> Iterator[float]:
    """Fit y = Xw; the loss before each of 40 updates."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr)
    optimizer.zero_grad()
    for _ in range(40):
        loss = ((X @ w - y) ** 2).mean() / 2
        yield loss.item()
        loss.backward()
        optimizer.step()


def train(X: Tensor, y: Tensor, lr: float) -> Iterator[float]:
    """Fit y = Xw; the loss before each of 40 updates."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr)
    for _ in range(40):
        optimizer.zero_grad()
        loss = ((X @ w - y) ** 2).mean() / 2
        yield loss.item()
        loss.backward()
        optimizer.step()


LR = 0.2


UPDATES = 40


_FIT = "the loss at the end"


def _training(run: Program) -> Evidence:
    import torch

    made = torch.Generator().manual_seed(0)
    X = torch.randn(64, 2, generator=made)
    y = X @ torch.tensor([2.0, -3.4])
    losses: list[float] = []
    ended = f"after {UPDATES} updates"
    try:
        losses.extend(run(X, y, LR))
    except RuntimeError as error:
        ended = f"stops: {error}"
    facts = (
        Fact("the run ends", ended),
        Fact("losses computed", f"{len(losses)} of {UPDATES}"),
        Fact("lowest loss", numbers([min(losses)], 4)),
        Fact("highest loss after 5 updates", numbers([max(losses[5:], default=losses[-1])], 4)),
    )
    # A program that stops half-way has no loss at the end.
    end = losses[-1] if len(losses) == UPDATES else float("nan")
    curve = replace(curve_of(losses, "update", "loss"), x_limits=(0, UPDATES))
    return Evidence(Measure(_FIT, end, 0.01), facts, curve)


def _stale(run: Program) -> Evidence:
    seen = _training(run)
    return replace(seen, facts=seen.facts[2:])


def gradient(w: Tensor) -> Tensor:
    """What backward() left at w; raises RuntimeError where it left nothing."""
    if not w.is_leaf or w.grad is None:
        raise RuntimeError("w.grad is None")
    return w.grad


def faulty_by_hand(X: Tensor, y: Tensor, lr: float) -> Iterator[float]:
    """Fit y = Xw; the loss before each of 40 updates."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(40):
        w.grad = None
        loss = ((X @ w - y) ** 2).mean() / 2
        yield loss.item()
        loss.backward()
        w = w - lr * gradient(w)


def by_hand(X: Tensor, y: Tensor, lr: float) -> Iterator[float]:
    """Fit y = Xw; the loss before each of 40 updates."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(40):
        w.grad = None
        loss = ((X @ w - y) ** 2).mean() / 2
        yield loss.item()
        loss.backward()
        with torch.no_grad():
            w -= lr * gradient(w)


def _by_hand(run: Program) -> Evidence:
    seen = _training(run)
    return replace(seen, facts=seen.facts[:2])


MISTAKES: Mapping[str, MistakeValues] = {
    "stale-grad": MistakeValues("train", _stale),
    "rebind-leaf": MistakeValues("by_hand", _by_hand),
}
