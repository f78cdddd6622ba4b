"""Faulty training loops in PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor


def gradient(w: Tensor) -> Tensor:
    """What backward() left at w; raises RuntimeError where it left nothing."""
    if not w.is_leaf or w.grad is None:
        raise RuntimeError("w.grad is None")
    return w.grad


def train(X: Tensor, y: Tensor, lr: float) -> Iterator[float]:
    """Fit y = Xw; the loss before each of 40 updates."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr)
    optimizer.zero_grad()
    for _ in range(40):
        loss = ((X @ w - y) ** 2).mean() / 2
        yield loss.item()
        loss.backward()
        optimizer.step()


def by_hand(X: Tensor, y: Tensor, lr: float) -> Iterator[float]:
    """Fit y = Xw; the loss before each of 40 updates."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(40):
        w.grad = None
        loss = ((X @ w - y) ** 2).mean() / 2
        yield loss.item()
        loss.backward()
        w = w - lr * gradient(w)
