"""The numbers and questions of `classification/softmax`."""

from __future__ import annotations

import math

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.checks.classification.softmax import FEATURES, SAMPLES, batch


def _softmax(scores: tuple[float, ...]) -> list[float]:
    powers = [math.exp(score) for score in scores]
    return [power / sum(powers) for power in powers]


def _equal_distances() -> int:
    """Are one-hot vectors all equally far apart, and class numbers not?"""
    eye = np.eye(4)
    apart = {round(float(np.linalg.norm(eye[i] - eye[j])), 12) for i in range(4) for j in range(i)}
    by_number = {abs(i - j) for i in range(4) for j in range(i)}
    return 1 if len(apart) == 1 and len(by_number) > 1 else 0


def _clash_gradient() -> int:
    """The whole gradient where ∂e^{o_j}/∂θ_q is taken for e^{o_j} x for every j."""
    d = batch(np.random.default_rng(5))
    total = np.zeros(FEATURES)
    for i in range(SAMPLES):
        j, x = d.y[i], d.X[:, i]
        sum_slope = sum(d.E[l, i] * x for l in range(d.k))
        total += d.S[i] / d.E[j, i] * (d.E[j, i] * x * d.S[i] - d.E[j, i] * sum_slope) / d.S[i] ** 2
    return 2 if bool(np.allclose(total, 0, atol=1e-12)) else 0


