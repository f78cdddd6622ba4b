"""The faulty and the repaired programs of `mlp/hidden-layers`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from lessons.course.mlp.hidden_layers.programs import XOR_X, XOR_Y
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    curve_of,
    numbers,
)


def faulty_scores(X: Tensor, params: list[Tensor]) -> Tensor:
    """One score (logit) a sample; the hidden layer has ReLU."""
    W1, B1, W2, B2 = params
    A = torch.relu(X @ W1 + B1)
    Z = torch.relu(A @ W2 + B2)
    return Z[:, 0]


def scores(X: Tensor, params: list[Tensor]) -> Tensor:
    """One score (logit) a sample; the hidden layer has ReLU."""
    W1, B1, W2, B2 = params
    A = torch.relu(X @ W1 + B1)
    Z = A @ W2 + B2
    return Z[:, 0]


def _scores(run: Program) -> Evidence:
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    made = torch.Generator().manual_seed(3)
    y = torch.arange(80) % 2.0
    X = torch.randn(80, 2, generator=made) + (2 * y[:, None] - 1) * 1.5
    shapes: tuple[tuple[int, ...], ...] = (2, 8), (8,), (8, 1), (1,)
    params = [0.5 * torch.randn(shape, generator=made) for shape in shapes]
    for param in params:
        param.requires_grad_()
    optimizer = torch.optim.SGD(params, lr=0.5)
    losses = []
    for _ in range(100):
        optimizer.zero_grad()
        loss = binary_cross_entropy_with_logits(run(X, params), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    Z = run(X, params).detach()
    P = torch.sigmoid(Z)
    facts = (
        Fact("lowest score", numbers([Z.min().item()], 3)),
        Fact("scores that are exactly 0", f"{int((Z == 0).sum())} of {len(Z)}"),
        Fact("lowest probability of class 1", numbers([P.min().item()], 3)),
        Fact("samples of class 0", str(int((y == 0).sum()))),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.15), facts, curve_of(losses, "update", "loss")
    )


def faulty_learn_xor(made: torch.Generator) -> tuple[list[float], Tensor]:
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


def learn_xor(made: torch.Generator) -> tuple[list[float], Tensor]:
    """A 2-4-1 network learns XOR: losses, hidden weights."""
    shapes = (2, 4), (4,), (4, 1), (1,)
    start = [torch.randn(shape, generator=made) for shape in shapes]
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


def _learn_xor(run: Program) -> Evidence:
    import torch

    losses, W1 = run(torch.Generator().manual_seed(1))
    different = torch.unique(W1.round(decimals=5), dim=1).shape[1]
    facts = (
        Fact("weights into hidden unit 1", numbers(W1[:, 0].tolist(), 4)),
        Fact("weights into hidden unit 2", numbers(W1[:, 1].tolist(), 4)),
        Fact("different units", f"{different} of {W1.shape[1]}"),
        Fact("first loss", numbers(losses[:1], 4)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.1), facts, curve_of(losses, "update", "loss")
    )


MISTAKES: Mapping[str, MistakeValues] = {
    "relu-on-logits": MistakeValues("scores", _scores),
    "xor-symmetry": MistakeValues("learn_xor", _learn_xor),
}
