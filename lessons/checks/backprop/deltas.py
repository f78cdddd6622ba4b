"""The checks of `backprop/deltas`: the delta of an output, of the layer before, of any layer."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    DerivationCheck,
    Derivative,
    Draw,
    Line,
    Option,
)
from lessons.checks.nets import layers, loss_from, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _output_unit(rng: np.random.Generator) -> Draw:
    """Three layers; `i` is one of the three outputs."""
    draw = layers(rng, 3, 4, 3)
    draw.i = int(rng.integers(3))
    return draw


def _middle_unit(rng: np.random.Generator) -> Draw:
    """Three layers; `i` is one of the four units in the middle."""
    draw = layers(rng, 3, 4, 3)
    draw.i = int(rng.integers(4))
    return draw


def _picked(derivative: Array, d: Draw) -> Array:
    """The entry that belongs to unit i."""
    return np.asarray(derivative[..., d.i])


# --- the output layer ---------------------------------------------------------------------


def _squared_errors(t: SimpleNamespace) -> torch.Tensor:
    """(a_j − y_j)² for every output, from z."""
    import torch

    errors: torch.Tensor = torch.sigmoid(t.z3) - t.y
    return errors**2


OUTPUT_DELTA = DerivationCheck(
    draw=_output_unit,
    left=Derivative(lambda t: loss_from(t, 3), at="z3", pick=_picked),
    lines=(
        Line(
            value=lambda d: by_autograd(lambda t: 0.5 * _squared_errors(t).sum(), "z3", d)[d.i],
            wrong=(lambda d: by_autograd(lambda t: _squared_errors(t).sum(), "z3", d)[d.i],),
        ),
        Line(
            value=lambda d: by_autograd(lambda t: 0.5 * _squared_errors(t)[t.i], "z3", d)[d.i],
            wrong=(
                lambda d: by_autograd(lambda t: 0.5 * _squared_errors(t)[t.i - 1], "z3", d)[d.i],
            ),
        ),
        Line(
            value=lambda d: (
                (d.a3 - d.y)[d.i] * by_autograd(lambda t: t.z3.sigmoid()[t.i], "z3", d)[d.i]
            ),
            wrong=(
                lambda d: (
                    2 * (d.a3 - d.y)[d.i] * by_autograd(lambda t: t.z3.sigmoid()[t.i], "z3", d)[d.i]
                ),
            ),
        ),
        Line(
            value=lambda d: ((d.a3 - d.y) * sigmoid_slope(d.z3))[d.i],
            wrong=(
                lambda d: ((d.y - d.a3) * sigmoid_slope(d.z3))[d.i],
                lambda d: ((d.a3 - d.y) * sigmoid_slope(d.a3))[d.i],
            ),
        ),
    ),
)


# --- the layer before ---------------------------------------------------------------------


def _output_inputs(t: SimpleNamespace) -> torch.Tensor:
    """z of every output, from z of the middle layer."""
    found: torch.Tensor = t.W2.T @ t.z2.sigmoid() + t.b2
    return found


def _deltas(d: Draw) -> Array:
    """δ of every output, by its own formula."""
    return np.asarray((d.a3 - d.y) * sigmoid_slope(d.z3))


def _slopes(d: Draw) -> Array:
    """∂z_j / ∂z_i for every output j, by autograd."""
    return by_autograd(_output_inputs, "z2", d)[:, d.i]


def _written_out(t: SimpleNamespace, j: int, *, squashed: bool = True) -> torch.Tensor:
    """z_j of output j as the sum that it is."""
    sent = t.z2.sigmoid() if squashed else t.z2
    total: torch.Tensor = t.b2[j]
    for k in range(len(sent)):
        total = total + t.W2[k, j] * sent[k]
    return total


def _written_out_sum(d: Draw, *, squashed: bool = True) -> float:
    """Σ_j δ_j ∂/∂z_i (Σ_k W_jk σ(z_k) + b_j)."""
    return sum(
        float(delta)
        * float(by_autograd(partial(_written_out, j=j, squashed=squashed), "z2", d)[d.i])
        for j, delta in enumerate(_deltas(d))
    )


SECOND_TO_LAST_DELTA = DerivationCheck(
    draw=_middle_unit,
    left=Derivative(lambda t: loss_from(t, 2), at="z2", pick=_picked),
    lines=(
        Line(
            value=lambda d: by_autograd(lambda t: loss_from(t, 3), "z3", d) @ _slopes(d),
            # One output only, instead of the sum over all.
            wrong=(lambda d: by_autograd(lambda t: loss_from(t, 3), "z3", d)[0] * _slopes(d)[0],),
        ),
        Line(
            value=lambda d: _deltas(d) @ _slopes(d),
            wrong=(lambda d: (d.a3 - d.y) @ _slopes(d),),
        ),
        Line(
            value=_written_out_sum,
            wrong=(lambda d: _written_out_sum(d, squashed=False),),
        ),
        Line(
            value=lambda d: np.sum(_deltas(d) * d.W2[d.i] * sigmoid_slope(d.z2)[d.i]),
            wrong=(
                # Row for column.
                lambda d: np.sum(_deltas(d) * d.W2[:3, d.i % 3] * sigmoid_slope(d.z2)[d.i]),
                # The derivative of σ forgotten.
                lambda d: np.sum(_deltas(d) * d.W2[d.i]),
            ),
        ),
        Line(
            value=lambda d: np.sum(_deltas(d) * d.W2[d.i]) * sigmoid_slope(d.z2)[d.i],
            # σ′ at the output of the unit, where it belongs at the input.
            wrong=(lambda d: np.sum(_deltas(d) * d.W2[d.i]) * sigmoid_slope(d.a2)[d.i],),
        ),
    ),
)


# --- any hidden layer ---------------------------------------------------------------------


def _five_layers(rng: np.random.Generator) -> Draw:
    """Five layers; `l` is a hidden one (2 to 4) and `i` one of its units."""
    draw = layers(rng, 3, 4, 2, 5, 3)
    draw.l = int(rng.integers(2, 5))
    draw.i = int(rng.integers(len(getattr(draw, f"z{draw.l}"))))
    return draw


def _delta(d: Draw, layer: int) -> Array:
    """δ of a layer, straight from its definition."""
    return by_autograd(lambda t: loss_from(t, layer), f"z{layer}", d)


def _weights(d: Draw) -> Array:
    """W_ji for all units j of the next layer."""
    return np.asarray(getattr(d, f"W{d.l}")[d.i])


def _slope(d: Draw, of: str = "z") -> float:
    """σ′ of unit i."""
    return float(sigmoid_slope(getattr(d, f"{of}{d.l}"))[d.i])


def _next_inputs(t: SimpleNamespace) -> torch.Tensor:
    """z of the next layer from z of layer l."""
    sent = getattr(t, f"z{t.l}").sigmoid()
    found: torch.Tensor = getattr(t, f"W{t.l}").T @ sent + getattr(t, f"b{t.l}")
    return found


def _next_slopes(d: Draw) -> Array:
    """∂z_j^(l+1) / ∂z_i^(l) for all j, by autograd."""
    return by_autograd(_next_inputs, f"z{d.l}", d)[:, d.i]


HIDDEN_DELTA = DerivationCheck(
    draw=_five_layers,
    left=Derivative(lambda t: loss_from(t, t.l), at=lambda d: f"z{d.l}", pick=_picked),
    lines=(
        Line(
            value=lambda d: _delta(d, d.l + 1) @ _next_slopes(d),
            wrong=(lambda d: np.mean(_delta(d, d.l + 1) * _next_slopes(d)),),
        ),
        Line(
            value=lambda d: np.sum(_delta(d, d.l + 1) * _weights(d) * _slope(d)),
            wrong=(lambda d: np.sum(_delta(d, d.l + 1) * _weights(d) * _slope(d, "a")),),
        ),
        Line(
            value=lambda d: np.sum(_delta(d, d.l + 1) * _weights(d)) * _slope(d),
            wrong=(
                lambda d: -np.sum(_delta(d, d.l + 1) * _weights(d)) * _slope(d),
                lambda d: np.sum(_delta(d, d.l + 1) * _weights(d)),
            ),
        ),
    ),
)


def _half_cancels() -> int:
    """The option that is right: the derivative of ½(a − y)² is (a − y), the 2 meets the half."""
    a, y, h = 0.7, 0.2, 1e-6
    slope = (0.5 * (a + h - y) ** 2 - 0.5 * (a - h - y) ** 2) / (2 * h)
    return 1 if abs(slope - (a - y)) < 1e-9 else 0


BOOK = CheckBook(
    "backprop",
    derivations={
        "output_delta": OUTPUT_DELTA,
        "second_to_last_delta": SECOND_TO_LAST_DELTA,
        "hidden_delta": HIDDEN_DELTA,
    },
    predicts={
        "half_gone": ChoiceQuestion(
            options=(
                Option(
                    "It is so small that it can be left out.",
                    "A factor cannot be left out: the delta would be wrong by half.",
                    slip="no-half",
                    line=r"\delta_i^{(n_l)} = 2\,(a_i^{(n_l)} - y_i)\, \sigma'(z_i^{(n_l)})",
                    right_line=r"\delta_i^{(n_l)} = (a_i^{(n_l)} - y_i)\, \sigma'(z_i^{(n_l)})",
                ),
                Option(
                    "The derivative of the square brings a 2, and the two cancel.",
                    "That is what the half is there for. A loss without it has twice the "
                    "gradients.",
                    right=True,
                ),
                Option(
                    "It belongs to the first output only.",
                    "It stands before the sum, so it belongs to every output.",
                    slip="half-precedence",
                    line=r"L = \tfrac12 (a_1 - y_1)^2 + (a_2 - y_2)^2",
                    right_line=r"L = \tfrac12 \left( (a_1 - y_1)^2 + (a_2 - y_2)^2 \right)",
                ),
            ),
            proof=_half_cancels,
        ),
    },
)
