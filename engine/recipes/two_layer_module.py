"""The two-layer network as a class: what Sequential cannot express, forward() can.

Shapes: x (n, d_in), y (n, d_out).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from engine.language import _
from engine.recipes import setting
from engine.recipes.plumbing import set_rate, start
from engine.recipes.two_layer import RandomData, TwoLayerModelTask, random_data
from engine.recipes.two_layer_optim import make_optimizer, train_step
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source


class TwoLayerNet(nn.Module):
    """y_pred = max(0, x·w1)·w2, the weights in two layers without biases."""

    def __init__(self, d_in: int, h: int, d_out: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(d_in, h, bias=False)
        self.linear2 = nn.Linear(h, d_out, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in); called by model(x)."""
        h_relu = self.linear1(x).clamp(min=0)
        y_pred: Tensor = self.linear2(h_relu)
        return y_pred


RECIPE = Recipe(
    name="two-layer-module",
    title=_("Two-layer network as an nn.Module"),
    module=__name__,
    dataset="random",
    hyperparameters=setting.two_layer(init="normal"),
    usual_rates=((("uniform",), 1e-4),),
    place=55,
)


class ModuleTask(TwoLayerModelTask):
    """Trains a TwoLayerNet with plain SGD from torch.optim."""

    def __init__(self, data: RandomData, init: str, lr: float, generator: torch.Generator) -> None:
        super().__init__(TwoLayerNet(D_IN, H, D_OUT), data, init, generator)
        self.optimizer = make_optimizer("sgd", self.model.parameters(), lr)

    def train_step(self, x: Tensor, y: Tensor, learning_rate: float) -> Tensor:
        """One update by the optimizer."""
        set_rate(self.optimizer, learning_rate)
        return train_step(self.model, self.optimizer, x, y)


def build(settings: Mapping[str, Setting], source: Source) -> ModuleTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    begin = start(settings, source)
    data = random_data(begin.generator, begin.device).split(begin)
    return ModuleTask(data, str(settings["init"]), float(settings["lr"]), begin.generator)
