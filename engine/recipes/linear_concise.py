"""Linear regression with the modules of PyTorch: the same data, model, loss and updates.

Shapes: n samples of d features are X (n, d); their labels y (n,). nn.Linear keeps its weight as
(out, in), so (1, d) here, and its bias as (1,).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler, TensorDataset

from engine.language import _
from engine.recipes import setting
from engine.recipes.linear import linear_data
from engine.recipes.linear_data import LinearData
from engine.recipes.modules import for_one_epoch, linears
from engine.recipes.parts import MeasuredTask
from engine.recipes.plumbing import Start, set_rate, start
from engine.training.guess import Theory
from engine.training.inside import Inside, Pass
from engine.training.recipe import Recipe
from engine.training.snapshot import ParameterRow, Setting
from engine.training.task import Batch, BatchSums, Evaluation, Gradient, Source, check_exchange


def loader(
    X: Tensor, y: Tensor, batch_size: int, generator: torch.Generator
) -> DataLoader[tuple[Tensor, ...]]:
    """Go through all samples once, in random order, a mini-batch at a time.

    `shuffle=True` would do the same with random numbers of its own; a sampler with our generator
    shuffles as `data_iter` does.
    """
    dataset = TensorDataset(X, y)
    return DataLoader(dataset, batch_size, sampler=RandomSampler(dataset, generator=generator))


def make_net(d: int) -> nn.Sequential:
    """The model: one layer, d features in and one number out, so ŷ has the shape (n, 1)."""
    return nn.Sequential(nn.Linear(d, 1))


def init_weights(net: nn.Module, generator: torch.Generator) -> None:
    """Start with w ~ N(0, 0.01²) and b = 0."""
    for layer in linears(net):
        nn.init.normal_(layer.weight, std=0.01, generator=generator)
        nn.init.zeros_(layer.bias)


loss_fn = nn.MSELoss()
"""The mean of (ŷ − y)² over the batch, without the ½."""


def half_mse(net: nn.Module, X: Tensor, y: Tensor) -> Tensor:
    """The loss: half the mean squared error, shape ().

    squeeze turns ŷ from (n, 1) into (n,): a difference of (n, 1) and (n,) would be n × n numbers.
    """
    y_hat = net(X).squeeze(1)
    loss: Tensor = loss_fn(y_hat, y) / 2
    return loss


def update(net: nn.Module, optimizer: torch.optim.Optimizer, X: Tensor, y: Tensor) -> Tensor:
    """One update from one mini-batch; returns its mean loss before the update."""
    loss = half_mse(net, X, y)  # forward, loss
    optimizer.zero_grad()
    loss.backward()  # gradients
    optimizer.step()  # update
    return loss.detach()


RECIPE = Recipe(
    name="linear-concise",
    title=_("Linear regression with nn.Linear"),
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
    place=11,
)


class LinearConciseTask(MeasuredTask):
    """Linear regression by nn.Linear on the data of the version from scratch."""

    gradient = Gradient.MEAN

    def __init__(self, data: LinearData, begin: Start, lr: float) -> None:
        self.data, self.parts = data, data.parts
        self.net = make_net(len(data.true_w))
        init_weights(self.net, begin.generator)
        self.net.to(begin.device)
        (self.layer,) = linears(self.net)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=lr)
        super().__init__(
            parameters=dict(self.net.named_parameters()),
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
        shuffle = for_one_epoch(self.generator, self.train_samples)
        yield from loader(self.data.X, self.data.y, batch_size, shuffle)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        set_rate(self.optimizer, learning_rate)
        return BatchSums(update(self.net, self.optimizer, X, y) * len(y), None, len(y))

    def measure(self, X: Tensor, y: Tensor) -> Evaluation:
        with torch.no_grad():
            return Evaluation(float(half_mse(self.net, X, y)), None)

    def fingerprint(self) -> str:
        return self.data.sha256()

    def rows(self) -> tuple[ParameterRow, ...]:
        """Each learned number beside the one that made the data."""
        own = self.exchange()
        return self.data.rows(own["w"], own["b"])

    def first_loss(self) -> Theory:
        """That of a model that predicts 0."""
        return self.data.first_loss()

    def inside(self) -> Inside:
        """A look inside, on the first training samples."""
        X, y = self.data.X, self.data.y

        def forward(n: int) -> Pass:
            return Pass(half_mse(self.net, X[:n], y[:n]), [list(self.net.parameters())], [])

        return Inside(len(y), forward, lambda n: float(y[:n].var(correction=0)) / 2)

    def gradient_norms(self) -> tuple[float, ...]:
        """Length of the gradient over the layer, on all training samples."""
        loss = half_mse(self.net, self.data.X, self.data.y)
        grads = torch.autograd.grad(loss, list(self.net.parameters()))
        return (float(torch.cat([grad.flatten() for grad in grads]).norm()),)

    def exchange(self) -> dict[str, Tensor]:
        """w (d,) and b () on the CPU, as in the version from scratch."""
        return {
            "w": self.layer.weight.detach().flatten().cpu().clone(),
            "b": self.layer.bias.detach().reshape(()).cpu().clone(),
        }

    def take(self, values: Mapping[str, Tensor]) -> None:
        """Set the layer to the w and b of another version; raises ValueError."""
        check_exchange(self.exchange(), values)
        with torch.no_grad():
            self.layer.weight.copy_(values["w"].reshape(1, -1))
            self.layer.bias.copy_(values["b"].reshape(1))


def build(settings: Mapping[str, Setting], source: Source) -> LinearConciseTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    begin = start(settings, source)
    return LinearConciseTask(linear_data(begin), begin, float(settings["lr"]))
