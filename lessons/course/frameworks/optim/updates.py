"""The updates of torch.optim and its schedules, on the numbers that a formula draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.formulas.errors import NoValueError
from engine.formulas.values import Value, number
from engine.formulas.world import World

if TYPE_CHECKING:
    import torch


def _number(world: World, key: str, *lower: int) -> float:
    return number(world.value((key, lower, None)))


Rule: TypeAlias = "Callable[[World, torch.Tensor, torch.Tensor, Memory], None]"


@dataclass
class Memory:
    """What an optimiser keeps of one weight."""

    mean: list[Any]
    square: list[Any]
    steps: list[Any]


def momentum(world: World, w: torch.Tensor, g: torch.Tensor, memory: Memory) -> None:
    """One update by torch.optim; momentum 0 is plain SGD."""
    from torch.optim.sgd import sgd

    is_sgd = not world.notation.is_value("μ")
    sgd(
        [w], [g], memory.mean, lr=_number(world, "η"),
        momentum=0.0 if is_sgd else _number(world, "μ"),
        weight_decay=0.0, dampening=0.0, nesterov=False, maximize=False, foreach=False,
    )  # fmt: skip


def rmsprop(world: World, w: torch.Tensor, g: torch.Tensor, memory: Memory) -> None:
    """One update by torch.optim, with the mean of squared gradients alone."""
    from torch.optim.rmsprop import rmsprop

    rmsprop(
        [w], [g], memory.square, [], [], memory.steps, lr=_number(world, "η"),
        alpha=_number(world, "α"), eps=_number(world, "ε"),
        weight_decay=0.0, momentum=0.0, centered=False, foreach=False,
    )  # fmt: skip


def adam(world: World, w: torch.Tensor, g: torch.Tensor, memory: Memory) -> None:
    """One update by torch.optim, with both means and their correction."""
    from torch.optim.adam import adam

    adam(
        [w], [g], memory.mean, memory.square, [], memory.steps, lr=_number(world, "η"),
        beta1=_number(world, "β_{1}"), beta2=_number(world, "β_{2}"), eps=_number(world, "ε"),
        weight_decay=0.0, amsgrad=False, maximize=False, foreach=False,
    )  # fmt: skip


def adamw(world: World, w: torch.Tensor, g: torch.Tensor, memory: Memory) -> None:
    """The same, with the weight decay apart from the gradient."""
    from torch.optim.adamw import adamw

    adamw(
        [w], [g], memory.mean, memory.square, [], memory.steps, lr=_number(world, "η"),
        beta1=_number(world, "β_{1}"), beta2=_number(world, "β_{2}"), eps=_number(world, "ε"),
        weight_decay=_number(world, "λ"), amsgrad=False, maximize=False, foreach=False,
    )  # fmt: skip


def after(rule: Rule, kept: str) -> Callable[..., Value]:
    """The weight, or the mean or square that is kept, after the gradients g_1 … g_t."""

    def compute(world: World, t: int) -> Value:
        import torch

        if t < 0:
            raise NoValueError("Before the first update there is nothing.")
        zero = torch.zeros((), dtype=torch.float64)
        w = zero + _number(world, "w", 0)
        # SGD makes its own memory at the first update.
        memory = Memory([None if rule is momentum else zero.clone()], [zero.clone()], [zero + 0])
        for k in range(1, t + 1):
            rule(world, w, zero + _number(world, "g", k), memory)
        found = {"weight": w, "mean": memory.mean[0], "square": memory.square[0]}[kept]
        return 0 if t == 0 and kept != "weight" else found

    return compute


def scheduled(kind: str) -> Callable[..., Value]:
    """The learning rate after t steps of a scheduler of torch.optim."""

    def compute(world: World, t: int) -> Value:
        import torch
        from torch.optim import lr_scheduler

        start = _number(world, "η", 0)
        optimizer = torch.optim.SGD([torch.zeros(())], lr=start)
        if kind == "step":
            every, factor = int(_number(world, "q")), _number(world, "γ")
            scheduler: Any = lr_scheduler.StepLR(optimizer, every, factor)
        else:
            scheduler = lr_scheduler.CosineAnnealingLR(optimizer, int(_number(world, "T")))
        for _ in range(t):
            optimizer.step()
            scheduler.step()
        return float(optimizer.param_groups[0]["lr"])

    return compute
