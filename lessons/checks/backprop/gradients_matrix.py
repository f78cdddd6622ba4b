"""The checks of `backprop/gradients` that prove the matrix forms of deltas and gradients."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.backprop.gradients import (
    biases_name,
    deltas,
    draw_network,
    loss,
    sent,
    weights_name,
)
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
from lessons.checks.nets import layers, loss_from, sigmoid, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


# --- matrix forms of the deltas ------------------------------------------------------------

OUTPUT_DELTA_MATRIX = DerivationCheck(
    draw=draw_network,
    left=Derivative(lambda t: loss_from(t, 4), at="z4"),
    lines=(
        Line(
            value=lambda d: np.array(
                [(d.a4[i] - d.y[i]) * sigmoid_slope(d.z4)[i] for i in range(4)]
            ),
            wrong=(
                lambda d: np.array([(d.y[i] - d.a4[i]) * sigmoid_slope(d.z4)[i] for i in range(4)]),
            ),
        ),
        Line(
            value=lambda d: (
                np.array([d.a4[i] - d.y[i] for i in range(4)])
                * np.array([sigmoid_slope(d.z4)[i] for i in range(4)])
            ),
            # One slope for all units.
            wrong=(
                lambda d: np.array([d.a4[i] - d.y[i] for i in range(4)]) * sigmoid_slope(d.z4)[0],
            ),
        ),
        Line(
            value=lambda d: (d.a4 - d.y) * sigmoid_slope(d.z4),
            # σ′ at the output; σ for σ′.
            wrong=(
                lambda d: (d.a4 - d.y) * sigmoid_slope(d.a4),
                lambda d: (d.a4 - d.y) * sigmoid(d.z4),
            ),
        ),
    ),
)


def _hidden(rng: np.random.Generator) -> Draw:
    """Four layers of 4 units; `l` is a hidden one, 2 or 3."""
    draw = layers(rng, 4, 4, 4, 4)
    draw.l = int(rng.integers(2, 4))
    return draw


def _slopes(d: Draw) -> Array:
    """σ′(z) of layer l."""
    return sigmoid_slope(np.asarray(getattr(d, f"z{d.l}")))


def _matrix(d: Draw) -> Array:
    return np.asarray(getattr(d, f"W{d.l}"))


def _sums(d: Draw) -> list[float]:
    """Σ_j W_ji δ_j for every unit i of layer l."""
    return [sum(float(_matrix(d)[i, j] * deltas(d)[j]) for j in range(4)) for i in range(4)]


HIDDEN_DELTA_MATRIX = DerivationCheck(
    draw=_hidden,
    left=Derivative(lambda t: loss_from(t, t.l), at=lambda d: f"z{d.l}"),
    lines=(
        Line(
            value=lambda d: np.array([_sums(d)[i] * _slopes(d)[i] for i in range(4)]),
            # The weights into the unit, instead of the weights out of it.
            wrong=(
                lambda d: np.array(
                    [
                        sum(_matrix(d)[j, i] * deltas(d)[j] for j in range(4)) * _slopes(d)[i]
                        for i in range(4)
                    ]
                ),
            ),
        ),
        Line(
            value=lambda d: np.array(_sums(d)) * np.array([_slopes(d)[i] for i in range(4)]),
            # The slopes of the layer above.
            wrong=(lambda d: np.array(_sums(d)) * sigmoid_slope(getattr(d, f"z{d.l + 1}")),),
        ),
        Line(
            value=lambda d: (
                (np.array([[_matrix(d)[i, j] for j in range(4)] for i in range(4)]) @ deltas(d))
                * _slopes(d)
            ),
            wrong=(
                lambda d: (
                    (np.array([[_matrix(d)[j, i] for j in range(4)] for i in range(4)]) @ deltas(d))
                    * _slopes(d)
                ),
            ),
        ),
        Line(
            value=lambda d: (_matrix(d) @ deltas(d)) * _slopes(d),
            # Row for column; the derivative of σ forgotten.
            wrong=(
                lambda d: (_matrix(d).T @ deltas(d)) * _slopes(d),
                lambda d: _matrix(d) @ deltas(d),
            ),
        ),
    ),
)


# --- matrix forms of the gradients ---------------------------------------------------------


def _entry_by_entry(d: Draw) -> Array:
    """∂L/∂W_ij, found for one weight at a time, in the row j and column i where W_ij stands."""

    def with_weight(t: SimpleNamespace) -> torch.Tensor:
        changed = getattr(t, f"W{t.l}").clone()
        changed[t.row, t.column] = t.weight
        return loss(SimpleNamespace(**{**vars(t), f"W{t.l}": changed}))

    found = np.empty((4, 4))
    for j, i in np.ndindex(4, 4):
        one = Draw(**vars(d), row=j, column=i, weight=np.asarray(_matrix(d)[j, i]))
        found[j, i] = by_autograd(with_weight, "weight", one)
    return found


MATRIX_GRADIENT = DerivationCheck(
    draw=draw_network,
    left=Derivative(loss, at=weights_name),
    lines=(
        Line(
            value=_entry_by_entry,
            # One row per receiving unit: the transpose.
            wrong=(lambda d: _entry_by_entry(d).T,),
        ),
        Line(
            value=lambda d: np.array(
                [[deltas(d)[i] * sent(d)[j] for i in range(4)] for j in range(4)]
            ),
            wrong=(
                lambda d: np.array(
                    [[deltas(d)[i] * sent(d)[j] for j in range(4)] for i in range(4)]
                ),
            ),
        ),
        Line(
            value=lambda d: (
                np.array([[sent(d)[j]] for j in range(4)])
                @ np.array([[deltas(d)[i] for i in range(4)]])
            ),
            # A sum of products, instead of all products.
            wrong=(lambda d: np.full((4, 4), sent(d) @ deltas(d)),),
        ),
        Line(
            value=lambda d: np.outer(sent(d), deltas(d)),
            # Turned round; what leaves the unit, instead of what comes in.
            wrong=(
                lambda d: np.outer(deltas(d), sent(d)),
                lambda d: np.outer(getattr(d, f"a{d.l + 1}"), deltas(d)),
            ),
        ),
    ),
)

BIAS_VECTOR = DerivationCheck(
    draw=draw_network,
    left=Derivative(loss, at=biases_name),
    lines=(
        Line(
            value=lambda d: np.array([deltas(d)[i] for i in range(4)]),
            wrong=(lambda d: np.array([-deltas(d)[i] for i in range(4)]),),
        ),
        Line(
            value=lambda d: deltas(d),
            wrong=(lambda d: deltas(d) * sent(d),),
        ),
    ),
)


# --- a question ------------------------------------------------------------------------------


def _fits(product: str) -> bool:
    """Whether a product of W (784, 256) with a delta (256,) gives one number per unit of 784."""
    W, delta = np.zeros((784, 256)), np.zeros(256)
    matrix = W if product == "W" else W.T
    return matrix.shape[1] == delta.size and (matrix @ delta).shape == (784,)


BOOK = CheckBook(
    "backprop",
    derivations={
        "output_delta_matrix": OUTPUT_DELTA_MATRIX,
        "hidden_delta_matrix": HIDDEN_DELTA_MATRIX,
        "matrix_gradient": MATRIX_GRADIENT,
        "bias_vector": BIAS_VECTOR,
    },
    predicts={
        "gradients_transpose": ChoiceQuestion(
            options=(
                Option(
                    r"$(W^{(l)})^\top \delta^{(l+1)}$",
                    r"$(W^{(l)})^\top$ is $256 \times 784$, and $\delta^{(l+1)}$ has 256 numbers: "
                    "they cannot be multiplied. Forward needs the transpose, backward does not.",
                    slip="row-for-column",
                    line=(
                        r"\delta^{(l)} = \left( (W^{(l)})^\top \delta^{(l+1)} \right) \odot "
                        r"\sigma'(z^{(l)})"
                    ),
                    right_line=(
                        r"\delta^{(l)} = \left( W^{(l)} \delta^{(l+1)} \right) \odot "
                        r"\sigma'(z^{(l)})"
                    ),
                ),
                Option(
                    r"$W^{(l)} \delta^{(l+1)}$",
                    r"$784 \times 256$ times $256 \times 1$ gives one number per unit of layer "
                    r"$l$. The same matrix without the transpose leads back.",
                    right=True,
                ),
            ),
            proof=lambda: [_fits("W^T"), _fits("W")].index(True),
        ),
    },
)
