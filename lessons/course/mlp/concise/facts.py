"""What the formulas of `mlp/concise` speak of."""

from __future__ import annotations

from engine.formulas.draws import integer
from engine.formulas.world import World
from lessons.course.mlp.from_scratch import facts as scratch

EXCESS = 0.01
"""By which share the learning rate of one version is too large."""


def _farthest(world: World) -> float:
    """The weight of nn.Linear that lies farthest from 0: above it, or below it."""
    import torch

    inputs = int(world.value(("d", (), None)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(world.index)
        weights = torch.nn.Linear(inputs, 500, dtype=torch.float64).weight
    found = weights.max() if world.index % 2 else weights.min()
    return float(found.detach())


def _first_apart(world: World) -> int:
    """The first step at which two versions have different losses."""

    def loss(key: str, step: int) -> float:
        return float(world.value((key, (step,), None)))

    return next(step for step in range(1, 9) if loss("L", step) != loss("tilde L", step))


NOTATION = (
    scratch.NOTATION.drawn("d", make=integer(3, 40))
    .defined(r"V = (W^{(1)})^\top", r"S_2 \times S_1")
    .drawn("w_1", over="k")
    .defined(r"w_k = w_{k-1} - \eta c w_{k-1}", "", over="k")
    .defined(r"L_k = \frac12 c w_k^2", "", over="k")
    .defined(r"\tilde w_1 = w_1", "", over="k")
    .defined(
        rf"\tilde w_k = \tilde w_{{k-1}} - (1 + {EXCESS}) \eta c \tilde w_{{k-1}}", "", over="k"
    )
    .defined(r"\tilde L_k = \frac12 c \tilde w_k^2", "", over="k")
    .computed("t", _first_apart, "")
)
"""Two versions walk down one parabola: L_k and L̃_k are their losses at step k."""

SCOPES = {
    "concise_weight_shape": scratch.FASHION.defined(r"V = (W^{(1)})^\top", r"S_2 \times S_1"),
    "linear_start": NOTATION.computed("w", _farthest, ""),
}
