"""What the formulas of `mlp/mnist-module` speak of."""

from __future__ import annotations

from engine.formulas.draws import constant, integer, normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value, whole
from engine.formulas.world import World
from lessons.course.mlp.chance import mean_over, signs

CLASSES, SLOPE = 10, 0.01
INPUTS = 5
"""Inputs of the unit whose weights get all signs."""


def _cross_entropy(world: World) -> Value:
    """The loss of one image as PyTorch computes it."""
    import torch

    scores, label = world.value(("o", (), None)), whole(world.value(("y", (), None)))
    return torch.nn.functional.cross_entropy(scores.reshape(1, -1), torch.tensor([label - 1]))


NOTATION = (
    Notation()
    .size("n")
    .drawn("X", r"n \times 784")
    .drawn("z")
    .drawn(r"\alpha", make=uniform(0.01, 0.3))
    .defined(r"f(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}")
    .drawn("b")
    .drawn("t")
    .defined(r"L = \frac12 (f(z) - t)^2", "")
    .drawn("o", str(CLASSES))
    .drawn("y", make=integer(1, CLASSES))
    .computed(r"\ell", _cross_entropy)
    .index("j k", str(CLASSES))
)

_LEAKY = NOTATION.fixed(r"\alpha", SLOPE)

SCOPES = {
    "leaky": _LEAKY,
    "module_leaky": _LEAKY.fixed("z", -2),
    "module_leaky_bias": _LEAKY.drawn("b", make=uniform(-4.0, -3.0))
    .drawn("u", make=uniform(0.5, 1.5))
    .defined("z = u + b", "")
    .drawn("t", make=uniform(0.5, 1.0)),
    "module_clipped": NOTATION.drawn("o", str(CLASSES), constant([0.0] * CLASSES)),
    "module_silent": NOTATION.drawn("x", str(INPUTS), normal())
    .drawn("v", str(INPUTS), normal())
    .defined(r"z = \sum_{k=1}^{5} v_k x_k", "")
    .operator("P", mean_over(("v", (), None), lambda world: signs(world, INPUTS))),
}
