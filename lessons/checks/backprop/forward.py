"""The checks of `backprop/forward`: one unit, one layer, the network, the loss."""

from __future__ import annotations

import itertools

import numpy as np

from engine.worked_example import worked_example
from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    DerivationCheck,
    Draw,
    Hints,
    Line,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.checks.nets import layers, sigmoid


def draw_layer(rng: np.random.Generator) -> Draw:
    """One layer of 4 units that feeds 3; `i` is one of the receiving units.

    `W` is (4, 3): column i holds the weights of unit i, so W_ij of the formulas is `W[j, i]`.
    """
    return Draw(
        a=rng.normal(size=4),
        W=rng.normal(size=(4, 3)),
        b=rng.normal(size=3),
        i=int(rng.integers(3)),
    )


def by_torch(rows: Array, W: Array, b: Array) -> Array:
    """What torch's linear layer makes of rows; its weight is laid out (out, in)."""
    import torch
    from torch.nn import functional

    found = functional.linear(torch.tensor(rows), torch.tensor(W.T.copy()), torch.tensor(b))
    return np.asarray(found.numpy())


# --- one unit ------------------------------------------------------------------------------

FORWARD_UNIT = DerivationCheck(
    draw=draw_layer,
    left=lambda d: by_torch(d.a, d.W, d.b)[d.i],
    lines=(
        Line(
            value=lambda d: (
                d.W[0, d.i] * d.a[0]
                + d.W[1, d.i] * d.a[1]
                + d.W[2, d.i] * d.a[2]
                + d.W[3, d.i] * d.a[3]
                + d.b[d.i]
            ),
            # The bias forgotten.
            wrong=(lambda d: sum(d.W[j, d.i] * d.a[j] for j in range(4)),),
        ),
        Line(
            value=lambda d: sum(d.W[j, d.i] * d.a[j] for j in range(4)) + d.b[d.i],
            wrong=(
                # The bias inside of the sum, once for every input.
                lambda d: sum(d.W[j, d.i] * d.a[j] + d.b[d.i] for j in range(4)),
                # One input left out.
                lambda d: sum(d.W[j, d.i] * d.a[j] for j in range(1, 4)) + d.b[d.i],
            ),
        ),
        Line(
            value=lambda d: d.W[:, d.i].T @ d.a + d.b[d.i],
            # A neighbour's column.
            wrong=(lambda d: d.W[:, d.i - 1].T @ d.a + d.b[d.i],),
        ),
        Line(
            value=lambda d: (d.W.T @ d.a)[d.i] + d.b[d.i],
            # Reshaped where it should be transposed.
            wrong=(lambda d: (d.W.reshape(3, 4) @ d.a)[d.i] + d.b[d.i],),
        ),
    ),
)


# --- one layer -----------------------------------------------------------------------------


def _written_out(W: Array) -> Array:
    """The matrix of the second line, entry by entry: row i holds W_i1, W_i2, …"""
    return np.array([[W[j, i] for j in range(W.shape[0])] for i in range(W.shape[1])])


FORWARD_LAYER = DerivationCheck(
    draw=draw_layer,
    left=lambda d: by_torch(d.a, d.W, d.b),
    lines=(
        Line(
            value=lambda d: np.array(
                [sum(d.W[j, i] * d.a[j] for j in range(4)) + d.b[i] for i in range(3)]
            ),
            wrong=(
                lambda d: np.array(
                    [sum(d.W[j, i] * d.a[j] for j in range(4)) - d.b[i] for i in range(3)]
                ),
            ),
        ),
        Line(
            value=lambda d: _written_out(d.W) @ d.a + d.b,
            wrong=(lambda d: _written_out(d.W)[::-1] @ d.a + d.b,),
        ),
        Line(
            value=lambda d: d.W.T @ d.a + d.b,
            wrong=(
                lambda d: d.W.reshape(3, 4) @ d.a + d.b,
                lambda d: d.W.T @ d.a,
            ),
        ),
    ),
)


# --- the network ---------------------------------------------------------------------------


