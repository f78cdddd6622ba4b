"""The programs that `frameworks/tensors` shows and runs."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from engine.recipes import two_layer_numpy, two_layer_tensors
from lessons.course.frameworks.numpy.programs import start


def products() -> None:
    """Print what each product takes, and what it gives."""
    table, row = torch.ones(2, 3), torch.ones(3)
    by_dot = table.numpy().dot(row.numpy())
    print("np.dot, matrix and vector:", by_dot.shape)
    print("@,      matrix and vector:", tuple((table @ row).shape))
    try:
        table.mm(row)
    except RuntimeError as error:
        print("mm,     matrix and vector:", error)
    column = row.view(3, 1)
    print("mm,     matrix and column:", tuple(table.mm(column).shape))


def matmul_shapes() -> None:
    """Print the shapes of some products."""
    pairs = (
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((8, 1, 4, 3), (5, 3, 2)),
    )
    for a, b in pairs:
        product = torch.matmul(torch.ones(a), torch.ones(b))
        print(f"{a!s:12} by {b!s:9} gives {tuple(product.shape)}")


def views() -> None:
    """Print what a change elsewhere does to a tensor."""
    w = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    v = w.t()
    v[0, 1] = 9
    print("after a change of t():        ", w.tolist())

    w = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    c = w.t().clone()
    c[0, 1] = 9
    print("after a change of the clone:  ", w.tolist())

    a = np.array([1.0, 2.0])
    t = torch.from_numpy(a)
    t[0] = 9
    print("array after a change of the tensor:", a.tolist())


def loss_as_number() -> None:
    """Print the loss of the start as a tensor, and as a number."""
    x, y, w1, w2 = (torch.from_numpy(numbers) for numbers in start()[:4])
    _, _, y_pred = two_layer_tensors.forward(x, w1, w2)
    loss = two_layer_tensors.squared_error(y_pred, y)
    print(type(loss).__name__, tuple(loss.shape), loss)
    print(type(loss.item()).__name__, loss.item())


def step_in_place(w: Tensor, grad: Tensor) -> None:
    """Change the tensor itself."""
    w -= 0.1 * grad


def step_by_name(w: Tensor, grad: Tensor) -> None:
    """Make another tensor, and call it w."""
    w = w - 0.1 * grad


def who_moves() -> None:
    """Print what the caller sees after each step."""
    for step in (step_in_place, step_by_name):
        w = torch.tensor([1.0, 2.0])
        step(w, torch.tensor([10.0, 10.0]))
        print(f"{step.__name__:14}", w.tolist())


def kinds() -> None:
    """Print the kinds of numbers; two kinds do not mix."""
    a = np.ones((2, 2))
    t = torch.ones(2, 2)
    print("np.ones            ", a.dtype)
    print("torch.ones         ", t.dtype)
    print("torch.from_numpy   ", torch.from_numpy(a).dtype)
    try:
        t.mm(torch.from_numpy(a))
    except RuntimeError as error:
        print("float32 by float64:", error)
    print("after .float()     ", t.mm(torch.from_numpy(a).float()).dtype)


def compare_with_numpy() -> None:
    """Print how far both versions are apart, in 64 bits."""
    arrays = start("f8")[:4]
    tensors = [torch.from_numpy(numbers) for numbers in arrays]
    ours = two_layer_numpy.gradients(*arrays)
    theirs = two_layer_tensors.gradients(*tensors)
    names = ("loss", "gradient of w1", "gradient of w2")
    for name, array, tensor in zip(names, ours, theirs, strict=True):
        mine, other = np.asarray(array), tensor.numpy()
        apart = np.abs(mine - other).max() / np.abs(mine).max()
        print(f"{name:14}  largest difference {apart:.1e}")
