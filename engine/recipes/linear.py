"""Linear regression from scratch: the functions that the lesson shows are the ones that train.

Shapes: n samples of d features are X (n, d); their labels y (n,); weights w (d,); bias b ().
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.devices import choose
from engine.training.digest import sha256_of
from engine.training.snapshot import ParameterRow, Setting
from engine.training.task import Batch, BatchSums, Evaluation, Source, Task

TRUE_W = (2.0, 3.4)
TRUE_B = 4.2
NOISE = 0.01
SAMPLES = 1000


def synthetic_data(
    w: Tensor, b: float, n: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Make n samples of y = Xw + b + ε, with X ~ N(0, 1) and ε ~ N(0, 0.01²)."""
    X = torch.randn(n, len(w), generator=generator)
    noise = NOISE * torch.randn(n, generator=generator)
    return X, X @ w + b + noise


def data_iter(
    batch_size: int, features: Tensor, labels: Tensor, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Go through all samples once, in random order, a mini-batch at a time.

    The last batch is smaller where batch_size does not divide the number of samples.
    """
    order = torch.randperm(len(features), generator=generator).to(features.device)
    for batch in order.split(batch_size):
        yield features[batch], labels[batch]


def init_params(d: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Start with w ~ N(0, 0.01²) and b = 0."""
    w = 0.01 * torch.randn(d, generator=generator)
    b = torch.zeros(())
    return w, b


def linreg(X: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The model: ŷ = Xw + b, one number a sample."""
    return X @ w + b


def squared_loss(y_hat: Tensor, y: Tensor) -> Tensor:
    """The loss of each sample: ½(ŷ − y)²."""
    return (y_hat - y) ** 2 / 2


def sgd(params: Iterable[Tensor], lr: float, batch_size: int) -> None:
    """Move each parameter against its gradient, then clear the gradient.

    The gradient is of a sum over the batch; dividing by the batch size, here and only here, makes
    it that of the mean. batch_size is how many samples the batch really holds.
    """
    with torch.no_grad():
        for param in params:
            assert param.grad is not None, "call backward() first"
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def update(X: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> Tensor:
    """One update from one mini-batch; returns the sum of its losses before the update."""
    loss = squared_loss(linreg(X, w, b), y).sum()  # forward, loss
    loss.backward()  # gradients
    sgd([w, b], lr, len(y))  # update
    return loss.detach()


def mean_loss(X: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Mean loss over the samples of X, without learning from them."""
    with torch.no_grad():
        return squared_loss(linreg(X, w, b), y).mean()


@dataclass(frozen=True, slots=True, eq=False)
class LinearData:
    """Samples to train on and samples to test on, made by the same rule, on one device."""

    X: Tensor
    """(1000, 2)."""
    y: Tensor
    """(1000,)."""
    X_test: Tensor
    y_test: Tensor
    title: str = f"Synthetic: y = {TRUE_W[0]:g}·x1 + {TRUE_W[1]:g}·x2 + {TRUE_B:g} + noise"

    def sha256(self) -> str:
        """Fingerprint of the samples to train on."""
        return sha256_of({"X": self.X, "y": self.y})


def linear_data(generator: torch.Generator, device: torch.device) -> LinearData:
    """Make the samples to train on, then those to test on."""
    true_w = torch.tensor(TRUE_W)
    X, y = synthetic_data(true_w, TRUE_B, SAMPLES, generator)
    X_test, y_test = synthetic_data(true_w, TRUE_B, SAMPLES, generator)
    return LinearData(X.to(device), y.to(device), X_test.to(device), y_test.to(device))


def parameter_rows(w: Tensor, b: Tensor) -> tuple[ParameterRow, ...]:
    """Each learned number beside the one that made the data."""
    learned: Sequence[float] = [*w.tolist(), b.item()]
    return tuple(map(ParameterRow, ("w1", "w2", "b"), learned, (*TRUE_W, TRUE_B)))


class LinearTask(Task):
    """Linear regression on data whose true w and b are known."""

    def __init__(self, data: LinearData, generator: torch.Generator) -> None:
        device = data.X.device
        self.data = data
        w, b = init_params(len(TRUE_W), generator)
        self.w, self.b = (param.to(device).requires_grad_() for param in (w, b))
        super().__init__(
            parameters={"w": self.w, "b": self.b},
            generator=generator,
            device=device,
            dataset=data.title,
            dataset_name="linear",
            synthetic=True,
            train_samples=len(data.y),
            test_samples=len(data.y_test),
            layers=("output",),
        )

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """One epoch of shuffled mini-batches."""
        return data_iter(batch_size, self.data.X, self.data.y, self.generator)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        return BatchSums(update(X, y, self.w, self.b, learning_rate), None, len(y))

    def evaluate(self) -> Evaluation:
        """Measure the test set."""
        loss = mean_loss(self.data.X_test, self.data.y_test, self.w, self.b)
        return Evaluation(float(loss), None)

    def fingerprint(self) -> str:
        """sha256 of the training data."""
        return self.data.sha256()

    def rows(self) -> tuple[ParameterRow, ...]:
        """Each learned number beside the one that made the data."""
        return parameter_rows(self.w, self.b)

    def gradient_norms(self) -> tuple[float, ...]:
        """Length of the gradient over w and b, on all training samples."""
        loss = squared_loss(linreg(self.data.X, self.w, self.b), self.data.y).mean()
        grad_w, grad_b = torch.autograd.grad(loss, [self.w, self.b])
        return (float(torch.cat([grad_w, grad_b[None]]).norm()),)


def build(settings: Mapping[str, Setting], source: Source) -> LinearTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    generator = torch.Generator().manual_seed(int(settings["seed"]))
    return LinearTask(linear_data(generator, choose(source.device)), generator)
