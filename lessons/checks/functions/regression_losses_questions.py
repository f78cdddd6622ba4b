"""The numbers and questions of `functions/regression-losses`."""

from __future__ import annotations

from functools import partial

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    NumberCheck,
    NumberQuestion,
    Question,
    Slip,
)

TRUE, PREDICTED = np.array([3.0, 5.0, 2.5]), np.array([4.5, 5.0, 2.0])
"""The three samples of the lesson."""
ERRORS = PREDICTED - TRUE


def _mean_smooth(e: Array, beta: float) -> float:
    """The mean smooth L1 loss."""
    return float(np.mean(np.where(np.abs(e) < beta, e**2 / (2 * beta), np.abs(e) - beta / 2)))


def _huber(e: float, beta: float) -> float:
    """Huber's loss of one error."""
    return 0.5 * e**2 if abs(e) < beta else beta * (abs(e) - beta / 2)


def _sample_loss(loss: str, e: float) -> float:
    """The loss of one sample; smooth L1 with beta = 1."""
    if loss == "squared":
        return e**2
    if loss == "absolute":
        return abs(e)
    return e**2 / 2 if abs(e) < 1 else abs(e) - 0.5


def _pull(loss: str, e: float) -> float:
    """The slope of the loss of one sample at the error e, by central differences."""
    h = 1e-6
    return (_sample_loss(loss, e + h) - _sample_loss(loss, e - h)) / (2 * h)


OUTLIER = np.array([1.0, 2.0, 3.0, 4.0, 100.0])

PREDICTS: dict[str, Question] = {
    "regression_mse": NumberQuestion(
        answer=lambda: float(np.mean(ERRORS**2)),
        explanation="(2.25 + 0 + 0.25) / 3. The first error makes nine tenths of it.",
        slips=(
            Slip(
                "no-mean",
                lambda: float(np.sum(ERRORS**2)),
                "That is the sum of the squares. Divide it by the number of samples.",
            ),
            Slip(
                "half",
                lambda: float(np.mean(ERRORS**2) / 2),
                "You took half of it, as other lessons do. MSE has no half.",
            ),
            Slip(
                "root",
                lambda: float(np.sqrt(np.mean(ERRORS**2))),
                "That is its root. MSE is the mean of the squares itself.",
            ),
            Slip(
                "absolute",
                lambda: float(np.mean(np.abs(ERRORS))),
                "That is MAE. Square the errors before you add them.",
            ),
        ),
        hint="Square each error, add up, divide by 3.",
    ),
    "mse_pull": NumberQuestion(
        answer=lambda: float(abs(2 / 3 * ERRORS[0]) / abs(2 / 3 * ERRORS[2])),
        explanation="The slopes are $2e/3$, so they stand to each other as the errors do: 1.5 to "
        "0.5.",
        slips=(
            Slip(
                "losses-compared",
                lambda: float(ERRORS[0] ** 2 / ERRORS[2] ** 2),
                "That compares the losses. The pull is the slope, which grows with $e$, not with "
                "its square.",
            ),
            Slip(
                "absolute",
                lambda: 1.0,
                "So it is by MAE. By MSE the slope is $2e/n$.",
            ),
        ),
        hint="Divide the two slopes $2e/n$.",
    ),
    "outlier_mean": NumberQuestion(
        answer=lambda: float(np.mean(OUTLIER)),
        explanation="110 / 5. Four of the five numbers lie far below: one wild value has pulled "
        "the mean to itself.",
        slips=(
            Slip("median", lambda: float(np.median(OUTLIER)), "That is the median, for MAE."),
            Slip(
                "outlier-left-out",
                lambda: float(np.mean(OUTLIER[:4])),
                "You left out the 100. MSE does not.",
            ),
        ),
        hint="MSE leads to the mean.",
    ),
    "outlier_median": NumberQuestion(
        answer=lambda: float(np.median(OUTLIER)),
        explanation="Two lie below 3 and two above. If the 100 were a million, nothing would "
        "change.",
        slips=(Slip("mean", lambda: float(np.mean(OUTLIER)), "That is the mean, for MSE."),),
        hint="MAE leads to the median: the one in the middle.",
    ),
    "smooth_large": NumberQuestion(
        answer=lambda: _mean_smooth(np.array([1.5]), 1.0),
        explanation="1.5 is above 1, so the straight part holds: 1.5 − 0.5.",
        slips=(
            Slip(
                "parabola-outside",
                lambda: 1.5**2 / 2,
                "You took the parabola. It holds only where $|e|$ is below $\\beta$.",
            ),
            Slip(
                "half-forgotten",
                lambda: 1.5,
                "Take $\\beta / 2$ away, or the two parts would not meet.",
            ),
        ),
        hint="Is 1.5 inside or outside of $\\beta = 1$?",
    ),
    "huber_three": NumberQuestion(
        answer=lambda: _huber(3.0, 2.0),
        explanation="$2 \\, (3 - 1)$. Smooth L1 gives half of it, because $\\beta = 2$.",
        slips=(
            Slip(
                "smoothl1-is-huber",
                lambda: _mean_smooth(np.array([3.0]), 2.0),
                "That is smooth L1. Huber's loss is $\\beta$ times as large.",
            ),
            Slip(
                "parabola-outside",
                lambda: 0.5 * 3.0**2,
                "You took the parabola. It holds only where $|e|$ is below $\\beta$.",
            ),
        ),
        hint="Outside of $\\beta$ it is $\\beta (|e| - \\beta/2)$.",
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        "regression_error_1": NumberCheck(lambda: float(ERRORS[0])),
        "regression_error_2": NumberCheck(lambda: float(ERRORS[1])),
        "regression_error_3": NumberCheck(lambda: float(ERRORS[2])),
        "regression_mae": NumberCheck(lambda: float(np.mean(np.abs(ERRORS)))),
        "regression_smooth": NumberCheck(lambda: _mean_smooth(ERRORS, 1.0)),
        **{
            f"pull_{loss}_{place}": NumberCheck(partial(_pull, loss, e))
            for loss in ("squared", "absolute", "smooth")
            for place, e in ((1, 0.1), (2, 1.0), (3, 10.0))
        },
    },
    predicts=PREDICTS,
)
