"""Faulty programs of the chapter on multilayer perceptrons."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from lessons.examples.mlp import XOR_X, XOR_Y


def scores(X: Tensor, params: list[Tensor]) -> Tensor:
    """One score (logit) a sample; the hidden layer has ReLU."""
    W1, B1, W2, B2 = params
    A = torch.relu(X @ W1 + B1)
    Z = torch.relu(A @ W2 + B2)
    return Z[:, 0]


def learn_xor(made: torch.Generator) -> tuple[list[float], Tensor]:
    """A 2-4-1 network learns XOR: losses, hidden weights."""
    shapes = (2, 4), (4,), (4, 1), (1,)
    start = [torch.full(shape, 0.5) for shape in shapes]
    W1, B1, W2, B2 = (param.requires_grad_() for param in start)
    optimizer = torch.optim.SGD(start, lr=1.0)
    losses = []
    for _ in range(200):
        optimizer.zero_grad()
        hidden = torch.tanh(XOR_X @ W1 + B1)
        z = hidden @ W2 + B2
        loss = binary_cross_entropy_with_logits(z, XOR_Y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, W1.detach()
