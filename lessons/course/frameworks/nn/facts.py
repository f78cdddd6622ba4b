"""What the formulas of `frameworks/nn` speak of: layers and losses are those of PyTorch itself."""

from __future__ import annotations

from engine.formulas.notation import Notation
from engine.formulas.values import Value, number
from engine.formulas.world import World
from lessons.course.frameworks.two_layer import NETWORK, SIZED, distribution


def _by_layer(world: World) -> Value:
    """Z as a linear layer of PyTorch computes it from the samples and its weights V."""
    import torch

    return torch.nn.functional.linear(world.value(("X", (), None)), world.value(("V", (), None)))


def _mean_loss(world: World) -> Value:
    import torch

    return torch.nn.MSELoss()(world.value(("Y", (), None)), world.value(("T", (), None)))


def _summed_loss(world: World) -> Value:
    from engine.recipes.two_layer_nn import loss_fn

    return loss_fn(world.value(("Y", (), None)), world.value(("T", (), None)))


def _deviation(world: World) -> float:
    """The standard deviation of U(−c, c), by an integral that is exact for squares."""
    import numpy as np

    limit = number(world.value(("c", (), None)))
    places, weights = np.polynomial.legendre.leggauss(3)
    return float(np.sqrt((weights / 2) @ (limit * places) ** 2))


def _rate(recipe: str) -> float:
    from engine.recipes.catalog import find_recipe

    return float(find_recipe(recipe).settings({})["lr"])


def _layers(network: Notation) -> Notation:
    return (
        network.defined(r"V = (W^{(1)})^\top", r"H \times D_\mathrm{in}")
        .computed("Z", _by_layer, r"N \times H")
        .defined("x_{sk} = X_{sk}", "", over="s k")
        .defined("z_{sj} = Z_{sj}", "", over="s j")
        .defined("y_{si} = Y_{si}", "", over="s i")
        .defined("t_{si} = T_{si}", "", over="s i")
        .drawn("z")
        .computed("M", _mean_loss)
        .computed("L", _summed_loss)
        .defined(r"c = \frac{1}{\sqrt{D_\mathrm{in}}}", "")
        .computed(r"\sigma", _deviation)
        .operator("U", distribution)
        .computed(r"\eta", lambda world: _rate("two-layer-optim"))
        .computed(r"\eta_L", lambda world: _rate("two-layer-nn"))
        .defined(r"\eta_M = N D_\mathrm{out} \, \eta_L", "")
    )


NOTATION = _layers(NETWORK)

_SIZED = _layers(SIZED)

_QUESTIONS = ("nn_weight_shape", "nn_parameter_count", "nn_spread", "nn_mean_rate")

SCOPES = dict.fromkeys(_QUESTIONS, _SIZED)
