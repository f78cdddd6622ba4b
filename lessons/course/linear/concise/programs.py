"""The programs that `linear/concise` shows and runs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.recipes.linear import synthetic_data
from engine.recipes.linear_concise import make_net


def look_at_layer() -> None:
    """Print what the model holds, and what it makes of ten samples."""
    net = make_net(2)
    print(net)
    for name, parameter in net.named_parameters():
        print(f"{name:<9} {tuple(parameter.shape)}")
    X = torch.zeros(10, 2)
    print("net(X)   ", tuple(net(X).shape))
    print("squeezed ", tuple(net(X).squeeze(1).shape))


TRUE_W, TRUE_B = torch.tensor([2.0, 3.4]), 4.2


def first_step(*, halve: bool, lr: float) -> Tensor:
    """How far w moves in one update from 0, with nn.MSELoss halved or as it is."""
    X, y = synthetic_data(TRUE_W, TRUE_B, 1000, torch.Generator().manual_seed(0))
    net = make_net(2)
    for parameter in net.parameters():
        nn.init.zeros_(parameter)
    loss = nn.MSELoss()(net(X).squeeze(1), y)
    (loss / 2 if halve else loss).backward()
    torch.optim.SGD(net.parameters(), lr=lr).step()
    return next(net.parameters()).detach().flatten()


def compare_steps() -> None:
    """Print the first step with and without the half, at several learning rates."""
    for halve, lr in ((True, 0.03), (False, 0.03), (False, 0.015), (True, 0.06)):
        w1, w2 = first_step(halve=halve, lr=lr).tolist()
        name = "MSELoss / 2" if halve else "MSELoss"
        print(f"{name:<12} lr {lr:<6} w = ({w1:.5f}, {w2:.5f})")
