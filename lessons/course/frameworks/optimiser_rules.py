"""The optimisers of torch.optim on given gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.activations import Array


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


def ones(count: int) -> Array:
    """So many gradients of 1."""
    return np.ones(count)
