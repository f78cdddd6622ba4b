"""Questions of `mlp/hidden-layers` that are answered by a sign, a shape or a factor."""

from __future__ import annotations

from engine.formulas.proving import shape_of
from lessons.checks.base import (
    CheckBook,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
)
from lessons.course.mlp.hidden_layers.facts import BATCH, NO_ACTIVATION

SILENT_WEIGHT, SILENT_INPUT = -0.25, 2.0
"""They make a hidden ReLU unit whose sum is below 0."""
_SHAPE = r"Z^{(2)} = X W^{(1)} + B^{(1)} : n \times S_2"


def _slope_of_silent_unit() -> float:
    """The slope of a squared loss for a weight into a ReLU unit whose sum is below 0."""
    import torch

    from lessons.examples.mlp import relu

    w = torch.tensor(SILENT_WEIGHT, requires_grad=True)
    loss = (3 * relu(SILENT_INPUT * w) - 1) ** 2
    (slope,) = torch.autograd.grad(loss, w)
    return abs(float(slope))


def _slope_of_relu(z: float) -> float:
    import torch

    from lessons.examples.mlp import relu

    point = torch.tensor(z, requires_grad=True)
    (slope,) = torch.autograd.grad(relu(point), point)
    return float(slope)


BOOK = CheckBook(
    "mlp",
    numbers={
        "relu_left": NumberCheck(lambda: _slope_of_relu(-1.0)),
        "relu_right": NumberCheck(lambda: _slope_of_relu(1.0)),
        "silent_sum": NumberCheck(lambda: SILENT_WEIGHT * SILENT_INPUT),
    },
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
            notation=NO_ACTIVATION,
        ),
        "hidden_shape": ShapeQuestion(
            shape=lambda: shape_of(r"X W^{(1)}", BATCH),
            explanation="One row a sample and one column a hidden unit.",
            slips=(
                ShapeSlip(
                    "shape-of-weights",
                    lambda: shape_of("W^{(1)}", BATCH),
                    "That is the shape of $W^{(1)}$. $Z^{(2)}$ has one row a sample.",
                    line=r"Z^{(2)} : S_1 \times S_2",
                    right=_SHAPE,
                ),
                ShapeSlip(
                    "shape-of-input",
                    lambda: shape_of("X", BATCH),
                    "That is the shape of $X$. $Z^{(2)}$ has one column a hidden unit.",
                    line=r"Z^{(2)} : n \times S_1",
                    right=_SHAPE,
                ),
                ShapeSlip(
                    "shape-of-output",
                    lambda: shape_of("Z^{(3)}", BATCH),
                    "That is the shape of $Z^{(3)}$. $Z^{(2)}$ belongs to the hidden layer.",
                    line=r"Z^{(2)} : n \times S_3",
                    right=_SHAPE,
                ),
                ShapeSlip(
                    "samples-as-columns",
                    lambda: shape_of(r"(W^{(1)})^\top X^\top", BATCH),
                    "There a sample is a column. In a batch it is a row, and a unit is a column.",
                    line=r"Z^{(2)} = (W^{(1)})^\top X^\top : S_2 \times n",
                    right=_SHAPE,
                ),
            ),
            hints=Hints(
                idea="what is one row of it, and what is one column?",
                formula=r"$X W^{(1)} : n \times S_2$",
                numbers="$n = 128$ samples as rows, $S_2 = 256$ hidden units as columns.",
            ),
        ),
        "silent_unit": SignQuestion(
            value=_slope_of_silent_unit,
            explanation="On the left the slope of ReLU is [0](number:relu_left), and the chain "
            "rule multiplies by it: this sample moves none of the unit's incoming weights, however "
            "wrong the output is.",
            feedback="The gradient is a product, and one factor is the slope of ReLU at "
            "[−0.5](number:silent_sum). What is that?",
        ),
    },
)
