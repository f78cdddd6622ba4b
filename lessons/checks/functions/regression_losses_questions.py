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
    SignQuestion,
    Slip,
)
from lessons.course.functions.regression_losses.facts import (
    HUBER_AGREES,
    HUBER_BETA,
    HUBER_ERROR,
    HUBER_OUTSIDE,
    OUTLIER,
    PREDICTED,
    PULLED_AT,
    PULLED_BETA,
    SMOOTH_BETA,
    SMOOTH_ERROR,
    TRUE,
)

ERRORS = np.array(PREDICTED) - np.array(TRUE)
"""Those of the three samples of the lesson."""


def _mean_smooth(e: Array, beta: float) -> float:
    """The mean smooth L1 loss."""
    return float(np.mean(np.where(np.abs(e) < beta, e**2 / (2 * beta), np.abs(e) - beta / 2)))


def _huber(e: float, beta: float) -> float:
    """Huber's loss of one error."""
    return 0.5 * e**2 if abs(e) < beta else beta * (abs(e) - beta / 2)


def _sample_loss(loss: str, e: float) -> float:
    """The loss of one sample."""
    if loss == "squared":
        return e**2
    return abs(e) if loss == "absolute" else _mean_smooth(np.array([e]), PULLED_BETA)


def _pull(loss: str, e: float) -> float:
    """The slope of the loss of one sample at the error e, by central differences."""
    h = 1e-6
    return (_sample_loss(loss, e + h) - _sample_loss(loss, e - h)) / (2 * h)


def _torch_at_corner() -> float:
    """What PyTorch returns for the slope of |e| at 0."""
    import torch

    e = torch.tensor(0.0, requires_grad=True)
    (slope,) = torch.autograd.grad(e.abs(), e)
    return float(slope)


def _slope_of_third_loss() -> float:
    """How the absolute error of sample 3 moves with its prediction, by central differences."""
    h, predicted, true = 1e-6, PREDICTED[2], TRUE[2]
    return (abs(predicted + h - true) - abs(predicted - h - true)) / (2 * h)


