"""The two-layer network with optim: the update rule becomes a choice of one word.

Shapes: x (n, d_in), y (n, d_out).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from engine.language import _
from engine.recipes import setting
from engine.recipes.plumbing import set_rate, start
from engine.recipes.two_layer import RandomData, TwoLayerModelTask, random_data
from engine.recipes.two_layer_nn import loss_fn, make_model
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source

MOMENTUM = 0.9


def make_optimizer(name: str, params: Iterable[Tensor], lr: float) -> torch.optim.Optimizer:
    """The optimizer called sgd, momentum, rmsprop or adam, for the parameters it updates."""
    match name:
        case "sgd":
            return torch.optim.SGD(params, lr=lr)
        case "momentum":
            return torch.optim.SGD(params, lr=lr, momentum=MOMENTUM)
        case "rmsprop":
            return torch.optim.RMSprop(params, lr=lr)
        case "adam":
            return torch.optim.Adam(params, lr=lr)
    raise ValueError(f"there is no optimizer {name!r}")


def train_step(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor) -> Tensor:
    """One update by `optimizer`; returns the loss before it, shape ()."""
    y_pred = model(x)
    loss: Tensor = loss_fn(y_pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


RECIPE = Recipe(
    name="two-layer-optim",
    title=_("Two-layer network with optim"),
    module=__name__,
    dataset="random",
    hyperparameters=setting.two_layer(setting.optimiser("adam"), lr=1e-4, init="uniform"),
    usual_rates=(
        (("sgd", "normal"), 1e-6),
        (("momentum", "normal"), 1e-7),
        (("rmsprop", "normal"), 0.001),
        (("adam", "normal"), 0.03),
    ),
    place=54,
)


class OptimTask(TwoLayerModelTask):
    """Trains a Sequential with an optimizer."""

    def __init__(
        self, data: RandomData, init: str, optimizer: str, lr: float, generator: torch.Generator
    ) -> None:
        super().__init__(make_model(D_IN, H, D_OUT), data, init, generator)
        self.optimizer = make_optimizer(optimizer, self.model.parameters(), lr)

    def train_step(self, x: Tensor, y: Tensor, learning_rate: float) -> Tensor:
        """One update by the optimizer."""
        set_rate(self.optimizer, learning_rate)
        return train_step(self.model, self.optimizer, x, y)


def build(settings: Mapping[str, Setting], source: Source) -> OptimTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    begin = start(settings, source)
    data = random_data(begin.generator, begin.device).split(begin)
    init, optimizer = str(settings["init"]), str(settings["optimizer"])
    return OptimTask(data, init, optimizer, float(settings["lr"]), begin.generator)
