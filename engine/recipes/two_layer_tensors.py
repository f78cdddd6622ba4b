"""The two-layer network with tensors: the NumPy version word for word, on any device.

What changes: dot becomes mm, maximum becomes clamp, .T becomes t(), copy becomes clone. Shapes:
x (n, d_in), y (n, d_out), w1 (d_in, h), w2 (h, d_out).
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


def forward(x: Tensor, w1: Tensor, w2: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The model: h = x·w1 and max(0, h), both (n, h), then y_pred = max(0, h)·w2, (n, d_out)."""
    h = x.mm(w1)
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2)
    return h, h_relu, y_pred


def squared_error(y_pred: Tensor, y: Tensor) -> Tensor:
    """The loss: Σ (y_pred − y)², over all outputs and samples; a tensor of shape ().

    `.item()` makes a Python number of it; on a GPU that waits for the result, so training does
    it only when a number is to be shown.
    """
    return (y_pred - y).pow(2).sum()


def gradients(x: Tensor, y: Tensor, w1: Tensor, w2: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The loss and its gradients ∂L/∂w1 (d_in, h) and ∂L/∂w2 (h, d_out), from back to front."""
    h, h_relu, y_pred = forward(x, w1, w2)
    grad_y_pred = 2 * (y_pred - y)  # ∂L/∂y_pred
    grad_w2 = h_relu.t().mm(grad_y_pred)
    grad_h_relu = grad_y_pred.mm(w2.t())
    grad_h = grad_h_relu.clone()
    grad_h[h < 0] = 0  # where ReLU gave 0, its slope is 0
    grad_w1 = x.t().mm(grad_h)
    return squared_error(y_pred, y), grad_w1, grad_w2


def train_step(x: Tensor, y: Tensor, w1: Tensor, w2: Tensor, lr: float) -> Tensor:
    """One update of w1 and w2, in place; returns the loss before it."""
    loss, grad_w1, grad_w2 = gradients(x, y, w1, w2)
    w1 -= lr * grad_w1
    w2 -= lr * grad_w2
    return loss


RECIPE = Recipe(
    name="two-layer-tensors",
    title=_("Two-layer network with tensors"),
    module=__name__,
    dataset="random",
    hyperparameters=setting.two_layer(),
    place=51,
)


class TensorsTask(TwoLayerTask):
    """Trains tensors with gradients written by hand."""

    def __init__(self, data: RandomData, generator: torch.Generator) -> None:
        self.w1, self.w2 = (w.to(data.x.device) for w in random_weights(generator))
        super().__init__({"w1": self.w1, "w2": self.w2}, data, generator)

    def train_step(self, x: Tensor, y: Tensor, learning_rate: float) -> Tensor:
        """One update by hand."""
        if self.add_up is None:
            return train_step(x, y, self.w1, self.w2, learning_rate)
        # The same, but with the gradients of all processes.
        loss, *grads = gradients(x, y, self.w1, self.w2)
        self.add_up(grads)
        for w, grad in zip((self.w1, self.w2), grads, strict=True):
            w -= learning_rate * grad
        return loss

    def predict(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in)."""
        return forward(x, self.w1, self.w2)[-1]


def build(settings: Mapping[str, Setting], source: Source) -> TensorsTask:
    """The task for `settings`; its data are made here, so `source` only names the device."""
    begin = start(settings, source)
    return TensorsTask(random_data(begin.generator, begin.device).split(begin), begin.generator)
