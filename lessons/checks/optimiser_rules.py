"""The optimisers on given gradients: by torch.optim, and by the rules from scratch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lessons.checks.base import Array

BETA, ALPHA, BETA1, BETA2, EPSILON = 0.9, 0.99, 0.9, 0.999, 1e-8
"""μ, α, β₁, β₂ and ε, as torch.optim has them by default (but for μ, which the lesson gives)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of one weight after its last update."""

    move: float
    """By how much the last update moved it."""
    memory: dict[str, float]
    """What the optimiser keeps of it, by the name that it gives to that."""


def by_torch(name: str, gradients: Array, rate: float) -> Seen:
    """Feed the gradients, one an update, to the optimizer of torch that is called `name`."""
    import torch

    from engine.recipes.two_layer_optim import make_optimizer

    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer, move = make_optimizer(name, [w], rate), 0.0
    for g in gradients:
        # Back to 0, so that no digit of the move is lost in a large weight.
        with torch.no_grad():
            w.zero_()
        w.grad = torch.tensor(float(g), dtype=torch.float64)
        optimizer.step()
        move = w.item()
    kept = {key: float(value) for key, value in optimizer.state[w].items() if value is not None}
    return Seen(move, kept)


def by_scratch(name: str, gradients: Array, rate: float) -> Seen:
    """The same with the rule of `engine.recipes.optimisers`."""
    import torch

    from engine.recipes.optimisers import OPTIMISERS

    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimiser, move = OPTIMISERS[name]({"w": w}), 0.0
    for g in gradients:
        with torch.no_grad():
            w.zero_()
        w.grad = torch.tensor(float(g), dtype=torch.float64)
        optimiser.step(rate)
        move = w.item()
    return Seen(move, {key: float(value) for key, value in optimiser.memory.items()})


def weighted(decay: float, values: Array) -> float:
    """Σ decay^(t−k) · values_k over k = 1…t."""
    t = len(values)
    return float(sum(decay ** (t - k) * values[k - 1] for k in range(1, t + 1)))


def ones(count: int) -> Array:
    """So many gradients of 1."""
    return np.ones(count)
