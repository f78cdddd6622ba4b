"""The two-layer network with nn: layers that hold their weights, and a ready-made loss.

Shapes: x (n, d_in), y (n, d_out). nn.Linear keeps its weight as (out, in) and computes x·weightᵀ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from engine.language import _
from engine.recipes import setting
from engine.recipes.plumbing import start
from engine.recipes.two_layer import TwoLayerModelTask, random_data
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source


def make_model(d_in: int, h: int, d_out: int) -> nn.Sequential:
    """The model: what one layer gives is what the next one gets."""
    return nn.Sequential(
        nn.Linear(d_in, h, bias=False),
        nn.ReLU(),
        nn.Linear(h, d_out, bias=False),
    )


loss_fn = nn.MSELoss(reduction="sum")
"""The loss: Σ (y_pred − y)²; without reduction="sum" it is the mean over samples and outputs."""


def train_step(model: nn.Module, x: Tensor, y: Tensor, lr: float) -> Tensor:
    """One update of all parameters of `model`; returns the loss before it, shape ()."""
    y_pred = model(x)
    loss: Tensor = loss_fn(y_pred, y)
    model.zero_grad()
    loss.backward()
    params: Iterable[Tensor] = model.parameters()
    with torch.no_grad():
        for param in params:
            assert param.grad is not None, "every layer has to take part in y_pred"
            param -= lr * param.grad
    return loss.detach()


RECIPE = Recipe(
    name="two-layer-nn",
    title=_("Two-layer network with nn"),
    module=__name__,
    dataset="random",
    hyperparameters=setting.two_layer(init="normal"),
    usual_rates=((("uniform",), 1e-4),),
    place=53,
)


class NnTask(TwoLayerModelTask):
    """Trains a Sequential, parameter by parameter."""

    def train_step(self, x: Tensor, y: Tensor, learning_rate: float) -> Tensor:
        """One update of every parameter."""
        return train_step(self.model, x, y, learning_rate)


def build(settings: Mapping[str, Setting], source: Source) -> NnTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    begin = start(settings, source)
    data = random_data(begin.generator, begin.device).split(begin)
    return NnTask(make_model(D_IN, H, D_OUT), data, str(settings["init"]), begin.generator)
