"""Linear regression from scratch: the functions that the lesson shows are the ones that train.

Shapes: n samples of d features are X (n, d); their labels y (n,); weights w (d,); bias b ().
Stochastic gradient descent goes back to Robbins and Monro (1951).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import torch
from torch import Tensor

from engine.language import _
from engine.recipes import setting
from engine.recipes.linear_data import LinearData
from engine.recipes.parts import MeasuredTask
from engine.recipes.plumbing import Start, start
from engine.training.guess import Theory
from engine.training.inside import Inside, Pass
from engine.training.recipe import Recipe
from engine.training.snapshot import ParameterRow, Setting
from engine.training.task import Batch, BatchSums, Evaluation, Gradient, Source

TRUE_W, TRUE_B = (2.0, 3.4), 4.2
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
    """The model: ŷ = Xw + b, one number per sample."""
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
            param -= lr / batch_size * param.grad
            param.grad = None


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


RECIPE = Recipe(
    name="linear",
    title=_("Linear regression from scratch"),
    module=__name__,
    dataset="linear",
    hyperparameters=(
        setting.epochs(5),
        setting.learning_rate(0.03),
        setting.batch_size(10),
        setting.validation(),
        setting.seed(),
        setting.threads(),
    ),
    place=10,
)


def linear_data(begin: Start) -> LinearData:
    """Make the training samples, then the test samples; hold out the validation samples."""
    true_w = torch.tensor(TRUE_W)
    train = synthetic_data(true_w, TRUE_B, SAMPLES, begin.generator)
    test = synthetic_data(true_w, TRUE_B, SAMPLES, begin.generator)
    X, y, X_test, y_test = (part.to(begin.device) for part in (*train, *test))
    kept, held = begin.split(len(y))
    if kept is None or held is None:
        return LinearData(X, y, X_test, y_test, TRUE_W, TRUE_B)
    validation = X[held], y[held]
    return LinearData(X[kept], y[kept], X_test, y_test, TRUE_W, TRUE_B, validation)


class LinearTask(MeasuredTask):
    """Linear regression on data whose true w and b are known."""

    gradient = Gradient.DIVIDED_SUM

    def __init__(self, data: LinearData, begin: Start) -> None:
        self.data, self.parts = data, data.parts
        w, b = init_params(len(TRUE_W), begin.generator)
        params = begin.parameters(w=w, b=b)
        self.w, self.b = params.values()
        super().__init__(
            parameters=params,
            generator=begin.generator,
            device=begin.device,
            dataset=data.title,
            dataset_name="linear",
            synthetic=True,
            train_samples=len(data.y),
            layers=("output",),
            **self.counts(),
        )

    def batches(self, batch_size: int) -> Iterator[Batch]:
        return data_iter(batch_size, self.data.X, self.data.y, self.generator)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        return BatchSums(update(X, y, self.w, self.b, learning_rate), None, len(y))

    def measure(self, X: Tensor, y: Tensor) -> Evaluation:
        return Evaluation(float(mean_loss(X, y, self.w, self.b)), None)

    def fingerprint(self) -> str:
        return self.data.sha256()

    def rows(self) -> tuple[ParameterRow, ...]:
        """Each learned number beside the one that made the data."""
        return self.data.rows(self.w, self.b)

    def first_loss(self) -> Theory:
        """That of a model that predicts 0."""
        return self.data.first_loss()

    def inside(self) -> Inside:
        """A look inside, on the first training samples."""
        X, y = self.data.X, self.data.y

        def forward(n: int) -> Pass:
            loss = squared_loss(linreg(X[:n], self.w, self.b), y[:n]).mean()
            return Pass(loss, [[self.w, self.b]], [])

        return Inside(len(y), forward, lambda n: float(y[:n].var(correction=0)) / 2)

    def gradient_norms(self) -> tuple[float, ...]:
        """Length of the gradient over w and b, on all training samples."""
        loss = squared_loss(linreg(self.data.X, self.w, self.b), self.data.y).mean()
        grad_w, grad_b = torch.autograd.grad(loss, [self.w, self.b])
        return (float(torch.cat([grad_w, grad_b[None]]).norm()),)


def build(settings: Mapping[str, Setting], source: Source) -> LinearTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    begin = start(settings, source)
    return LinearTask(linear_data(begin), begin)
