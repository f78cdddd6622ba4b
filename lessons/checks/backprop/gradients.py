"""The checks of `backprop/gradients` that speak of one weight or one bias, and the numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from engine.worked_example import worked_example
from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Derivative,
    Draw,
    Hints,
    Line,
    NumberCheck,
    NumberQuestion,
    Slip,
)
from lessons.checks.nets import layers, loss_from, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


# --- a network whose loss depends on its weights -------------------------------------------


def draw_network(rng: np.random.Generator) -> Draw:
    """Four layers; the parameters from layer `l` (1 to 3) on, unit j of it into unit i.

    Layers l and l + 1 have 4 units each, so that a transpose in the wrong place has a value.
    """
    draw = layers(rng, 4, 4, 4, 4)
    draw.l = int(rng.integers(1, 4))
    draw.i, draw.j = (int(index) for index in rng.permutation(4)[:2])
    return draw


def loss(t: SimpleNamespace) -> torch.Tensor:
    """L of the whole network, from its input onwards."""
    import torch

    a = t.a1
    for layer in range(1, t.n):
        a = torch.sigmoid(getattr(t, f"W{layer}").T @ a + getattr(t, f"b{layer}"))
    loss: torch.Tensor = 0.5 * ((a - t.y) ** 2).sum()
    return loss


def weights_name(d: Draw) -> str:
    """Entry of the weights that lead from layer l."""
    return f"W{d.l}"


def biases_name(d: Draw) -> str:
    """Entry of the biases of layer l + 1."""
    return f"b{d.l}"


def sent(d: Draw) -> Array:
    """a of layer l."""
    return np.asarray(getattr(d, f"a{d.l}"))


def _inputs(t: SimpleNamespace) -> torch.Tensor:
    """z of layer l + 1, from what layer l sends."""
    found: torch.Tensor = getattr(t, f"W{t.l}").T @ getattr(t, f"a{t.l}") + getattr(t, f"b{t.l}")
    return found


def _loss_slopes(d: Draw) -> Array:
    """∂L/∂z_k of layer l + 1 for every k, by autograd."""
    return by_autograd(lambda t: loss_from(t, t.l + 1), f"z{d.l + 1}", d)


def deltas(d: Draw, *, last_slope: bool = True) -> Array:
    """δ of layer l + 1 by its formulas, from the output down; `last_slope` keeps the last σ′."""
    layer = d.n
    delta = getattr(d, f"a{layer}") - d.y
    while True:
        if layer == d.l + 1:
            return np.asarray(
                delta * sigmoid_slope(getattr(d, f"z{layer}")) if last_slope else delta
            )
        delta = delta * sigmoid_slope(getattr(d, f"z{layer}"))
        delta = getattr(d, f"W{layer - 1}") @ delta
        layer -= 1


def _at_weight(derivative: Array, d: Draw) -> Array:
    """The entry of W_ij: unit j into unit i stands in row j, column i."""
    return np.asarray(derivative[..., d.j, d.i])


def _at_unit(derivative: Array, d: Draw) -> Array:
    return np.asarray(derivative[..., d.i])


# --- one weight ----------------------------------------------------------------------------


def _sum_for_unit(t: SimpleNamespace, *, squashed: bool = False) -> torch.Tensor:
    """Σ_k W_ik a_k + b_i as the sum that it is."""
    W, b, a = getattr(t, f"W{t.l}"), getattr(t, f"b{t.l}"), getattr(t, f"a{t.l}")
    total: torch.Tensor = b[t.i]
    for k in range(len(a)):
        total = total + W[k, t.i] * (a[k].sigmoid() if squashed else a[k])
    return total


def _input_slopes(d: Draw) -> Array:
    """∂z_k/∂W_ij for every k, by autograd."""
    return _at_weight(by_autograd(_inputs, weights_name(d), d), d)


WEIGHT_GRADIENT = DerivationCheck(
    draw=draw_network,
    left=Derivative(loss, at=weights_name, pick=_at_weight),
    lines=(
        Line(
            value=lambda d: np.sum(_loss_slopes(d) * _input_slopes(d)),
            # The mean over the units, instead of the sum.
            wrong=(lambda d: np.mean(_loss_slopes(d) * _input_slopes(d)),),
        ),
        Line(
            value=lambda d: _loss_slopes(d)[d.i] * _input_slopes(d)[d.i],
            # The blame of another unit; a unit whose input does not hold the weight.
            wrong=(
                lambda d: _loss_slopes(d)[d.i - 1] * _input_slopes(d)[d.i],
                lambda d: _loss_slopes(d)[d.i] * _input_slopes(d)[d.i - 1],
            ),
        ),
        Line(
            value=lambda d: deltas(d)[d.i] * _input_slopes(d)[d.i],
            # The derivative of σ forgotten in the delta.
            wrong=(lambda d: deltas(d, last_slope=False)[d.i] * _input_slopes(d)[d.i],),
        ),
        Line(
            value=lambda d: (
                deltas(d)[d.i] * _at_weight(by_autograd(_sum_for_unit, weights_name(d), d), d)
            ),
            # The activation applied once more.
            wrong=(
                lambda d: (
                    deltas(d)[d.i]
                    * _at_weight(
                        by_autograd(lambda t: _sum_for_unit(t, squashed=True), weights_name(d), d),
                        d,
                    )
                ),
            ),
        ),
        Line(
            value=lambda d: deltas(d)[d.i] * sent(d)[d.j],
            # Indices exchanged; the unit's own output, instead of what comes in.
            wrong=(
                lambda d: deltas(d)[d.j] * sent(d)[d.i],
                lambda d: deltas(d)[d.i] * getattr(d, f"a{d.l + 1}")[d.i],
            ),
        ),
    ),
)


# --- one bias ------------------------------------------------------------------------------

BIAS_GRADIENT = DerivationCheck(
    draw=draw_network,
    left=Derivative(loss, at=biases_name, pick=_at_unit),
    lines=(
        Line(
            value=lambda d: (
                _loss_slopes(d)[d.i] * by_autograd(_inputs, biases_name(d), d)[d.i, d.i]
            ),
            wrong=(
                lambda d: (
                    _loss_slopes(d)[d.i - 1] * by_autograd(_inputs, biases_name(d), d)[d.i, d.i]
                ),
            ),
        ),
        Line(
            value=lambda d: (
                deltas(d)[d.i] * _at_unit(by_autograd(_sum_for_unit, biases_name(d), d), d)
            ),
            wrong=(
                lambda d: (
                    -deltas(d)[d.i] * _at_unit(by_autograd(_sum_for_unit, biases_name(d), d), d)
                ),
            ),
        ),
        Line(
            value=lambda d: deltas(d)[d.i],
            # Multiplied by an input, as for a weight; σ′ forgotten.
            wrong=(
                lambda d: deltas(d)[d.i] * sent(d)[d.i],
                lambda d: deltas(d, last_slope=False)[d.i],
            ),
        ),
    ),
)


# --- numbers and questions -----------------------------------------------------------------


def _worked(symbol: str) -> float:
    """A number of the worked network by its symbol."""
    return worked_example().trace().values()[symbol]


BOOK = CheckBook(
    "backprop",
    derivations={
        "weight_gradient": WEIGHT_GRADIENT,
        "bias_gradient": BIAS_GRADIENT,
    },
    numbers={
        "gradients_h1": NumberCheck(lambda: _worked("out_h1")),
        "gradients_h2": NumberCheck(lambda: _worked("out_h2")),
        "gradients_delta_o1": NumberCheck(lambda: _worked("δ_o1")),
        "gradients_delta_o2": NumberCheck(lambda: _worked("δ_o2")),
        "gradients_out_o1": NumberCheck(lambda: _worked("out_o1")),
        "gradients_w5": NumberCheck(lambda: _worked("∂E/∂w5")),
    },
    predicts={
        "gradients_w8": NumberQuestion(
            answer=lambda: _worked("∂E/∂w8"),
            explanation=r"$\delta_2^{(3)}\, a_2^{(2)}$: the delta of the unit that the weight "
            "leads into, times the output of the unit that it comes from.",
            slips=(
                Slip(
                    "other-end",
                    lambda: _worked("δ_o2") * _worked("out_o2"),
                    "You took the output of the unit that the weight leads *into*. Take the "
                    "output of the unit that it comes *from*.",
                    line=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(3)}",
                    right=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}",
                ),
                Slip(
                    "other-unit",
                    lambda: _worked("δ_o1") * _worked("out_h2"),
                    r"You took the delta of unit 1. The first index of $W_{22}$ names the unit "
                    "that the weight leads into: unit 2.",
                    line=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_1^{(3)} \, a_2^{(2)}",
                    right=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}",
                ),
                Slip(
                    "delta-alone",
                    lambda: _worked("δ_o2"),
                    "That is the delta alone, the gradient of the bias. A weight has one more "
                    "factor: what comes in through it.",
                    line=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)}",
                    right=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}",
                ),
            ),
            hints=Hints(
                idea="what goes in at one end of the weight, times the delta at the other end.",
                formula=r"$\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}$",
                numbers=(
                    "[−0.038098237](number:gradients_delta_o2) · [0.596884378](number:gradients_h2)"
                ),
            ),
        ),
        "gradients_bias": NumberQuestion(
            answer=lambda: _worked("δ_o1"),
            explanation="The bias is added as it is, so its gradient is the delta itself.",
            slips=(
                Slip(
                    "times-input",
                    lambda: _worked("∂E/∂w5"),
                    "That is the gradient of a weight. Nothing comes in through a bias, so there "
                    "is nothing to multiply the delta by.",
                    line=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)} \, a_1^{(2)}",
                    right=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)}",
                ),
                Slip(
                    "times-bias",
                    lambda: _worked("δ_o1") * _worked("b_o1"),
                    "You multiplied by the bias. The derivative of a sum with respect to one of "
                    "its terms is 1, whatever the term is.",
                    line=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)} \, b_1^{(2)}",
                    right=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)}",
                ),
            ),
            hints=Hints(
                idea=(
                    "the bias is added to the sum as it is, so the sum moves as much as the bias "
                    "does."
                ),
                formula=r"$\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)}$",
                numbers=(
                    r"$\delta_1^{(3)} = (a_1^{(3)} - y_1)\, a_1^{(3)} (1 - a_1^{(3)})$ with "
                    r"$a_1^{(3)} =$ [0.751365](number:gradients_out_o1) and $y_1 = 0.01$"
                ),
            ),
        ),
    },
)
