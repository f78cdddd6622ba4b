"""The programs that `frameworks/numpy` shows and runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from engine.recipes import two_layer_autograd as by_autograd
from engine.recipes import two_layer_numpy as by_hand
from engine.recipes.two_layer import random_data, random_weights

X = np.array([[2.0, 3.0], [-1.0, 1.0]])


T = np.array([[-1.0], [1.0]])


W2 = np.array([[2.0], [-1.0]])


def first_weights(corner: float) -> npt.NDArray[Any]:
    """The small network's first weights; `corner` stands in row 2, column 1."""
    return np.array([[1.0, -1.0], [corner, 1.0]])


def small_forward() -> None:
    """Print what the small network computes."""
    h, h_relu, y_pred = by_hand.forward(X, first_weights(0), W2)
    print("Z", h.tolist())
    print("A", h_relu.tolist())
    print("Y", y_pred.tolist())
    print("L", by_hand.squared_error(y_pred, T))


def small_network() -> None:
    """Print the gradients of the small network."""
    _, grad_w1, grad_w2 = by_hand.gradients(X, T, first_weights(0), W2)
    print("gradient of W1", grad_w1.tolist())
    print("gradient of W2", grad_w2.tolist())


Arrays = tuple[npt.NDArray[Any], npt.NDArray[Any]]


def start(kind: str = "f4") -> list[npt.NDArray[Any]]:
    """x, y, w1, w2 as the training draws them, and 64 new samples; f4 is float32, f8 float64."""
    generator = torch.Generator().manual_seed(0)
    data = random_data(generator, torch.device("cpu"))
    w1, w2 = random_weights(generator)
    drawn = (data.x, data.y, w1, w2, data.test_x, data.test_y)
    return [numbers.numpy().astype(kind) for numbers in drawn]


def gradients_by_autograd(
    x: npt.NDArray[Any], y: npt.NDArray[Any], w1: npt.NDArray[Any], w2: npt.NDArray[Any]
) -> Arrays:
    """The gradients of the same loss, found by PyTorch."""
    given = (torch.tensor(w1).requires_grad_(), torch.tensor(w2).requires_grad_())
    y_pred = by_autograd.forward(torch.tensor(x), *given)
    loss = by_autograd.squared_error(y_pred, torch.tensor(y))
    grad_w1, grad_w2 = torch.autograd.grad(loss, given)
    return grad_w1.numpy(), grad_w2.numpy()


def compare_with_autograd() -> None:
    """Print how far the formulas are from autograd, in 64 bits."""
    x, y, w1, w2, *_ = start("f8")
    _, *ours = by_hand.gradients(x, y, w1, w2)
    theirs = gradients_by_autograd(x, y, w1, w2)
    for name, mine, other in zip(("W1", "W2"), ours, theirs, strict=True):
        apart = np.abs(mine - other).max() / np.abs(other).max()
        print(f"{name}  {mine.shape}  largest difference {apart:.1e}")


def first_gradient_by_relu(w1: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The gradient of the small network's first weights, with torch.relu."""
    first = torch.tensor(w1, requires_grad=True)
    hidden = torch.relu(torch.tensor(X) @ first)
    loss = (hidden @ torch.tensor(W2) - torch.tensor(T)).pow(2).sum()
    (found,) = torch.autograd.grad(loss, first)
    return found.numpy()


def relu_at_zero() -> None:
    """Print the gradients of W1 by hand and by autograd."""
    for corner in (0, 1):
        w1 = first_weights(corner)
        _, grad_w1, _ = by_hand.gradients(X, T, w1, W2)
        theirs = first_gradient_by_relu(w1)
        print("Z          ", X.dot(w1).tolist())
        print("  by hand  ", grad_w1.tolist())
        print("  autograd ", theirs.tolist())


STEPS = 200
"""Steps of `train`."""


def loss_of(
    x: npt.NDArray[Any], y: npt.NDArray[Any], w1: npt.NDArray[Any], w2: npt.NDArray[Any]
) -> float:
    """The loss of the network on the samples x, y."""
    _, _, y_pred = by_hand.forward(x, w1, w2)
    return by_hand.squared_error(y_pred, y)


def train() -> None:
    """Print the loss on the 64 samples, and on 64 new ones."""
    x, y, w1, w2, new_x, new_y = start()
    print("step   these samples     new samples")
    for step in range(STEPS + 1):
        if step in (0, 1, 2, 5, 10, 50, 100, 200):
            seen = loss_of(x, y, w1, w2)
            unseen = loss_of(new_x, new_y, w1, w2)
            print(f"{step:4} {seen:15,.1f} {unseen:15,.1f}")
        by_hand.train_step(x, y, w1, w2, lr=1e-6)