PREDICTS: dict[str, Question] = {
    "regression_mse": NumberQuestion(
        answer=lambda: float(np.mean(ERRORS**2)),
        explanation=r"$\text{MSE} = \frac{2.25 + 0 + 0.25}{3}$. The first error makes nine tenths "
        "of it.",
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
            numbers=r"$\text{MSE} = \frac{1.5^2 + 0^2 + (-0.5)^2}{3}$",
        ),
    ),
    "mse_pull": NumberQuestion(
        answer=lambda: float(abs(2 / 3 * ERRORS[0]) / abs(2 / 3 * ERRORS[2])),
        explanation=r"The slopes are $\frac23 e_1$ and $\frac23 e_3$, so they stand to each other "
        "as the errors do: $|e_1| = 1.5$ to $|e_3| = 0.5$.",
        slips=(
            Slip(
                "losses-compared",
                lambda: float(ERRORS[0] ** 2 / ERRORS[2] ** 2),
                "That compares the losses. The pull is the slope, which grows with $e$, not with "
                "its square.",
                line=r"\frac{{e_1}^2}{{e_3}^2}",
                right=r"\frac{|e_1|}{|e_3|}",
            ),
            Slip(
                "absolute-for-squared",
                lambda: 1.0,
                r"So it is by MAE. By MSE the slope is $\frac{2}{n} \, e_k$.",
                line=r"\frac{|\operatorname{sign}(e_1)|}{|\operatorname{sign}(e_3)|}",
                right=r"\frac{|e_1|}{|e_3|}",
            ),
        ),
        hints=Hints(
            idea="the pull is the slope of the loss, not the loss itself.",
            formula=r"$\frac{2}{n} |e_1|$, divided by $\frac{2}{n} |e_3|$.",
            numbers=r"$\frac{2}{n} |e_1| = \frac23 \cdot 1.5$, divided by $\frac{2}{n} |e_3| = "
            r"\frac23 \cdot 0.5$.",
        ),
    ),
    "outlier_mean": NumberQuestion(
        answer=lambda: float(np.mean(OUTLIER)),
        explanation=r"$\bar y = \frac{110}{5}$. Four of the five numbers lie far below: one wild "
        "value has pulled the mean to itself.",
        slips=(
            Slip(
                "median",
                lambda: float(np.median(OUTLIER)),
                "That is the median, for MAE.",
                line="c = y_3",
                right=r"c = \bar y",
            ),
            Slip(
                "outlier-left-out",
                lambda: float(np.mean(OUTLIER[:4])),
                "You left out $y_5 = 100$. MSE does not.",
                line=r"c = \frac{1}{n - 1} \sum_{i=1}^{n-1} y_i",
                right=r"c = \bar y = \frac1n \sum_{i=1}^{n} y_i",
            ),
        ),
        hints=Hints(
            idea="MSE comes to rest where the errors above and below cancel.",
            formula=r"$c = \bar y = \frac1n \sum_{i=1}^{n} y_i$",
            numbers=r"$c = \frac{1 + 2 + 3 + 4 + 100}{5}$",
        ),
    ),
    "outlier_median": NumberQuestion(
        answer=lambda: float(np.median(OUTLIER)),
        explanation="$r = 2$ of them lie below $c = 3$, and $s = 2$ above. If the largest were a "
        "million, nothing would change.",
        slips=(
            Slip(
                "mean-for-median",
                lambda: float(np.mean(OUTLIER)),
                "That is the mean, for MSE.",
                line=r"c = \bar y",
                right="c = y_3",
            ),
        ),
        hints=Hints(
            idea="MAE counts how many samples lie on each side, not how far away they are.",
            formula="$r = s$: as many samples below $c$ as above it.",
            numbers="$y_1 = 1$ and $y_2 = 2$ lie below it, $y_4 = 4$ and $y_5 = 100$ above.",
        ),
    ),
    "smooth_large": NumberQuestion(
        answer=lambda: _mean_smooth(np.array([SMOOTH_ERROR]), SMOOTH_BETA),
        explanation=r"$|e| = 1.5$ is more than $\beta = 1$, so the straight part holds: "
        r"$\ell = 1.5 - 0.5$.",
        slips=(
            Slip(
                "parabola-outside",
                lambda: SMOOTH_ERROR**2 / (2 * SMOOTH_BETA),
                "You took the parabola. It holds only where $|e|$ is below $\\beta$.",
                line=r"\ell = \frac{e^2}{2 \beta}",
                right=r"\ell = |e| - \frac{\beta}{2}",
            ),
            Slip(
                "half-forgotten",
                lambda: SMOOTH_ERROR,
                "Take $\\beta / 2$ away, or the two parts would not meet.",
                line=r"\ell = |e|",
                right=r"\ell = |e| - \frac{\beta}{2}",
            ),
        ),
        hints=Hints(
            idea="first ask on which part the error lies, then use that part.",
            formula=r"$\ell = |e| - \frac{\beta}{2}$ where $\suppose{|e| \ge \beta}$.",
            numbers=r"$\ell = 1.5 - \frac12$",
        ),
    ),
    "huber_three": NumberQuestion(
        answer=lambda: _huber(HUBER_ERROR, HUBER_BETA),
        explanation=r"$\ell_{\text{Huber}} = 2 \, (3 - 1)$. Smooth L1 gives half of it, because "
        r"$\beta = 2$.",
        slips=(
            Slip(
                "smoothl1-is-huber",
                lambda: _mean_smooth(np.array([HUBER_ERROR]), HUBER_BETA),
                "That is smooth L1. Huber's loss is $\\beta$ times as large.",
                line=r"\ell_{\text{Huber}} = |e| - \frac{\beta}{2}",
                right=r"\ell_{\text{Huber}} = \beta \left( |e| - \frac{\beta}{2} \right)",
            ),
            Slip(
                "parabola-outside",
                lambda: 0.5 * HUBER_ERROR**2,
                "You took the parabola. It holds only where $|e|$ is below $\\beta$.",
                line=r"\ell_{\text{Huber}} = \frac12 e^2",
                right=r"\ell_{\text{Huber}} = \beta \left( |e| - \frac{\beta}{2} \right)",
            ),
        ),
        hints=Hints(
            idea="the error lies outside of the parabola, on one of the straight arms.",
            formula=(
                r"$\ell_{\text{Huber}} = \beta \left( |e| - \frac{\beta}{2} \right)$ where "
                r"$\suppose{|e| \ge \beta}$."
            ),
            numbers=r"$\ell_{\text{Huber}} = 2 \cdot (3 - \frac22)$",
        ),
    ),
    "sign_of_low": SignQuestion(
        value=_slope_of_third_loss,
        explanation="The prediction is too low: raising it makes the error smaller. So the loss "
        r"falls with $\hat y_3$, and a step against the slope raises the prediction.",
        feedback="The absolute value is never negative, but its slope may be. Raise the prediction "
        r"a little, from $\hat y_3 = 2$ towards $y_3 = 2.5$: what does $|e_3|$ do?",
        slip="sign",
        line=r"\frac{\partial |e_3|}{\partial \hat y_3} = \operatorname{sign}(y_3 - \hat y_3)",
        right_line=(
            r"\frac{\partial |e_3|}{\partial \hat y_3} = \operatorname{sign}(\hat y_3 - y_3)"
        ),
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        **{
            f"regression_{what}_{place}": NumberCheck(partial(float, number))
            for what, found in (("true", TRUE), ("predicted", PREDICTED), ("error", ERRORS))
            for place, number in enumerate(found, start=1)
        },
        "torch_at_corner": NumberCheck(_torch_at_corner),
        "regression_mae": NumberCheck(lambda: float(np.mean(np.abs(ERRORS)))),
        "regression_smooth": NumberCheck(lambda: _mean_smooth(ERRORS, SMOOTH_BETA)),
        **{
            f"pull_{loss}_{place}": NumberCheck(partial(_pull, loss, e))
            for loss in ("squared", "absolute", "smooth")
            for place, e in enumerate(PULLED_AT, start=1)
        },
        **{
            f"pulled_at_{place}": NumberCheck(partial(float, e))
            for place, e in enumerate(PULLED_AT, start=1)
        },
        "huber_agrees": NumberCheck(lambda: HUBER_AGREES),
        "huber_outside": NumberCheck(lambda: HUBER_OUTSIDE),
    },
    predicts=PREDICTS,
)
