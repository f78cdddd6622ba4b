"""The numbers and questions of `linear/model`."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberQuestion,
    Option,
    Question,
    Slip,
)
from lessons.course.linear.model.facts import (
    AREAS,
    BIAS,
    COUNTED_FEATURES,
    HEIGHT,
    HOUSE,
    PLACE,
    PREDICTED,
    PRICES,
    SOLD,
    WEIGHTS,
)


def _line() -> tuple[float, float]:
    """Slope and bias of the best line through the three houses, by least squares."""
    A = np.column_stack([AREAS, np.ones(len(AREAS))])
    slope, bias = np.linalg.lstsq(A, np.array(PRICES), rcond=None)[0]
    return float(slope), float(bias)


def _times_as_large() -> float:
    """The loss of the second house over that of the first."""
    losses = 0.5 * (np.array(PREDICTED) - np.array(SOLD)) ** 2
    return float(losses[1] / losses[0])


def _lowest() -> float:
    """Where the parabola is lowest, by trying."""
    return float(min(np.arange(0, 10, 0.5), key=lambda theta: (theta - PLACE) ** 2 + HEIGHT))


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
        answer=lambda: float(np.dot(WEIGHTS, HOUSE) + BIAS),
        explanation="$\\hat y = 15 \\cdot 2 + 10 \\cdot 1 + 3 \\cdot 80 + 20$, in thousands.",
        slips=(
            Slip(
                "no-bias",
                lambda: float(np.dot(WEIGHTS, HOUSE)),
                "You left out the bias: add the basic price, $b = 20$.",
                line=r"\hat y = w_1 x_1 + w_2 x_2 + w_3 x_3",
                right=r"\hat y = w_1 x_1 + w_2 x_2 + w_3 x_3 + b",
            ),
            Slip(
                "product-of-sums",
                lambda: float(sum(WEIGHTS) * sum(HOUSE) + BIAS),
                "You multiplied the sums. Multiply each feature by its own weight, then add.",
                line=r"\hat y = \sum_{j=1}^{d} w_j \cdot \sum_{j=1}^{d} x_j + b",
                right=r"\hat y = \sum_{j=1}^{d} w_j x_j + b",
            ),
        ),
        hints=Hints(
            idea="each feature has a price of its own, and there is a basic price besides.",
            formula=r"$\hat y = w_1 x_1 + w_2 x_2 + w_3 x_3 + b$",
            numbers=r"$\hat y = 15 \cdot 2 + 10 \cdot 1 + 3 \cdot 80 + 20$",
        ),
    ),
    "model_parameters": NumberQuestion(
        answer=lambda: float(len(np.append(np.zeros(COUNTED_FEATURES), 0.0))),
        explanation="$d = 12$ weights and one bias.",
        tolerance=0,
        slips=(
            Slip(
                "no-bias",
                lambda: float(COUNTED_FEATURES),
                "These are the weights. The bias is learned as well.",
                line="d",
                right="d + 1",
            ),
            Slip(
                "bias-per-feature",
                lambda: 2.0 * COUNTED_FEATURES,
                "There is one bias for the whole sum, not one for each feature.",
                line="d + d",
                right="d + 1",
            ),
        ),
        hints=Hints(
            idea="each arrow carries one number that is learned, and one more is added to the sum.",
            formula="$d + 1$: the weights $w_1$ to $w_d$, and $b$.",
            numbers="$d + 1 = 12 + 1$",
        ),
    ),
    "loss_of_house": NumberQuestion(
        answer=_times_as_large,
        explanation="$\\ell_2 = \\frac12 \\cdot 20^2 = 200$ against "
        "$\\ell_1 = \\frac12 \\cdot 10^2 = 50$: twice the error, four times the loss.",
        slips=(
            Slip(
                "not-squared",
                lambda: (PREDICTED[1] - SOLD[1]) / (PREDICTED[0] - SOLD[0]),
                "The error is twice as large. The loss takes its square.",
                line=r"\frac{\ell_2}{\ell_1} = \frac{| \hat y_2 - y_2 |}{| \hat y_1 - y_1 |}",
                right=r"\frac{\ell_2}{\ell_1} = \frac{\frac12 (\hat y_2 - y_2)^2}"
                r"{\frac12 (\hat y_1 - y_1)^2}",
            ),
        ),
        hints=Hints(
            idea="find both errors first; the loss does not grow as they do.",
            formula=(
                r"$\ell = \frac12 (\hat y - y)^2$ for each house; then divide the second by the "
                r"first."
            ),
            numbers=r"$\frac{\ell_2}{\ell_1} = \frac{\frac12 \cdot (300 - 280)^2}"
            r"{\frac12 \cdot (300 - 290)^2}$",
        ),
    ),
    "argmin_or_min": NumberQuestion(
        answer=_lowest,
        explanation="The minimum stands at $\\theta^* = 3$; how low it is there does not matter.",
        slips=(
            Slip(
                "min-for-argmin",
                lambda: float(HEIGHT),
                "That is the minimum, the height. The argmin is the place where it is reached.",
                line=r"\theta^* = \min_{\theta} \, L(\theta)",
                right=r"\theta^* = \argmin_{\theta} \, L(\theta)",
            ),
            Slip(
                "sign",
                lambda: float(-PLACE),
                "The bracket is zero where $\\theta^* - 3 = 0$. Mind the sign.",
                line=r"\theta^* = -3",
                right=r"\theta^* = 3",
            ),
        ),
        hints=Hints(
            idea=r"the argmin is a place: which $\theta$ leads to the lowest value?",
            formula=r"a square is smallest where it is zero: $(\theta^* - 3)^2 = 0$.",
            numbers=r"$\theta^* - 3 = 0$",
        ),
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
        answer=lambda: _line()[1],
        explanation="$b = \\bar y - w \\bar x = \\frac{10}{3} - 1.5 \\cdot 2$, one third.",
        tolerance=1e-2,
        slips=(
            Slip(
                "sum-for-mean",
                lambda: sum(PRICES) - _line()[0] * sum(AREAS),
                "You took the sums. Divide by the number of houses: the means count.",
                line=r"b = \sum_{i=1}^{n} y_i - w \sum_{i=1}^{n} x_i",
                right=r"b = \frac1n \sum_{i=1}^{n} y_i - w \, \frac1n \sum_{i=1}^{n} x_i",
            ),
            Slip(
                "sign",
                lambda: float(np.mean(PRICES) + _line()[0] * np.mean(AREAS)),
                "You added $w \\bar x$. Take it away: $b = \\bar y - w \\bar x$.",
                line=r"b = \bar y + w \bar x",
                right=r"b = \bar y - w \bar x",
            ),
            Slip(
                "first-house",
                lambda: PRICES[0] - _line()[0] * AREAS[0],
                "That line goes through the first house. The best line goes through the means.",
                line="b = y_1 - w x_1",
                right=r"b = \bar y - w \bar x",
            ),
        ),
        hints=Hints(
            idea="the best line goes through the point of the means.",
            formula=r"$b = \bar y - w \bar x$",
            numbers=r"$b = \frac{2 + 3 + 5}{3} - 1.5 \cdot \frac{1 + 2 + 3}{3}$",
        ),
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
