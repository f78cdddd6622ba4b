"""The two-layer network with NumPy: forward, loss and gradients, all written out by hand.

An ndarray knows nothing about gradients. Shapes: x (n, d_in), y (n, d_out), w1 (d_in, h),
w2 (h, d_out); all of one dtype, float32 in training as in the versions with PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.devices import choose
from engine.errors import UserError
from engine.language import _
from engine.recipes import setting
from engine.recipes.plumbing import start
from engine.recipes.two_layer import RandomData, TwoLayerTask, random_data, random_weights
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source

Array: TypeAlias = npt.NDArray[np.float32]


def forward(x: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array]:
    """The model: h = x·w1 and max(0, h), both (n, h), then y_pred = max(0, h)·w2, (n, d_out)."""
    h = x.dot(w1)
    h_relu = np.maximum(h, 0)
    y_pred = h_relu.dot(w2)
    return h, h_relu, y_pred


def squared_error(y_pred: Array, y: Array) -> float:
    """The loss: Σ (y_pred − y)², over all outputs and samples."""
    return float(np.square(y_pred - y).sum())


def gradients(x: Array, y: Array, w1: Array, w2: Array) -> tuple[float, Array, Array]:
    """The loss and its gradients ∂L/∂w1 (d_in, h) and ∂L/∂w2 (h, d_out), from back to front."""
    h, h_relu, y_pred = forward(x, w1, w2)
    grad_y_pred = 2 * (y_pred - y)  # ∂L/∂y_pred
    grad_w2 = h_relu.T.dot(grad_y_pred)
    grad_h_relu = grad_y_pred.dot(w2.T)
    grad_h = grad_h_relu.copy()
    grad_h[h < 0] = 0  # where ReLU gave 0, its slope is 0
    grad_w1 = x.T.dot(grad_h)
    return squared_error(y_pred, y), grad_w1, grad_w2


def train_step(x: Array, y: Array, w1: Array, w2: Array, lr: float) -> float:
    """One update of w1 and w2, in place; returns the loss before it."""
    loss, grad_w1, grad_w2 = gradients(x, y, w1, w2)
    w1 -= lr * grad_w1
    w2 -= lr * grad_w2
    return loss


RECIPE = Recipe(
    name="two-layer-numpy",
    title=_("Two-layer network with NumPy"),
    module=__name__,
    dataset="random",
    hyperparameters=setting.two_layer(torch=False),
    place=50,
)


class NumpyTask(TwoLayerTask):
    """Trains arrays that share their memory with the tensors in `parameters`."""

    def __init__(self, data: RandomData, generator: torch.Generator) -> None:
        w1, w2 = random_weights(generator)
        super().__init__({"w1": w1, "w2": w2}, data, generator)
        self._share()

    def _share(self) -> None:
        """Get the arrays that share the memory of the parameters."""
        self.w1: Array = self.parameters["w1"].numpy()
        self.w2: Array = self.parameters["w2"].numpy()

    def use_float64(self) -> None:
        """Keep the parameters, and the arrays that share their memory, in 64 bits."""
        super().use_float64()
        self._share()

    def train_step(self, x: Tensor, y: Tensor, learning_rate: float) -> Tensor:
        """One update by NumPy."""
        with np.errstate(all="ignore"):  # the training itself says where numbers overflow
            loss = self._update(x.numpy(), y.numpy(), learning_rate)
        return torch.tensor(loss, dtype=torch.float64)

    def _update(self, x: Array, y: Array, learning_rate: float) -> float:
        if self.add_up is None:
            return train_step(x, y, self.w1, self.w2, learning_rate)
        # The same, but with the gradients of all processes.
        loss, *grads = gradients(x, y, self.w1, self.w2)
        self.add_up([torch.from_numpy(grad) for grad in grads])
        for w, grad in zip((self.w1, self.w2), grads, strict=True):
            w -= learning_rate * grad
        return loss

    def predict(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in)."""
        with np.errstate(all="ignore"):
            return torch.from_numpy(forward(x.numpy(), self.w1, self.w2)[-1])


def build(settings: Mapping[str, Setting], source: Source) -> NumpyTask:
    """The task for `settings`; raises UserError for a device that is not the CPU."""
    if source.device != "auto" and choose(source.device).type != "cpu":
        raise UserError(
            _(
                "NumPy computes only on the CPU, not on {device}. Choose the device cpu, or the"
                " recipe two-layer-tensors."
            ).format(device=source.device)
        )
    begin = start(settings, replace(source, device="cpu"))
    return NumpyTask(random_data(begin.generator, begin.device).split(begin), begin.generator)
