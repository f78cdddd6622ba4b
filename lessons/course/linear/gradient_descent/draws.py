"""How the data, the batches and the gradients of `linear/gradient-descent` are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.linear.model.facts import symbol

if TYPE_CHECKING:
    import torch


SQUARED_GRADIENT, SQUARED_MOVE, SMALL_RATE = 4.0, 8.0, 0.1
"""‖g‖², ‖Xg‖² / n and η of a step."""


SIZES, MEANS = (4, 4, 2), (0.2, 0.4, 0.9)
"""Three batches: their samples and mean losses."""


def best(world: World) -> Value:
    """The least-squares solution."""
    import torch

    return torch.linalg.lstsq(symbol(world, "X"), symbol(world, "bold y")).solution


def direction(world: World) -> tuple[torch.Tensor, torch.Tensor]:
    """One eigenvalue of H, and its eigenvector."""
    import torch

    values, vectors = torch.linalg.eigh(symbol(world, "H"))
    chosen = int(world.rng("direction").integers(len(values)))
    return values[chosen], vectors[:, chosen : chosen + 1]


def piece(world: World, m: int) -> tuple[int, ...]:
    """The samples of mini-batch m: all of them, shuffled and cut."""
    k, b = (int(world.value((name, (), None))) for name in "kb")
    order = world.rng("order").permutation(k * b) + 1
    return tuple(int(i) for i in order[(m - 1) * b : m * b])


def batch(world: World) -> tuple[int, ...]:
    """A batch of any size."""
    n, rng = int(world.value(("n", (), None))), world.rng("batch")
    return tuple(int(i) for i in rng.permutation(n)[: rng.integers(2, n)] + 1)


def best_weight(world: World) -> Value:
    """The best weight of a line through the origin."""
    import torch

    return torch.linalg.lstsq(symbol(world, "bold x"), symbol(world, "bold y")).solution


def about_the_limits(world: World) -> float:
    """Rates near 0 and near 2/λ, on both sides, and far from them."""
    parts = (0.02, -0.02, 0.98, 1.02, 0.5, 1.5, -0.5, 0.1)
    return parts[world.index % len(parts)] * 2 / float(symbol(world, "λ"))


def steep(_: World) -> float:
    """The larger curvature of the surface of the lab."""
    from engine.labs.descent import surface

    return float(np.linalg.eigvalsh(surface().hessian)[-1])


def with_length(world: World) -> Value:
    """A gradient with the squared length of the question."""
    found = world.rng("gradient").normal(size=(int(world.value(("d", (), None))), 1))
    return found * np.sqrt(SQUARED_GRADIENT / (found**2).sum())


def with_move(world: World) -> Value:
    """Samples that make ‖Xg‖² / n as large as the question says."""
    n, d = (int(world.value((name, (), None))) for name in "nd")
    found, g = world.rng("samples").normal(size=(n, d)), symbol(world, "bold g").numpy()
    return found * np.sqrt(SQUARED_MOVE * n / ((found @ g) ** 2).sum())


def losses(world: World) -> Value:
    """Losses of ten samples with the means of the three batches."""
    found: list[float] = []
    for size, mean in zip(SIZES, MEANS, strict=True):
        part = 0.1 * world.rng("losses", len(found)).normal(size=size)
        found.extend(part - part.mean() + mean)
    return np.array(found)


def of_epoch(_: World, m: int) -> tuple[int, ...]:
    """The samples of batch m of the three batches."""
    ends = np.cumsum((0, *SIZES))
    return tuple(range(int(ends[m - 1]) + 1, int(ends[m]) + 1))
