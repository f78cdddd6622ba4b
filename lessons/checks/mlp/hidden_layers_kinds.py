"""Questions of `mlp/hidden-layers` that are answered by a sign, a shape or a factor."""

from __future__ import annotations

import numpy as np

from engine.formulas.notation import Notation
from lessons.checks.base import (
    Array,
    CheckBook,
    Draw,
    Factor,
    FillQuestion,
    Hints,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
)

_X, _W1, _W2 = np.zeros((128, 784)), np.zeros((784, 256)), np.zeros((256, 10))
_SHAPE = r"Z^{(2)} = X W^{(1)} + B^{(1)} : n \times S_2"


def _two_layers(rng: np.random.Generator) -> Draw:
    """Two layers of three units each, so that their matrices can be multiplied both ways."""
    names = {"W1": (3, 3), "W2": (3, 3), "b1": (3,), "b2": (3,), "x": (3,)}
    return Draw(**{name: rng.normal(size=shape) for name, shape in names.items()})


def _worth(matrix: Array, d: Draw) -> Array:
    """What one layer with this matrix gives, with the biases of the two."""
    return np.asarray(matrix.T @ d.x + d.W2.T @ d.b1 + d.b2)


def _slope_of_silent_unit() -> float:
    """The slope of a squared loss for a weight into a ReLU unit whose sum is −0.5."""
    import torch

    from lessons.examples.mlp import relu

    w = torch.tensor(-0.25, requires_grad=True)
    loss = (3 * relu(2 * w) - 1) ** 2
    (slope,) = torch.autograd.grad(loss, w)
    return abs(float(slope))


BOOK = CheckBook(
    "mlp",
    predicts={
        "one_matrix": FillQuestion(
            formula=r"\mathbf{z}^{(3)} = \left( \square \right)^\top \mathbf{x}"
            r" + (W^{(2)})^\top \mathbf{b}^{(1)} + \mathbf{b}^{(2)}",
            factors=(
                Factor(
                    r"W^{(1)} + W^{(2)}",
                    "The second layer works on what the first has made of $\\mathbf{x}$. One "
                    "after the other is a product.",
                    slip="sum-for-product",
                ),
                Factor(
                    r"W^{(2)} W^{(1)}",
                    "A product transposed turns its order round: $(W^{(2)})^\\top (W^{(1)})^\\top "
                    "= (W^{(1)} W^{(2)})^\\top$. The shapes say it, too: $S_1 \\times S_2$ "
                    "comes first.",
                    slip="wrong-way",
                ),
                Factor(
                    r"W^{(1)} W^{(2)}",
                    "It leads from the inputs to the hidden layer, and from there to the outputs.",
                ),
            ),
            notation=Notation(),
        ),
        "hidden_shape": ShapeQuestion(
            shape=lambda: (_X @ _W1).shape,
            explanation="One row a sample and one column a hidden unit.",
            slips=(
                ShapeSlip(
                    "shape-of-weights",
                    lambda: _W1.shape,
                    "That is the shape of $W^{(1)}$. $Z^{(2)}$ has one row a sample.",
                    line=r"Z^{(2)} : S_1 \times S_2",
                    right=_SHAPE,
                ),
                ShapeSlip(
                    "shape-of-input",
                    lambda: _X.shape,
                    "That is the shape of $X$. $Z^{(2)}$ has one column a hidden unit.",
                    line=r"Z^{(2)} : n \times S_1",
                    right=_SHAPE,
                ),
                ShapeSlip(
                    "shape-of-output",
                    lambda: (_X @ _W1 @ _W2).shape,
                    "That is the shape of $Z^{(3)}$. $Z^{(2)}$ belongs to the hidden layer.",
                    line=r"Z^{(2)} : n \times S_3",
                    right=_SHAPE,
                ),
                ShapeSlip(
                    "samples-as-columns",
                    lambda: (_W1.T @ _X.T).shape,
                    "There a sample is a column. In a batch it is a row, and a unit is a column.",
                    line=r"Z^{(2)} = (W^{(1)})^\top X^\top : S_2 \times n",
                    right=_SHAPE,
                ),
            ),
            hints=Hints(
                idea="what is one row of it, and what is one column?",
                formula=r"$X W^{(1)} : n \times S_2$",
                numbers="128 samples as rows, 256 hidden units as columns.",
            ),
        ),
        "silent_unit": SignQuestion(
            value=_slope_of_silent_unit,
            explanation="On the left the slope of ReLU is 0, and the chain rule multiplies by it: "
            "this sample moves none of the unit's incoming weights, however wrong the output is.",
            feedback="The gradient is a product, and one factor is the slope of ReLU at −0.5. "
            "What is that?",
        ),
    },
)
