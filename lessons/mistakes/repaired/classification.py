"""Right programs of the chapter on classification."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from lessons.mistakes.parts import Array, sigmoid


def cost(w: Array, X: Array, y: Array) -> float:
    """What the training makes small; y holds 0 and 1."""
    p = sigmoid(X @ w)
    p_of_label = np.where(y == 1, p, 1 - p)
    costs = -np.log(p_of_label)
    return float(costs.mean())


def logistic_loss(w: Array, X: Array, y: Array) -> float:
    """The mean logistic loss; y holds 0 and 1."""
    z = X @ w
    margins = (2 * y - 1) * z
    losses = np.logaddexp(0, -margins)
    return float(losses.mean())


def softmax(Z: Array) -> Array:
    """Probabilities: one row of them for each row of scores."""
    shifted = Z - Z.max(axis=1, keepdims=True)
    exps: Array = np.exp(shifted)
    exps /= exps.sum(axis=1, keepdims=True)
    return exps


def mean_loss(Z: Tensor, y: Tensor, batch_size: int) -> float:
    """The mean loss over all samples, batch by batch."""
    total = 0.0
    for start in range(0, len(y), batch_size):
        batch = slice(start, start + batch_size)
        losses = cross_entropy(Z[batch], y[batch], reduction="none")
        total += losses.sum().item()
    return total / len(y)


def accuracy(guessed: Tensor, y: Tensor, batch_size: int) -> float:
    """The fraction that is right, batch by batch."""
    correct, seen = 0, 0
    for start in range(0, len(y), batch_size):
        batch = slice(start, start + batch_size)
        correct += int(torch.eq(guessed[batch], y[batch]).sum())
        seen += len(y[batch])
    return correct / seen