def _network(rng: np.random.Generator) -> Draw:
    """Three layers of 3, 4 and 2 units; `x` is the input."""
    draw = layers(rng, 3, 4, 2)
    draw.x = draw.a1
    return draw


def _network_by_torch(d: Draw) -> Array:
    """The output of nn.Sequential with the same weights."""
    import torch
    from torch import nn

    first, second = nn.Linear(3, 4, dtype=torch.float64), nn.Linear(4, 2, dtype=torch.float64)
    with torch.no_grad():
        for layer, W, b in ((first, d.W1, d.b1), (second, d.W2, d.b2)):
            layer.weight.copy_(torch.tensor(W.T.copy()))
            layer.bias.copy_(torch.tensor(b))
        output = nn.Sequential(first, nn.Sigmoid(), second, nn.Sigmoid())(torch.tensor(d.x))
    return np.asarray(output.numpy())


FORWARD_NETWORK = DerivationCheck(
    draw=_network,
    left=_network_by_torch,
    lines=(
        # The input of the last layer, where its output belongs.
        Line(value=lambda d: d.a3, wrong=(lambda d: d.z3,)),
        # The activation applied twice.
        Line(value=lambda d: sigmoid(d.z3), wrong=(lambda d: sigmoid(d.a3),)),
        Line(
            value=lambda d: sigmoid(d.W2.T @ d.a2 + d.b2),
            # The bias added after the activation; the inputs where the outputs belong.
            wrong=(
                lambda d: sigmoid(d.W2.T @ d.a2) + d.b2,
                lambda d: sigmoid(d.W2.T @ d.z2 + d.b2),
            ),
        ),
        Line(
            value=lambda d: sigmoid(d.W2.T @ sigmoid(d.W1.T @ d.x + d.b1) + d.b2),
            # The inner activation forgotten.
            wrong=(lambda d: sigmoid(d.W2.T @ (d.W1.T @ d.x + d.b1) + d.b2),),
        ),
    ),
)


# --- the loss ------------------------------------------------------------------------------


def _loss_by_torch(d: Draw) -> float:
    import torch
    from torch.nn import functional

    output, target = torch.tensor(d.a3), torch.tensor(d.y)
    return float(0.5 * functional.mse_loss(output, target, reduction="sum"))


LOSS_FORMS = DerivationCheck(
    draw=_network,
    left=_loss_by_torch,
    lines=(
        Line(
            value=lambda d: 0.5 * np.linalg.norm(d.a3 - d.y) ** 2,
            # The square of the length forgotten; the half forgotten.
            wrong=(
                lambda d: 0.5 * np.linalg.norm(d.a3 - d.y),
                lambda d: np.linalg.norm(d.a3 - d.y) ** 2,
            ),
        ),
        Line(
            value=lambda d: 0.5 * sum((d.a3[j] - d.y[j]) ** 2 for j in range(2)),
            # The half on the first term only.
            wrong=(lambda d: 0.5 * (d.a3[0] - d.y[0]) ** 2 + (d.a3[1] - d.y[1]) ** 2,),
        ),
        Line(
            value=lambda d: 0.5 * (d.a3 - d.y).T @ (d.a3 - d.y),
            # The square of the sum, instead of the sum of the squares.
            wrong=(lambda d: 0.5 * np.sum(d.a3 - d.y) ** 2,),
        ),
    ),
)


# --- numbers and questions -----------------------------------------------------------------


def _worked(symbol: str) -> float:
    """A number of the worked network by its symbol."""
    return worked_example().trace().values()[symbol]


def _row_for_column() -> float:
    """The input of h2, with row 2 of the matrix W⁽¹⁾ read for column 2."""
    given = worked_example()
    W = np.array(given.W[0]).T  # as in the lessons: one column per receiving unit
    return float(W[1] @ np.array(given.x) + given.b[0][1])


def _without_bias() -> float:
    given = worked_example()
    return float(np.array(given.W[0])[1] @ np.array(given.x))


def _parameters(widths: tuple[int, ...], biases: bool = True) -> float:
    """How many weights, and biases where asked, a network of these widths has."""
    pairs = itertools.pairwise(widths)
    return float(sum(sends * gets + (gets if biases else 0) for sends, gets in pairs))


