"""The numbers and questions of `functions/softmax`."""

from __future__ import annotations

from functools import partial

import numpy as np

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
from lessons.checks.draws import Array
from lessons.course.functions.softmax.facts import SAMPLES, SCALE, VOCABULARY


def softmax(z: Array) -> Array:
    """p_i = e^{z_i} / Σ_k e^{z_k}, as it is written."""
    return np.asarray(np.exp(z) / np.sum(np.exp(z)))


def _share(sample: int, index: int) -> float:
    """The probability of one class of one of the two samples."""
    return float(softmax(np.array(SAMPLES[sample]))[index])


def _scaled() -> int:
    """The option that is right when all scores are multiplied: the largest probability grows."""
    z = np.array(SAMPLES[0])
    before, after = softmax(z), softmax(SCALE * z)
    if np.allclose(before, after):
        return 0
    return 1 if after.max() > before.max() else 2


def _plottable() -> int:
    """The option whose gradient is not 0: that of one probability, not of a sum."""
    p = softmax(np.array(SAMPLES[0]))
    jacobian = np.diag(p) - np.outer(p, p)
    sums, ones = np.abs(jacobian.sum(axis=0)).max(), np.abs(jacobian[1]).max()
    return 2 if ones > 1e3 * sums else 0


PREDICTS: dict[str, Question] = {
    "softmax_ratio": NumberQuestion(
        answer=lambda: _share(0, 3) / _share(0, 1),
        explanation="$\\frac{p_4}{p_2} = \\frac{e^4}{e^2} = e^2$: two more points of score, "
        "whatever the others are.",
        slips=(
            Slip(
                "scores-divided",
                lambda: SAMPLES[0][3] / SAMPLES[0][1],
                "You divided the scores. Divide their exponentials: "
                "$\\frac{p_4}{p_2} = \\frac{e^4}{e^2}$.",
                line=r"\frac{p_4}{p_2} = \frac{z_4}{z_2}",
                right=r"\frac{p_4}{p_2} = \frac{\exp(z_4)}{\exp(z_2)}",
            ),
            Slip(
                "upside-down",
                lambda: _share(0, 1) / _share(0, 3),
                "That is how probable class 2 is beside class 4. Turn the fraction round.",
                line=r"\frac{p_4}{p_2} = \frac{\exp(z_2)}{\exp(z_4)}",
                right=r"\frac{p_4}{p_2} = \frac{\exp(z_4)}{\exp(z_2)}",
            ),
        ),
        tolerance=5e-3,
        hints=Hints(
            idea="the sum below the line is the same for both classes, so it drops out.",
            formula=r"$\frac{p_4}{p_2} = \frac{\exp(z_4)}{\exp(z_2)}$",
            numbers=r"$\frac{p_4}{p_2} = \frac{\exp(4)}{\exp(2)}$",
        ),
    ),
    "softmax_scaled": ChoiceQuestion(
        options=(
            Option(
                "Nothing: only differences count.",
                "Differences count, and multiplying changes them: all become larger.",
            ),
            Option(
                "They move apart: the largest one grows.",
                "The differences double, so each ratio of two probabilities is squared.",
                right=True,
            ),
            Option(
                "They move together: the largest one shrinks.",
                "That happens when the scores are divided. Larger differences make larger ratios.",
            ),
        ),
        proof=_scaled,
    ),
    "softmax_cross": NumberQuestion(
        answer=lambda: -_share(0, 1) * _share(0, 3),
        explanation="$\\frac{\\partial p_2}{\\partial z_4} = -p_2 \\, p_4$: when the score of "
        "class 4 rises, class 2 loses.",
        slips=(
            Slip(
                "own-for-other",
                lambda: _share(0, 1) * (1 - _share(0, 1)),
                "That is $\\frac{\\partial p_2}{\\partial z_2} = p_2 (1 - p_2)$, the slope for "
                "its own "
                "score. Here another score moves.",
                line=r"\frac{\partial p_i}{\partial z_j} = p_i \, (1 - p_i)",
                right=r"\frac{\partial p_i}{\partial z_j} = -p_i \, p_j",
            ),
            Slip(
                "sign",
                lambda: _share(0, 1) * _share(0, 3),
                "The size is right. But when class 4 gets a higher score, class 2 loses: mind the "
                "minus.",
                line=r"\frac{\partial p_i}{\partial z_j} = p_i \, p_j",
                right=r"\frac{\partial p_i}{\partial z_j} = -p_i \, p_j",
            ),
            Slip(
                "mixed-rules",
                lambda: _share(0, 1) * (1 - _share(0, 3)),
                "You took $p_2(1 - p_4)$, half of the rule for its own score. For the score of "
                "another class it is $\\frac{\\partial p_2}{\\partial z_4} = -p_2 \\, p_4$.",
                line=r"\frac{\partial p_i}{\partial z_j} = p_i \, (1 - p_j)",
                right=r"\frac{\partial p_i}{\partial z_j} = -p_i \, p_j",
            ),
        ),
        tolerance=5e-3,
        hints=Hints(
            idea="the score of another class stands only below the line, in the sum.",
            formula=r"$\frac{\partial p_i}{\partial z_j} = -p_i \, p_j$ for two different classes.",
            numbers="−[0.1184](number:softmax_a2) · [0.8749](number:softmax_a4)",
        ),
    ),
    "softmax_plot": ChoiceQuestion(
        options=(
            Option(
                "The gradient of the mean of all probabilities.",
                "The mean is the sum divided by $K$: it never moves either.",
                slip="softmax-sum-gradient",
                line=r"\frac{\partial}{\partial z_j} \, \frac{1}{K} \sum_i p_i",
                right_line=r"\frac{\partial p_i}{\partial z_j}",
            ),
            Option(
                "The same, with larger scores.",
                "The sum is 1 for all scores, so its slope is 0 for all scores.",
                slip="softmax-sum-gradient",
                line=r"\frac{\partial}{\partial z_j} \sum_i p_i",
                right_line=r"\frac{\partial p_i}{\partial z_j}",
            ),
            Option(
                "The gradient of one probability, or the whole Jacobian.",
                "One probability does move with the scores; its gradient is a row of the Jacobian.",
                right=True,
            ),
        ),
        proof=_plottable,
    ),
    "softmax_backward_sum": NumberQuestion(
        answer=lambda: float(1.0 - np.round(np.sum(softmax(np.array(SAMPLES[0]))), 12)),
        explanation="$g_j - \\sum_i g_i \\, p_i = 1 - \\sum_i p_i = 0$: the gradient of the sum "
        "is 0, once more.",
        slips=(
            Slip(
                "sum-forgotten",
                lambda: 1.0,
                "That is $g_j$. Take away $\\sum_i g_i \\, p_i$, which is the sum of all "
                "probabilities here.",
                line="g_j",
                right=r"g_j - \sum_i g_i \, p_i",
            ),
            Slip(
                "plain-sum",
                lambda: 1.0 - len(SAMPLES[0]),
                "You took away the sum of the $g_i$. Each $g_i$ is weighted with its $p_i$.",
                line=r"g_j - \sum_i g_i",
                right=r"g_j - \sum_i g_i \, p_i",
            ),
        ),
        hints=Hints(
            idea="a weighted sum in which every weight is 1 is a plain sum.",
            formula=r"$g_j - \sum_i g_i \, p_i$",
            numbers=r"$g_j - \sum_i g_i \, p_i = 1 - \sum_i 1 \cdot p_i$, and $\sum_i p_i = 1$.",
        ),
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        **{
            f"softmax_{label}{index + 1}": NumberCheck(partial(_share, sample, index))
            for sample, label in enumerate("ab")
            for index in range(4)
        },
        **{
            f"score_{label}{index + 1}": NumberCheck(partial(float, SAMPLES[sample][index]))
            for sample, label in enumerate("ab")
            for index in range(4)
        },
        "score_scale": NumberCheck(lambda: SCALE),
        "vocabulary": NumberCheck(lambda: float(VOCABULARY)),
    },
    predicts=PREDICTS,
)
