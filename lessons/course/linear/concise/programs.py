"""The programs that `linear/concise` shows and runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import torch
from torch import Tensor, nn

from engine.recipes.linear import data_iter, sgd, squared_loss, synthetic_data
from engine.recipes.linear_concise import init_weights, make_net


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


def train(
    net: Callable[[Tensor], Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    batches: Callable[[], Iterable[tuple[Tensor, Tensor]]],
    updater: torch.optim.Optimizer | Callable[[int], None],
    epochs: int,
) -> float:
    """Train, and return the mean loss of the last epoch; `loss` has one number per sample."""
    for _ in range(epochs):
        total, seen = 0.0, 0
        for X, y in batches():
            losses = loss(net(X), y)
            if isinstance(updater, torch.optim.Optimizer):
                updater.zero_grad()
                losses.mean().backward()
                updater.step()
            else:
                losses.sum().backward()
                updater(len(y))
            total, seen = total + losses.sum().item(), seen + len(y)
    return total / seen


def trained(name: str) -> tuple[float, list[float]]:
    """The loss and the parameters after five epochs with one of three updaters."""
    generator = torch.Generator().manual_seed(0)
    X, y = synthetic_data(TRUE_W, TRUE_B, 1000, generator)
    net = make_net(2)
    init_weights(net, generator)
    updater: torch.optim.Optimizer | Callable[[int], None]
    if name == "own sgd":
        updater = partial(sgd, list(net.parameters()), 0.03)
    elif name == "SGD":
        updater = torch.optim.SGD(net.parameters(), lr=0.03)
    else:
        updater = torch.optim.Adam(net.parameters(), lr=0.1)
    loss = train(
        lambda X: net(X).squeeze(1),
        squared_loss,
        lambda: data_iter(10, X, y, generator),
        updater,
        epochs=5,
    )
    return loss, [part.item() for parameter in net.parameters() for part in parameter.flatten()]


def one_loop() -> None:
    """Print what the loop learns with each updater."""
    for name in ("own sgd", "SGD", "Adam"):
        loss, (w1, w2, b) = trained(name)
        print(f"{name:<8} loss {loss:.3e}   w = ({w1:.4f}, {w2:.4f})   b = {b:.4f}")
