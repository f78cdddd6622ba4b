"""What puts a learner's function into a recipe: its numbers, its gradient, its place.

Importing this imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from engine.recipes import mlp
from engine.training.task import Batch, BatchSums, Task

Array: TypeAlias = np.ndarray[Any, Any]


def array(tensor: Tensor | None) -> Array:
    """A copy as the learner's function gets it; raises ValueError for a missing gradient."""
    if tensor is None:
        raise ValueError("there is no gradient: call backward() first")
    return np.array(tensor.detach().cpu().numpy())


def tensor(value: object, like: Tensor) -> Tensor:
    """What the learner's function returned, of the shape and type of `like`; raises ValueError."""
    found = torch.as_tensor(np.asarray(value)).to(like.dtype)
    if found.shape != like.shape:
        told = f"it returned the shape {tuple(found.shape)} where {tuple(like.shape)} is needed"
        raise ValueError(told)
    return found


class _Given(torch.autograd.Function):
    """A value with a gradient that is given, not found."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, value: Tensor, gradient: Tensor) -> Tensor:
        ctx.save_for_backward(gradient)
        return value.clone()

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        factor = above[0]
        return (
            gradient * factor.reshape(factor.shape + (1,) * (gradient.dim() - factor.dim())),
            None,
            None,
        )


def given(z: Tensor, value: Tensor, gradient: Tensor) -> Tensor:
    """`value`, computed from `z`; going back, it passes on `gradient`, of the shape of `z`."""
    found: Tensor = _Given.apply(z, value, gradient)
    return found


def elementwise(
    value: Callable[[Array], object], slope: Callable[[Array], object]
) -> mlp.Activation:
    """A function of each number and its slope, as an operation of autograd."""

    def activation(z: Tensor) -> Tensor:
        return given(z, tensor(value(array(z)), z), tensor(slope(array(z)), z))

    return activation


def replaced(task: Any, module: ModuleType, **mine: Callable[..., Any]) -> Task:
    """The task, whose updates find the learner's functions in place of those of `module`."""
    update = task.update

    def with_mine(batch: Batch, learning_rate: float) -> BatchSums:
        ours = {name: getattr(module, name) for name in mine}
        try:
            for name, function in mine.items():
                setattr(module, name, function)
            sums: BatchSums = update(batch, learning_rate)
            return sums
        finally:
            for name, function in ours.items():
                setattr(module, name, function)

    task.update = with_mine
    found: Task = task
    return found


class Draws:
    """The random numbers of a recipe, as NumPy's generator gives them."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def permutation(self, count: int) -> Array:
        """The numbers from 0 to `count` - 1 in a random order."""
        return torch.randperm(count, generator=self.generator).numpy()

    def normal(self, loc: float = 0.0, scale: float = 1.0, size: Any = None) -> Array:
        """Draws from a normal distribution."""
        drawn = torch.randn(tuple(size), generator=self.generator)
        found: Array = (drawn * float(scale) + float(loc)).numpy()
        return found
