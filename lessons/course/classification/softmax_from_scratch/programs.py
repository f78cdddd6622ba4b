"""The programs that `classification/softmax-from-scratch` shows and runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from engine.data import ImageData
from engine.labs.gallery import load_set
from engine.recipes.linear import sgd
from engine.recipes.softmax import (
    accuracy,
    count_correct,
    cross_entropy,
    flatten,
    init_params,
    scores,
    softmax,
)


def whole_matrix_softmax() -> None:
    """Divide by the sum of each row, and by the sum of the whole batch."""
    Z = torch.tensor([[1.0, 2.0, 3.0], [4.0, 0.0, 2.0]])
    by_rows = softmax(Z)
    by_batch = Z.exp() / Z.exp().sum()
    for name, P in (("by rows", by_rows), ("by batch", by_batch)):
        for row in P:
            numbers = " ".join(f"{p:.3f}" for p in row)
            print(f"{name:<8}  {numbers}  sum {row.sum():.3f}  best class {row.argmax()}")


def indexing() -> None:
    """Take from each row the probability of its label."""
    y_hat = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    y = torch.tensor([0, 2])
    picked = y_hat[torch.arange(2), y]
    print("picked:", picked.tolist())
    print("losses:", (-picked.log()).tolist())


class Accumulator:
    """Several running sums: `Accumulator(3)` adds up three numbers."""

    def __init__(self, count: int) -> None:
        self.sums = [0.0] * count

    def add(self, *values: Tensor | float) -> None:
        """Add one number to each sum."""
        pairs = zip(self.sums, values, strict=True)
        self.sums = [total + float(value) for total, value in pairs]

    def __getitem__(self, place: int) -> float:
        return self.sums[place]


def accumulate() -> None:
    """Measure three batches of 256, 256 and 96 samples."""
    generator = torch.Generator().manual_seed(0)
    Z = torch.randn(608, 10, generator=generator)
    y = Z.argmax(dim=1)
    y[512:] = 0  # the labels of the last batch are mostly wrong
    sums, means = Accumulator(3), []
    for Z_batch, y_batch in zip(Z.split(256), y.split(256), strict=True):
        losses = cross_entropy(Z_batch, y_batch)
        sums.add(losses.sum(), count_correct(Z_batch, y_batch), len(y_batch))
        means.append(float(losses.mean()))
        print("sums:", *(f"{total:8.2f}" for total in sums.sums))
    print(f"accuracy                {sums[1] / sums[2]:.4f}")
    print(f"mean loss               {sums[0] / sums[2]:.4f}")
    print(f"mean of the batch means {sum(means) / len(means):.4f}")


class Animator:
    """A chart that grows by one row each time: a mark for each curve."""

    def __init__(self, marks: str, high: float, width: int = 50) -> None:
        self.marks, self.high, self.width = marks, high, width

    def add(self, x: int, values: Sequence[float]) -> str:
        """The row that shows one value of each curve."""
        cells = [" "] * (self.width + 1)
        for mark, value in zip(self.marks, values, strict=True):
            place = round(self.width * min(value / self.high, 1.0))
            cells[place] = mark
        return f"{x:>3} |" + "".join(cells).rstrip()


Batches = Iterable[Sequence[Tensor]]
"""Pairs of inputs and labels, as a DataLoader gives them; read anew in each epoch."""


def train(
    net: Callable[[Tensor], Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    batches: Batches,
    test: tuple[Tensor, Tensor],
    epochs: int,
    *,
    params: Sequence[Tensor] = (),
    lr: float = 0.0,
    optimizer: torch.optim.Optimizer | None = None,
) -> Iterator[tuple[float, float, float]]:
    """Train; after each epoch: mean loss, train and test accuracy.

    `loss` gives one number per sample. Either `params` and `lr`
    are given, or an `optimizer`.
    """
    for _ in range(epochs):
        sums = Accumulator(3)  # losses, right answers, samples
        for X, y in batches:
            Z = net(X)
            losses = loss(Z, y)
            if optimizer is None:
                losses.sum().backward()
                sgd(list(params), lr, len(y))
            else:
                optimizer.zero_grad()
                losses.mean().backward()
                optimizer.step()
            sums.add(losses.detach().sum(), count_correct(Z, y), len(y))
        with torch.no_grad():
            right = accuracy(net(test[0]), test[1])
        yield sums[0] / sums[2], sums[1] / sums[2], right


def from_scratch(data: ImageData, epochs: int) -> Iterator[tuple[float, float, float]]:
    """Train our own parameters with our own functions."""
    X, y, test = some_of(data)
    W, b = init_params(784, 10, torch.Generator().manual_seed(0))
    params = [W.requires_grad_(), b.requires_grad_()]

    def net(X: Tensor) -> Tensor:
        return scores(X, W, b)

    return train(net, cross_entropy, loader(X, y), test, epochs, params=params, lr=0.1)


def with_optimiser(data: ImageData, epochs: int) -> Iterator[tuple[float, float, float]]:
    """Train a layer of PyTorch, from the same start, with torch.optim.SGD."""
    X, y, test = some_of(data)
    W, _ = init_params(784, 10, torch.Generator().manual_seed(0))
    net = nn.Linear(784, 10)
    with torch.no_grad():
        net.weight.copy_(W.T)
        net.bias.zero_()
    loss = nn.CrossEntropyLoss(reduction="none")
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    return train(net, loss, loader(X, y), test, epochs, optimizer=sgd)


def some_of(data: ImageData) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
    """Up to 2000 training images with their labels, and up to 1000 of the test set."""
    test = flatten(data.test_images[:1000]), data.test_labels[:1000]
    return flatten(data.train_images[:2000]), data.train_labels[:2000], test


def loader(X: Tensor, y: Tensor) -> DataLoader[tuple[Tensor, ...]]:
    """Shuffled batches of 256, in the same orders each time that it is made."""
    order = torch.Generator().manual_seed(0)
    return DataLoader(TensorDataset(X, y), batch_size=256, shuffle=True, generator=order)


def watch() -> None:
    """Train from scratch, and draw a row after each epoch."""
    data, _ = load_set()
    print(f"{data.title}: o loss, x train accuracy, + test accuracy")
    animator = Animator("ox+", high=2.5)
    for epoch, figures in enumerate(from_scratch(data, 8), start=1):
        print(animator.add(epoch, figures))
    print("    0" + " " * 18 + "1" + " " * 19 + "2" + " " * 9 + "2.5")


def both_ways() -> None:
    """Hand the loop parameters, then an optimiser."""
    data, _ = load_set()
    print(data.title)
    ways = {"parameters": from_scratch, "optimiser": with_optimiser}
    for name, run in ways.items():
        for epoch, figures in enumerate(run(data, 3), start=1):
            loss, train, test = figures
            print(f"{name:<10} epoch {epoch}: loss {loss:.4f}", end="")
            print(f"  train {train:.4f}  test {test:.4f}")