def _right_layout() -> int:
    """The option with which 784 numbers become 256: the one shape for which W^T a exists."""
    shapes = ((256, 784), (784, 256), (784, 1))
    fits = [
        shape[0] == 784 and (np.zeros(shape).T @ np.zeros(784)).shape == (256,) for shape in shapes
    ]
    return fits.index(True)


BOOK = CheckBook(
    "backprop",
    derivations={
        "forward_unit": FORWARD_UNIT,
        "forward_layer": FORWARD_LAYER,
        "forward_network": FORWARD_NETWORK,
        "loss_forms": LOSS_FORMS,
    },
    numbers={
        "forward_z_h1": NumberCheck(lambda: _worked("z_h1")),
        "forward_o1": NumberCheck(lambda: _worked("out_o1")),
        "forward_o2": NumberCheck(lambda: _worked("out_o2")),
        "forward_loss": NumberCheck(lambda: worked_example().trace().loss),
    },
    predicts={
        "forward_z_h2": NumberQuestion(
            answer=lambda: _worked("z_h2"),
            explanation="Column 2 holds the weights of unit 2: "
            r"$0.25 \cdot 0.05 + 0.30 \cdot 0.10 + 0.35$.",
            slips=(
                Slip(
                    "row-for-column",
                    _row_for_column,
                    "You took row 2 of the matrix. Row 2 holds what unit 2 of layer 1 *sends*; "
                    "the weights that unit 2 of layer 2 *receives* stand in column 2.",
                    line="z^{(2)} = W^{(1)} x + b^{(1)}",
                    right=r"z^{(2)} = (W^{(1)})^\top x + b^{(1)}",
                ),
                Slip(
                    "no-bias",
                    _without_bias,
                    "That is the weighted sum alone. Add the bias of the unit.",
                    line="z_2^{(2)} = W_{21}^{(1)} x_1 + W_{22}^{(1)} x_2",
                    right="z_2^{(2)} = W_{21}^{(1)} x_1 + W_{22}^{(1)} x_2 + b_2^{(1)}",
                ),
            ),
            hints=Hints(
                idea="a unit takes one column of the matrix: what it receives from each input.",
                formula="$z_2^{(2)} = W_{21}^{(1)} x_1 + W_{22}^{(1)} x_2 + b_2^{(1)}$",
                numbers="0.25 · 0.05 + 0.30 · 0.10 + 0.35",
            ),
        ),
        "forward_weight_shape": ChoiceQuestion(
            options=(
                Option(
                    r"$256 \times 784$",
                    "That is the transpose. It is how PyTorch stores it, as you see at the end of "
                    r"this lesson; in the formulas $W^{(l)}$ is $S_l \times S_{l+1}$.",
                ),
                Option(
                    r"$784 \times 256$",
                    "One row per sending unit, one column per receiving unit: "
                    r"$S_l \times S_{l+1}$.",
                    right=True,
                ),
                Option(
                    r"$784 \times 1$",
                    "That is one column: the weights of a single unit. There are 256 of them.",
                ),
            ),
            proof=_right_layout,
        ),
        "forward_parameters": NumberQuestion(
            answer=lambda: _parameters((784, 256, 10)),
            explanation=r"$784 \cdot 256 + 256$ lead into the hidden layer, "
            r"$256 \cdot 10 + 10$ into the outputs.",
            slips=(
                Slip(
                    "no-bias",
                    lambda: _parameters((784, 256, 10), biases=False),
                    "Those are the weights. Each unit of the hidden layer and of the output layer "
                    "has a bias as well.",
                    line="S_1 S_2 + S_2 S_3",
                    right="S_1 S_2 + S_2 + S_2 S_3 + S_3",
                ),
            ),
            tolerance=1e-6,
            hints=Hints(
                idea="count the weights between each pair of layers, then the biases.",
                formula="$S_1 S_2 + S_2 + S_2 S_3 + S_3$",
                numbers="784 · 256 + 256 + 256 · 10 + 10",
            ),
        ),
    },
)
