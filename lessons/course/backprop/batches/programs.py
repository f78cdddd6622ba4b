"""The programs that `backprop/batches` shows and runs."""

from __future__ import annotations

import torch
from torch import nn


def _short(values: torch.Tensor) -> list[object]:
    """The numbers of a tensor, rounded for reading."""
    found: list[object] = values.detach().double().numpy().round(6).tolist()
    return found


def forward_both_ways() -> None:
    """Print one layer by the formula beside nn.Linear."""
    # Column i holds the weights into unit i.
    W = torch.tensor([[0.15, 0.25], [0.20, 0.30]])
    b = torch.tensor([0.35, 0.35])
    # Two samples, one per row.
    X = torch.tensor([[0.05, 0.10], [1.00, 0.00]])

    linear = nn.Linear(2, 2)
    with torch.no_grad():
        linear.weight.copy_(W.T)  # one row per receiving unit
        linear.bias.copy_(b)

    print("X @ W + b:", _short(X @ W + b))
    print("nn.Linear:", _short(linear(X)))
    print("its weight:", _short(linear.weight))
