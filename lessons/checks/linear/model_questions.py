"""The numbers and questions of `linear/model`."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    NumberQuestion,
    Option,
    Question,
    Slip,
)

WEIGHTS, BIAS = np.array([15.0, 10.0, 3.0]), 20.0
HOUSE = np.array([2.0, 1.0, 80.0])


def _line_bias() -> float:
    """The bias of the best line through the three houses, by least squares."""
    A = np.array([[1.0, 1], [2, 1], [3, 1]])
    return float(np.linalg.lstsq(A, np.array([2.0, 3, 5]), rcond=None)[0][1])


def _singular() -> int:
    """The option that is right when a column stands twice: no inverse, and many best answers."""
    X = np.column_stack([np.arange(1.0, 6), np.arange(1.0, 6), np.ones(5)])
    return 1 if np.linalg.matrix_rank(X.T @ X) < X.shape[1] else 0


def _why_descent() -> int:
    """The option that is right: a sigmoid in the model leaves no linear equations to solve.

    Doubling the parameters would double the gradient's part Aᵀf(Aθ) if they were linear.
    """
    A, theta = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.3, 0.7])

    def part(parameters: Array) -> Array:
        return np.asarray(A.T @ (1 / (1 + np.exp(-A @ parameters))))

    return 0 if np.allclose(part(2 * theta), 2 * part(theta)) else 2


PREDICTS: dict[str, Question] = {
    "house_price": NumberQuestion(
        answer=lambda: float(WEIGHTS @ HOUSE + BIAS),
        explanation="15 · 2 + 10 · 1 + 3 · 80 + 20, in thousands.",
        slips=(
            Slip(
                "no-bias",
                lambda: float(WEIGHTS @ HOUSE),
                "You left out the bias: add the basic price of 20.",
            ),
            Slip(
                "product-of-sums",
                lambda: float(WEIGHTS.sum() * HOUSE.sum() + BIAS),
                "You multiplied the sums. Multiply each feature by its own weight, then add.",
            ),
        ),
        hint="Multiply each feature by its weight, add the three products, and add the bias.",
    ),
    "model_parameters": NumberQuestion(
        answer=lambda: float(len(np.append(np.zeros(12), 0.0))),
        explanation="12 weights and one bias.",
        tolerance=0,
        slips=(
            Slip("no-bias", lambda: 12.0, "These are the weights. The bias is learned as well."),
            Slip(
                "bias-per-feature",
                lambda: 24.0,
                "There is one bias for the whole sum, not one for each feature.",
            ),
        ),
        hint="Count one weight a feature, and the bias.",
    ),
    "loss_of_house": NumberQuestion(
        answer=lambda: (0.5 * (300 - 280) ** 2) / (0.5 * (300 - 290) ** 2),
        explanation="½ · 20² = 200 against ½ · 10² = 50: twice the error, four times the loss.",
        slips=(
            Slip(
                "not-squared",
                lambda: 2.0,
                "The error is twice as large. The loss takes its square.",
            ),
        ),
        hint="Compute both losses and divide them.",
    ),
    "argmin_or_min": NumberQuestion(
        answer=lambda: float(min(np.arange(0, 10, 0.5), key=lambda theta: (theta - 3) ** 2 + 5)),
        explanation="The minimum stands at $\\theta = 3$; how low it is there does not matter.",
        slips=(
            Slip(
                "min-for-argmin",
                lambda: 5.0,
                "That is the minimum, the height. The argmin is the place where it is reached.",
            ),
            Slip("sign", lambda: -3.0, "The bracket is 0 where $\\theta - 3 = 0$. Mind the sign."),
        ),
        hint="For which $\\theta$ is the square 0?",
    ),
    "singular": ChoiceQuestion(
        options=(
            Option(
                "Nothing: the best parameters are the same.",
                "The two columns compete. One weight may grow while the other shrinks by as much, "
                "and no prediction changes.",
            ),
            Option(
                "There is no inverse, and the best parameters are not unique.",
                "Only the sum of the two weights is determined. Leave one of the columns out.",
                right=True,
            ),
            Option(
                "The loss can no longer be computed.",
                "The loss is an ordinary number for all parameters. Look at the last line of the "
                "derivation instead.",
            ),
        ),
        proof=_singular,
    ),
    "mean_point": NumberQuestion(
        answer=_line_bias,
        explanation="$\\bar y - w \\bar x = 10/3 - 1.5 \\cdot 2$, one third.",
        tolerance=1e-2,
        slips=(
            Slip(
                "sum-for-mean",
                lambda: 10 - 1.5 * 6,
                "You took the sums. Divide by the number of houses: the means count.",
            ),
            Slip(
                "sign",
                lambda: 10 / 3 + 1.5 * 2,
                "You added $w \\bar x$. Take it away: $b = \\bar y - w \\bar x$.",
            ),
            Slip(
                "first-house",
                lambda: 2 - 1.5 * 1,
                "That line goes through the first house. The best line goes through the means.",
            ),
        ),
        hint="The means are $\\bar x = 2$ and $\\bar y = 10/3$.",
    ),
    "why_descent": ChoiceQuestion(
        options=(
            Option(
                "Gradient descent finds better parameters.",
                "For this model nothing is better: the closed form is the lowest place.",
            ),
            Option(
                "The closed form is only a guess.",
                "It is exact: you saw that no step leads lower.",
            ),
            Option(
                "Almost no other model has such a formula.",
                "Put one sigmoid in, and the equations are no longer linear in the parameters. "
                "Besides, with very many features the closed form costs too much: its work grows "
                "with the cube of their number.",
                right=True,
            ),
        ),
        proof=_why_descent,
    ),
}

BOOK = CheckBook(
    "linear",
    predicts=PREDICTS,
)
