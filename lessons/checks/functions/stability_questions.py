"""The numbers and questions of `functions/stability`."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.labs.stability import DIGITS
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Question,
    Slip,
)
from lessons.course.functions.stability.facts import (
    EQUAL,
    FAR_APART,
    LARGE,
    NAIVE_SCORE,
    RARE,
    TAME_CLASSES,
    TAME_SCORE,
    TANH_RIGHT_AT,
    TANH_WRONG_AT,
)


def _over(kind: type[np.float32] | type[np.float64]) -> float:
    """The z above which exp(z) is larger than the largest number."""
    return float(np.log(np.float64(np.finfo(kind).max)))


def _under(kind: type[np.float32] | type[np.float64]) -> float:
    """The z below which exp(z) rounds to 0: it is nearer to 0 than to the smallest number."""
    return float(np.log(np.float64(np.finfo(kind).smallest_subnormal)) - np.log(2))


def _stable(index: int) -> float:
    """One probability of the large scores."""
    z = np.array(LARGE)
    e = np.exp(z - z.max())
    return float(e[index] / e.sum())


def _less_first(index: int) -> float:
    """One of the large scores less the first of them."""
    return LARGE[index] - LARGE[0]


def _inf_over_inf() -> int:
    """The option that is right: inf / inf in float32."""
    with np.errstate(over="ignore", invalid="ignore"):
        top = np.exp(np.float32(NAIVE_SCORE))
        found = top / top
    return 2 if np.isnan(found) else int(found == 1)


def _tanh_trap() -> int:
    """The option that is right: the naive tanh far to the left."""
    z = np.float64(TANH_WRONG_AT)
    with np.errstate(over="ignore", invalid="ignore"):
        found = (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))
    return 2 if np.isnan(found) else int(found != -1)


PREDICTS: dict[str, Question] = {
    "inf_over_inf": ChoiceQuestion(
        options=(
            Option(
                "0",
                "A number divided by inf would be 0. But inf stands above the line as well.",
            ),
            Option(
                "1",
                "inf is no number that cancels: the two may stand for quite different numbers that "
                "were too large.",
            ),
            Option(
                "nan",
                "**Not a number.** It spreads: every sum and product with it is nan, and after one "
                "update so are all weights.",
                right=True,
            ),
        ),
        proof=_inf_over_inf,
    ),
    "tame_largest": NumberQuestion(
        answer=lambda: float(sum(np.exp(z - TAME_SCORE) for z in [TAME_SCORE] * TAME_CLASSES)),
        explanation="$K = 10$ times $\\exp(0) = 1$: the largest that the sum can be for so many "
        "classes.",
        tolerance=1e-6,
        slips=(
            Slip(
                "exp-of-zero",
                lambda: 0.0,
                "$\\exp(0) = 1$, not 0, and there are $K = 10$ such terms.",
                line=r"\sum_k \exp(z_k - m) = K \cdot 0",
                right=r"\sum_k \exp(z_k - m) = K \cdot 1",
            ),
            Slip(
                "one-term",
                lambda: 1.0,
                "That is one term. Add up all $K = 10$.",
                line=r"\exp(z_t - m)",
                right=r"\sum_k \exp(z_k - m)",
            ),
        ),
        hints=Hints(
            idea="every score is the largest one here: what is left of it when $m$ is taken away?",
            formula=r"$z_k = m$ for every class, so $\sum_k \exp(z_k - m) = K \exp(0)$.",
            numbers=r"$\sum_k \exp(z_k - m) = 10 \cdot \exp(500 - 500)$",
        ),
    ),
    "log_softmax_two": NumberQuestion(
        answer=lambda: FAR_APART[0] - float(np.logaddexp(*FAR_APART)),
        explanation="$\\ln p_1 = 0 - \\ln(\\exp(0) + \\exp(200)) \\approx -200$: beside the second "
        "exponential the first, 1, does not count. An ordinary number, where the logarithm of the "
        "probability gave −inf.",
        slips=(
            Slip(
                "other-class",
                lambda: FAR_APART[1] - float(np.logaddexp(*FAR_APART)),
                "That is $\\ln p_2$. The first class has the score $z_1 = 0$.",
                line=r"z_2 - \ln \sum_k \exp(z_k)",
                right=r"z_1 - \ln \sum_k \exp(z_k)",
            ),
            Slip(
                "sign",
                lambda: float(np.logaddexp(*FAR_APART)) - FAR_APART[0],
                "Log-sum-exp is taken *away* from the score. The logarithm of a probability is "
                "never positive.",
                line=r"\ln \sum_k \exp(z_k) - z_1",
                right=r"z_1 - \ln \sum_k \exp(z_k)",
            ),
        ),
        hints=Hints(
            idea="do not compute the probability: take log-sum-exp away from the score.",
            formula=r"$\ln p_1 = z_1 - \ln \sum_k \exp(z_k)$",
            numbers=r"$\ln p_1 = 0 - \ln(\exp(0) + \exp(200))$, where the first exponential hardly "
            "counts.",
        ),
    ),
    "lse_equal": NumberQuestion(
        answer=lambda: float(np.logaddexp(*EQUAL)),
        explanation="$m + \\ln \\sum_k \\exp(z_k - m) = 1000 + \\ln(1 + 1) = 1000 + \\ln 2$.",
        tolerance=1e-5,
        slips=(
            Slip(
                "maximum-only",
                lambda: EQUAL[0],
                "That is the largest score. Two terms of 1 remain in the sum: add their logarithm.",
                line="m",
                right=r"m + \ln \sum_k \exp(z_k - m)",
            ),
            Slip(
                "no-logarithm",
                lambda: EQUAL[0] + len(EQUAL),
                "The sum is $\\sum_k \\exp(z_k - m) = 2$, but its logarithm is added: $\\ln 2$.",
                line=r"m + \sum_k \exp(z_k - m)",
                right=r"m + \ln \sum_k \exp(z_k - m)",
            ),
            Slip(
                "sum-of-scores",
                lambda: sum(EQUAL),
                "The logarithm of a sum is not the sum of the logarithms. Take $m = 1000$ out "
                "first.",
                line=r"\sum_k z_k",
                right=r"m + \ln \sum_k \exp(z_k - m)",
            ),
        ),
        hints=Hints(
            idea="take the largest score out first, and see what is left in the sum.",
            formula=r"$m + \ln \sum_k \exp(z_k - m)$",
            numbers=r"$m + \ln \sum_k \exp(z_k - m) = 1000 + \ln(\exp(0) + \exp(0))$",
        ),
    ),
    "log_softmax_slope_number": NumberQuestion(
        answer=lambda: 1.0 - RARE,
        explanation="$\\frac{\\partial \\ln p_i}{\\partial z_i} = \\delta_{ii} - p_i = 1 - "
        "0.001$. The slope of $p_i$ itself is only "
        "[0.000999](number:log_softmax_slope_number/no-logarithm).",
        tolerance=1e-5,
        slips=(
            Slip(
                "no-logarithm",
                lambda: RARE * (1 - RARE),
                "That is the slope of $p_i$, without the logarithm. The logarithm divides it by "
                "$p_i$.",
                line=r"\frac{\partial \ln p_i}{\partial z_i} = p_i \, (1 - p_i)",
                right=r"\frac{\partial \ln p_i}{\partial z_i} = 1 - p_i",
            ),
            Slip(
                "other-class",
                lambda: -RARE,
                "That is $0 - p_i$, as for the score of another class. For its own score "
                "$\\delta_{ii} = 1$.",
                line=r"\frac{\partial \ln p_i}{\partial z_i} = 0 - p_i",
                right=r"\frac{\partial \ln p_i}{\partial z_i} = 1 - p_i",
            ),
        ),
        hints=Hints(
            idea="the score acts twice: by itself, and as a part of log-sum-exp.",
            formula=r"$\frac{\partial \ln p_i}{\partial z_i} = \delta_{ii} - p_i$",
            numbers="$\\delta_{ii} - p_i = 1 - 0.001$; give all digits.",
        ),
    ),
    "tanh_trap": ChoiceQuestion(
        options=(
            Option(
                "−1",
                "So it should be: $\\tanh z = -1$ to the last digit. But the exponential of "
                "$-2z = 800$ is inf in float64, above the line and below it.",
                slip="tanh-overflow",
                line=r"\tanh z = \frac{1 - \exp(-2z)}{1 + \exp(-2z)}",
                right_line=r"\tanh z = \frac{\exp(2z) - 1}{\exp(2z) + 1}",
            ),
            Option(
                "0",
                "Neither part is 0: look up the exponential of $-2z = 800$ in the table of this "
                "lesson.",
            ),
            Option(
                "nan",
                "The exponential of $-2z = 800$ is inf: −inf above, inf below. Use the form with "
                "$\\exp(2z)$ for "
                "negative $z$, or `torch.tanh`, which is safe everywhere.",
                right=True,
            ),
        ),
        proof=_tanh_trap,
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        "float32_max": NumberCheck(lambda: float(np.finfo(np.float32).max)),
        "float64_max": NumberCheck(lambda: float(np.finfo(np.float64).max)),
        "float32_over": NumberCheck(partial(_over, np.float32)),
        "float64_over": NumberCheck(partial(_over, np.float64)),
        "float32_under": NumberCheck(partial(_under, np.float32)),
        "float64_under": NumberCheck(partial(_under, np.float64)),
        "stable_1": NumberCheck(partial(_stable, 0)),
        "stable_2": NumberCheck(partial(_stable, 1)),
        "stable_3": NumberCheck(partial(_stable, 2)),
        "small_1": NumberCheck(partial(_less_first, 0)),
        "small_2": NumberCheck(partial(_less_first, 1)),
        "small_3": NumberCheck(partial(_less_first, 2)),
        "float32_breaks": NumberCheck(lambda: float(np.ceil(_over(np.float32)))),
        "naive_score": NumberCheck(lambda: NAIVE_SCORE),
        "tanh_right_at": NumberCheck(lambda: TANH_RIGHT_AT),
        "tanh_wrong_at": NumberCheck(lambda: TANH_WRONG_AT),
        "lab_digits": NumberCheck(lambda: float(DIGITS)),
    },
    predicts=PREDICTS,
)
