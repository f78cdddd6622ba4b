"""The programs that `mlp/watching` shows and runs."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.training.metrics import RunningSums


def losses_of_an_epoch() -> tuple[Tensor, ...]:
    """The losses of 100 samples in batches of 64: the last batch is smaller, and worse."""
    return torch.full((64,), 0.5), torch.full((36,), 1.0)


def three_figures() -> None:
    """Print three figures that are called the loss of the epoch; one is right."""
    batches = losses_of_an_epoch()
    sums = RunningSums()
    for losses in batches:
        sums.add(loss=float(losses.sum()), correct=0, samples=len(losses))
    means = [float(losses.mean()) for losses in batches]
    print(f"the last batch       {means[-1]:.3f}")
    print(f"the mean of means    {sum(means) / len(means):.3f}")
    print(f"the running sums     {sums.mean_loss:.3f}")


BLOCKS = "▁▂▃▄▅▆▇█"


HIGHEST = 2.0
"""The loss at which a block is full."""


SHAPES = (
    ("as it should be", 0.05, 500),
    ("rate too large", 1.0, 500),
    ("rate too small", 1e-4, 500),
    ("too few samples", 0.1, 60),
)
"""Name, learning rate and number of samples of four trainings."""


class Curves(NamedTuple):
    """What was measured before each update."""

    train: list[float]
    test: list[float]


def clusters(n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Samples of three classes that overlap: no model can tell all of them apart."""
    y = torch.randint(0, 3, (n,), generator=generator)
    return 1.2 * nn.functional.one_hot(y, 20) + torch.randn(n, 20, generator=generator), y


def train(lr: float, samples: int, batch: int = 10, updates: int = 300) -> Curves:
    """Train a small network; mean loss on its samples and on 500 others, before each update."""
    generator = torch.Generator().manual_seed(0)
    X, y = clusters(samples, generator)
    X_test, y_test = clusters(500, generator)
    net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 3))
    for parameter in net.parameters():
        nn.init.normal_(parameter, std=0.1, generator=generator)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    curves = Curves([], [])
    for _ in range(updates):
        with torch.no_grad():
            curves.train.append(nn.functional.cross_entropy(net(X), y).item())
            curves.test.append(nn.functional.cross_entropy(net(X_test), y_test).item())
        rows = torch.randint(samples, (batch,), generator=generator)
        loss = nn.functional.cross_entropy(net(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return curves


def blocks(values: list[float]) -> str:
    """A row of blocks, one for ten updates: the higher, the larger the loss."""
    places = [min(int(value / HIGHEST * len(BLOCKS)), len(BLOCKS) - 1) for value in values[::10]]
    return "".join(BLOCKS[place] for place in places)


def four_shapes() -> None:
    """Train four times and draw what the losses do."""
    for name, lr, samples in SHAPES:
        train_loss, test_loss = train(lr, samples)
        print(f"{name:<15} train {blocks(train_loss)} {train_loss[-1]:.3f}")
        print(f"{'':<15} test  {blocks(test_loss)} {test_loss[-1]:.3f}")
