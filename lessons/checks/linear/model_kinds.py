"""Questions of `linear/model` that are answered by a sign or a shape."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import Array, CheckBook, Hints, ShapeQuestion, ShapeSlip, SignQuestion
from lessons.course.linear.model.facts import FEATURES, HOUSES


def _slope_for_bias() -> float:
    """How the mean loss moves with the bias where every price is too low: central difference."""
    y = np.array([300.0, 280.0, 410.0])
    predicted, h = y - 5, 1e-4

    def loss(moved: float) -> float:
        return float(np.mean((predicted + moved - y) ** 2 / 2))

    return (loss(h) - loss(-h)) / (2 * h)


def _ones_behind(X: Array) -> Array:
    return np.column_stack([X, np.ones(len(X))])


_X = np.zeros((HOUSES, FEATURES))
_A = _ones_behind(_X)
_NORMAL = r"A^\top A : (d+1) \times (d+1)"

BOOK = CheckBook(
    "linear",
    predicts={
        "bias_slope": SignQuestion(
            value=_slope_for_bias,
            explanation="Every $\\hat y_i - y_i$ is negative, and so is their mean. A negative "
            "slope "
            "says: raise the bias, and the loss falls.",
            feedback="The slope for the bias is the mean of $\\hat y_i - y_i$, prediction minus "
            "true value. Which of the two is larger here?",
            slip="sign",
            line=r"\frac{\partial L}{\partial b} = \frac1n \sum_{i=1}^{n} (y_i - \hat y_i)",
            right_line=r"\frac{\partial L}{\partial b} = \frac1n \sum_{i=1}^{n} (\hat y_i - y_i)",
        ),
        "normal_shape": ShapeQuestion(
            shape=lambda: (_A.T @ _A).shape,
            explanation="One row and one column for each parameter: three weights and the bias. "
            "However many houses there are, $d + 1 = 4$ equations are to be solved.",
            slips=(
                ShapeSlip(
                    "no-bias",
                    lambda: (_X.T @ _X).shape,
                    "The bias is a parameter, too: $A$ has a column of ones behind the features.",
                    line=r"A^\top A : d \times d",
                    right=_NORMAL,
                ),
                ShapeSlip(
                    "wrong-way",
                    lambda: (_A @ _A.T).shape,
                    "That is $A A^\\top$, with a row for each house. The transposed matrix stands "
                    "on the left here.",
                    line=r"A^\top A : n \times n",
                    right=_NORMAL,
                ),
                ShapeSlip(
                    "one-matrix-only",
                    lambda: _A.shape,
                    "That is the shape of $A$ alone. In the product the houses are summed over.",
                    line=r"A^\top A : n \times (d+1)",
                    right=_NORMAL,
                ),
            ),
            hints=Hints(
                idea="a product takes its rows from the left matrix, its columns from the right.",
                formula=r"$A^\top : (d+1) \times n$ and $A : n \times (d+1)$.",
                numbers=r"$A^\top : (3 + 1) \times 100$ and $A : 100 \times (3 + 1)$.",
            ),
        ),
    },
)