BOOK = CheckBook(
    "classification",
    numbers={
        "e_cubed": NumberCheck(lambda: math.exp(3)),
        "e_sum": NumberCheck(lambda: sum(map(math.exp, (1, 2, 3)))),
        "softmax_123_1": NumberCheck(lambda: _softmax((1, 2, 3))[0]),
        "softmax_123_2": NumberCheck(lambda: _softmax((1, 2, 3))[1]),
        "softmax_123_3": NumberCheck(lambda: _softmax((1, 2, 3))[2]),
        "odds_of_one": NumberCheck(lambda: math.e),
        "odds_of_five": NumberCheck(lambda: math.exp(5)),
    },
    predicts={
        "one_hot_why": ChoiceQuestion(
            options=(
                Option(
                    "A whole number is harder to store than a vector.",
                    "It is the other way round: programs keep the number and index with it.",
                ),
                Option(
                    "Numbers would say that class 1 is nearer to class 2 than to class 9.",
                    "Numbers have an order and distances; classes have neither. One-hot vectors "
                    "are all equally far apart.",
                    right=True,
                ),
                Option(
                    "A model cannot output whole numbers.",
                    "It could come near to them, as linear regression does. The trouble is what "
                    "being near would mean.",
                ),
            ),
            proof=_equal_distances,
        ),
        "smallest_margin": NumberQuestion(
            answer=lambda: 5.0 - max(2.0, 4.5),
            explanation="The rival with the highest score decides: $5 - 4.5 = 0.5$.",
            slips=(
                Slip(
                    "weakest-rival",
                    lambda: 5.0 - 2.0,
                    "That is the margin to the weakest class. Look for the class that comes "
                    "nearest.",
                    line=r"\Delta = o_y - \min_{j \ne y} \, o_j",
                    right=r"\Delta = o_y - \max_{j \ne y} \, o_j",
                ),
                Slip(
                    "sign",
                    lambda: 4.5 - 5.0,
                    "The margin is the score of the right class minus that of the other one.",
                    line=r"\Delta = \max_{j \ne y} \, o_j - o_y",
                    right=r"\Delta = o_y - \max_{j \ne y} \, o_j",
                ),
            ),
            hints=Hints(
                idea="the rival that comes nearest decides.",
                formula=r"$\Delta = o_y - \max_{j \ne y} \, o_j$",
                numbers="the smaller of 5.0 − 2.0 and 5.0 − 4.5",
            ),
        ),
        "softmax_of_three": NumberQuestion(
            answer=lambda: _softmax((1, 2, 3))[2],
            explanation="$e^3 / (e^1 + e^2 + e^3)$, which is [20.09](number:e_cubed) / "
            "[30.19](number:e_sum).",
            slips=(
                Slip(
                    "share-of-scores",
                    lambda: 3 / 6,
                    "That is the score's share of the sum of the scores. Take $e$ to each power "
                    "first.",
                    line=r"\hat y_j = \frac{o_j}{\sum_{l=1}^{k} o_l}",
                    right=r"\hat y_j = \frac{e^{o_j}}{\sum_{l=1}^{k} e^{o_l}}",
                ),
                Slip(
                    "not-divided",
                    lambda: math.exp(3),
                    "That is $e^3$. Divide it by the sum over all three classes.",
                    line=r"\hat y_j = e^{o_j}",
                    right=r"\hat y_j = \frac{e^{o_j}}{\sum_{l=1}^{k} e^{o_l}}",
                ),
            ),
            hints=Hints(
                idea=(
                    "make all scores positive without changing their order, then take the share of "
                    "the third."
                ),
                formula=r"$\hat y_3 = \frac{e^{o_3}}{e^{o_1} + e^{o_2} + e^{o_3}}$",
                numbers="[20.09](number:e_cubed) / [30.19](number:e_sum)",
            ),
        ),
        "loss_of_class_two": NumberQuestion(
            answer=lambda: -math.log(0.7),
            explanation="Only the term of the right class is left: $-\\ln 0.7$.",
            slips=(
                Slip(
                    "off-by-one-labels",
                    lambda: -math.log(0.1),
                    "That is the third entry. The classes are counted from 1 here, so class 2 is "
                    "the second entry, 0.7.",
                    line=r"\ell = -\ln \hat y_{y+1}",
                    right=r"\ell = -\ln \hat y_y",
                ),
                Slip(
                    "all-classes",
                    lambda: -math.log(0.2) - math.log(0.7) - math.log(0.1),
                    "The indicator is 0 for the other classes: their logarithms do not count.",
                    line=r"\ell = -\sum_{j=1}^{k} \ln \hat y_j",
                    right=r"\ell = -\sum_{j=1}^{k} I\{y = j\} \ln \hat y_j",
                ),
                Slip(
                    "log-base-10",
                    lambda: -math.log10(0.7),
                    "That is the logarithm to the base 10. The loss takes the natural one, ln.",
                    line=r"\ell = -\log_{10} \hat y_y",
                    right=r"\ell = -\ln \hat y_y",
                ),
            ),
            hints=Hints(
                idea="only the probability of the right class counts.",
                formula=r"$\ell = -\ln \hat y_y$ with $y = 2$",
                numbers="−ln 0.7",
            ),
        ),
        "letters_clash": ChoiceQuestion(
            options=(
                Option(
                    "Only the sign of the gradient turns round.",
                    "The two terms of the quotient rule do not change places. Put the wrong "
                    "derivative into both and see what is left.",
                ),
                Option(
                    "The gradient is right for the class $q = y$ and wrong for the others.",
                    "With the wrong derivative $\\theta_q$ no longer matters at all: the result "
                    "is the same for every $q$.",
                ),
                Option(
                    "The two terms of the quotient rule cancel, and the gradient is 0.",
                    "$\\nabla S$ becomes $S \\mathbf{x}$, and $e^{o_j} \\mathbf{x} S - e^{o_j} S "
                    "\\mathbf{x} = 0$. A gradient that is 0 for every parameter points to a "
                    "letter used twice.",
                    right=True,
                ),
            ),
            proof=_clash_gradient,
        ),
        "slope_of_right_score": NumberQuestion(
            answer=lambda: _softmax((1, 2, 3))[1] - 1,
            explanation="[0.245](number:softmax_123_2) − 1. It is negative: to raise the "
            "score of the right class "
            "lowers the loss.",
            slips=(
                Slip(
                    "no-indicator",
                    lambda: _softmax((1, 2, 3))[1],
                    "That is $\\hat y_2$. Class 2 is the right one, so 1 is taken away.",
                    line=r"\frac{\partial \ell}{\partial o_q} = \hat y_q",
                    right=r"\frac{\partial \ell}{\partial o_q} = \hat y_q - y_q",
                ),
                Slip(
                    "sign",
                    lambda: 1 - _softmax((1, 2, 3))[1],
                    "That is label minus prediction. The slope is prediction minus label.",
                    line=r"\frac{\partial \ell}{\partial o_q} = y_q - \hat y_q",
                    right=r"\frac{\partial \ell}{\partial o_q} = \hat y_q - y_q",
                ),
            ),
            hints=Hints(
                idea=(
                    "the right class should have had probability 1: how far away is it, and on "
                    "which side?"
                ),
                formula=r"$\frac{\partial \ell}{\partial o_q} = \hat y_q - y_q$",
                numbers="[0.245](number:softmax_123_2) − 1",
            ),
        ),
        "trace_waste": NumberQuestion(
            answer=lambda: 256.0 * 256 - 256,
            explanation="$Y^\\top \\ln \\hat Y$ is 256 × 256, and the trace keeps the diagonal. "
            "The trace form is for paper; a program multiplies entry by entry, or indexes.",
            tolerance=1e-9,
            slips=(
                Slip(
                    "all-entries",
                    lambda: 256.0 * 256,
                    "That is how many there are in all. The 256 on the diagonal are used.",
                    line=r"m \cdot m",
                    right=r"m \cdot m - m",
                ),
                Slip(
                    "diagonal",
                    lambda: 256.0,
                    "Those are the ones that are kept. How many are there beside them?",
                    line="m",
                    right=r"m \cdot m - m",
                ),
            ),
            hints=Hints(
                idea=(
                    "the product has a row and a column for each sample; the trace looks at the "
                    "diagonal only."
                ),
                formula=r"$m \cdot m - m$",
                numbers="256 · 256 − 256",
            ),
        ),
        "loss_from_margins": NumberQuestion(
            answer=lambda: math.log(1 + 9 * math.exp(-5)),
            explanation="$\\ln(1 + 9 e^{-5})$: nine wrong classes, each adds $e^{-5}$.",
            slips=(
                Slip(
                    "one-rival",
                    lambda: math.log(1 + math.exp(-5)),
                    "That counts one wrong class. There are nine.",
                    line=r"\ell = \ln \left( 1 + e^{-\Delta} \right)",
                    right=r"\ell = \ln \left( 1 + (k - 1) \, e^{-\Delta} \right)",
                ),
                Slip(
                    "own-class-twice",
                    lambda: math.log(1 + 10 * math.exp(-5)),
                    "The right class is the 1 already; nine others are left.",
                    line=r"\ell = \ln \left( 1 + k \, e^{-\Delta} \right)",
                    right=r"\ell = \ln \left( 1 + (k - 1) \, e^{-\Delta} \right)",
                ),
                Slip(
                    "no-one",
                    lambda: math.log(9 * math.exp(-5)),
                    "The right class itself adds $e^0 = 1$ to the sum.",
                    line=r"\ell = \ln \left( (k - 1) \, e^{-\Delta} \right)",
                    right=r"\ell = \ln \left( 1 + (k - 1) \, e^{-\Delta} \right)",
                ),
            ),
            hints=Hints(
                idea="the right class is the 1; each wrong class adds one small term.",
                formula=(
                    r"$\ell = \ln \left( 1 + \sum_{j \ne y} e^{o_j - o_y} \right)$, with $o_j - "
                    r"o_y = -5$ in each term."
                ),
                numbers="ln(1 + 9 · e^(−5))",
            ),
        ),
        "parameters_too_many": NumberQuestion(
            answer=lambda: 2.0 * 6 - 6,
            explanation="Only $\\theta_1 - \\theta_2$ counts: 6 numbers say what 12 numbers say.",
            tolerance=1e-9,
            slips=(
                Slip(
                    "all-parameters",
                    lambda: 12.0,
                    "That is how many softmax has. Logistic regression needs some of them.",
                    line=r"k \, (d + 1)",
                    right=r"k \, (d + 1) - (d + 1)",
                ),
                Slip(
                    "no-bias",
                    lambda: 5.0,
                    "Each class has a bias as well: 5 weights and 1 bias.",
                    line=r"k \, d - d",
                    right=r"k \, (d + 1) - (d + 1)",
                ),
            ),
            hints=Hints(
                idea=(
                    "softmax has a column of parameters for each class, logistic regression has "
                    "one in all."
                ),
                formula=r"$k \, (d + 1) - (d + 1)$",
                numbers="2 · (5 + 1) − (5 + 1)",
            ),
        ),
    },
)
