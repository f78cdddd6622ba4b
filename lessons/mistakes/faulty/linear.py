"""Faulty programs of the chapter on linear regression."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lessons.mistakes.parts import Array


def fit(X: Tensor, y: Tensor) -> tuple[list[float], Tensor]:
    """Fit y = Xw; the losses, and the last table of errors."""
    w = torch.zeros(X.shape[1], 1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        y_hat = X @ w
        error = y_hat - y
        loss = (error**2).mean() / 2
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, error.detach()


def descend(X: Array, y: Array, lr: float, updates: int) -> Array:
    """Fit y = Xw with the mean loss, from w = 0; returns w."""
    w = np.zeros(X.shape[1])
    for _ in range(updates):
        error = X @ w - y
        gradient = X.T @ error / len(y)
        w = w - lr * gradient / len(y)
    return w


def loss_of_epochs(X: Array, y: Array, epochs: int) -> list[float]:
    """Mini-batch SGD; reports one mean loss an epoch."""
    rng = np.random.default_rng(0)
    w = np.zeros(X.shape[1])
    reported = []
    for _ in range(epochs):
        total = 0.0
        for batch in np.split(rng.permutation(len(y)), 20):
            error = X[batch] @ w - y[batch]
            loss = 0.5 * error**2
            total += loss.sum()
            w = w - 0.02 * X[batch].T @ error / len(batch)
        reported.append(float(loss.mean()))
    return reported
