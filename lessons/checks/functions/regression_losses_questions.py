"""The numbers and questions of `functions/regression-losses`."""

from __future__ import annotations

from functools import partial

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    Hints,
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
                line=r"\text{MSE} = \sum_{i=1}^{n} {e_i}^2",
                right=r"\text{MSE} = \frac1n \sum_{i=1}^{n} {e_i}^2",
            ),
            Slip(
                "half",
                lambda: float(np.mean(ERRORS**2) / 2),
                "You took half of it, as other lessons do. MSE has no half.",
                line=r"\text{MSE} = \frac{1}{2n} \sum_{i=1}^{n} {e_i}^2",
                right=r"\text{MSE} = \frac1n \sum_{i=1}^{n} {e_i}^2",
            ),
            Slip(
                "root",
                lambda: float(np.sqrt(np.mean(ERRORS**2))),
                "That is its root. MSE is the mean of the squares itself.",
                line=r"\text{MSE} = \sqrt{\frac1n \sum_{i=1}^{n} {e_i}^2}",
                right=r"\text{MSE} = \frac1n \sum_{i=1}^{n} {e_i}^2",
            ),
            Slip(
                "absolute-for-squared",
                lambda: float(np.mean(np.abs(ERRORS))),
                "That is MAE. Square the errors before you add them.",
                line=r"\text{MSE} = \frac1n \sum_{i=1}^{n} |e_i|",
                right=r"\text{MSE} = \frac1n \sum_{i=1}^{n} {e_i}^2",
            ),
        ),
        hints=Hints(
            idea="first square each error, then take the mean.",
            formula=r"$\text{MSE} = \frac1n \sum_{i=1}^{n} {e_i}^2$",
            numbers=(
                "([1.5](number:regression_error_1)² + [0](number:regression_error_2)² + "
                "([−0.5](number:regression_error_3))²) / 3"
            ),
        ),
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
                line="{e_1}^2 / {e_3}^2",
                right="|e_1| / |e_3|",
            ),
            Slip(
                "absolute-for-squared",
                lambda: 1.0,
                "So it is by MAE. By MSE the slope is $2e/n$.",
                line=r"\frac1n \operatorname{sign}(e_k)",
                right=r"\frac{2}{n} \, e_k",
            ),
        ),
        hints=Hints(
            idea="the pull is the slope of the loss, not the loss itself.",
            formula=r"$\left( \frac{2}{n} |e_1| \right) / \left( \frac{2}{n} |e_3| \right)$",
            numbers="(2/3 · 1.5) / (2/3 · 0.5)",
        ),
    ),
    "outlier_mean": NumberQuestion(
        answer=lambda: float(np.mean(OUTLIER)),
        explanation="110 / 5. Four of the five numbers lie far below: one wild value has pulled "
        "the mean to itself.",
        slips=(
            Slip(
                "median",
                lambda: float(np.median(OUTLIER)),
                "That is the median, for MAE.",
                line="r = s",
                right=r"c = \bar y",
            ),
            Slip(
                "outlier-left-out",
                lambda: float(np.mean(OUTLIER[:4])),
                "You left out the 100. MSE does not.",
                line=r"c = \frac{1}{n - 1} \sum_{i=1}^{n-1} y_i",
                right=r"c = \bar y = \frac1n \sum_{i=1}^{n} y_i",
            ),
        ),
        hints=Hints(
            idea="MSE comes to rest where the errors above and below cancel.",
            formula=r"$c = \bar y = \frac1n \sum_{i=1}^{n} y_i$",
            numbers="(1 + 2 + 3 + 4 + 100) / 5",
        ),
    ),
    "outlier_median": NumberQuestion(
        answer=lambda: float(np.median(OUTLIER)),
        explanation="Two lie below 3 and two above. If the 100 were a million, nothing would "
        "change.",
        slips=(
            Slip(
                "mean-for-median",
                lambda: float(np.mean(OUTLIER)),
                "That is the mean, for MSE.",
                line=r"c = \bar y",
                right="r = s",
            ),
        ),
        hints=Hints(
            idea="MAE counts how many samples lie on each side, not how far away they are.",
            formula="$r = s$: as many samples below $c$ as above it.",
            numbers="1 and 2 lie below it, 4 and 100 above.",
        ),
    ),
    "smooth_large": NumberQuestion(
        answer=lambda: _mean_smooth(np.array([1.5]), 1.0),
        explanation="1.5 is above 1, so the straight part holds: 1.5 − 0.5.",
        slips=(
            Slip(
                "parabola-outside",
                lambda: 1.5**2 / 2,
                "You took the parabola. It holds only where $|e|$ is below $\\beta$.",
                line=r"\ell = \frac{e^2}{2 \beta}",
                right=r"\ell = |e| - \frac{\beta}{2}",
            ),
            Slip(
                "half-forgotten",
                lambda: 1.5,
                "Take $\\beta / 2$ away, or the two parts would not meet.",
                line=r"\ell = |e|",
                right=r"\ell = |e| - \frac{\beta}{2}",
            ),
        ),
        hints=Hints(
            idea="first ask on which part the error lies, then use that part.",
            formula=r"$\ell = |e| - \frac{\beta}{2}$ where $|e| \ge \beta$.",
            numbers="1.5 − 1/2",
        ),
    ),
    "huber_three": NumberQuestion(
        answer=lambda: _huber(3.0, 2.0),
        explanation="$2 \\, (3 - 1)$. Smooth L1 gives half of it, because $\\beta = 2$.",
        slips=(
            Slip(
                "smoothl1-is-huber",
                lambda: _mean_smooth(np.array([3.0]), 2.0),
                "That is smooth L1. Huber's loss is $\\beta$ times as large.",
                line=r"\ell = |e| - \frac{\beta}{2}",
                right=r"\ell_{\text{Huber}} = \beta \left( |e| - \frac{\beta}{2} \right)",
            ),
            Slip(
                "parabola-outside",
                lambda: 0.5 * 3.0**2,
                "You took the parabola. It holds only where $|e|$ is below $\\beta$.",
                line=r"\ell_{\text{Huber}} = \frac12 e^2",
                right=r"\ell_{\text{Huber}} = \beta \left( |e| - \frac{\beta}{2} \right)",
            ),
        ),
        hints=Hints(
            idea="3 lies outside of the parabola, on one of the straight arms.",
            formula=(
                r"$\ell_{\text{Huber}} = \beta \left( |e| - \frac{\beta}{2} \right)$ where $|e| "
                r"\ge \beta$."
            ),
            numbers="2 · (3 − 2/2)",
        ),
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
