"""The two-layer network with autograd: the forward pass is written, the gradients are not.

Shapes: x (n, d_in), y (n, d_out), w1 (d_in, h), w2 (h, d_out); w1 and w2 have requires_grad.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from engine.language import _
from engine.recipes import setting
from engine.recipes.plumbing import start
from engine.recipes.two_layer import RandomData, TwoLayerTask, random_data, random_weights
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source


def forward(x: Tensor, w1: Tensor, w2: Tensor) -> Tensor:
    """The model: y_pred = max(0, x·w1)·w2, (n, d_out).

    The values in between no longer need names: autograd remembers what it needs of them.
    """
    return x.mm(w1).clamp(min=0).mm(w2)


def squared_error(y_pred: Tensor, y: Tensor) -> Tensor:
    """The loss: Σ (y_pred − y)², over all outputs and samples; a tensor of shape ()."""
    return (y_pred - y).pow(2).sum()


def train_step(x: Tensor, y: Tensor, w1: Tensor, w2: Tensor, lr: float) -> Tensor:
    """One update of w1 and w2, in place; returns the loss before it."""
    loss = squared_error(forward(x, w1, w2), y)
    loss.backward()  # fills w1.grad and w2.grad
    with torch.no_grad():  # the update itself is not part of the graph
        for w in (w1, w2):
            assert w.grad is not None, "w needs requires_grad=True"
            w -= lr * w.grad
            w.grad.zero_()  # the next backward() adds to what is there
    return loss.detach()


RECIPE = Recipe(
    name="two-layer-autograd",
    title=_("Two-layer network with autograd"),
    module=__name__,
    dataset="random",
    hyperparameters=setting.two_layer(),
    place=52,
)


class AutogradTask(TwoLayerTask):
    """Trains tensors with gradients from autograd."""

    def __init__(self, data: RandomData, generator: torch.Generator) -> None:
        weights = random_weights(generator)
        self.w1, self.w2 = (w.to(data.x.device).requires_grad_() for w in weights)
        super().__init__({"w1": self.w1, "w2": self.w2}, data, generator)

    def train_step(self, x: Tensor, y: Tensor, learning_rate: float) -> Tensor:
        """One update by autograd."""
        return train_step(x, y, self.w1, self.w2, learning_rate)

    def predict(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in)."""
        return forward(x, self.w1, self.w2)


def build(settings: Mapping[str, Setting], source: Source) -> AutogradTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    begin = start(settings, source)
    return AutogradTask(random_data(begin.generator, begin.device).split(begin), begin.generator)
