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
from lessons.course.classification.softmax.facts import (
    MARGIN,
    MARGIN_CLASSES,
    PREDICTED,
    SCORES,
    SMALLEST,
)


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
    rng = np.random.default_rng(5)
    x = np.array([1.0, *rng.normal(size=3)])
    powers = np.exp(rng.normal(size=3))
    total = powers.sum()
    slope_of_sum = sum(power * x for power in powers)
    quotients = [(power * x * total - power * slope_of_sum) / total**2 for power in powers]
    return 2 if bool(np.allclose(quotients, 0, atol=1e-12)) else 0


BOOK = CheckBook(
    "classification",
    numbers={
        "e_cubed": NumberCheck(lambda: math.exp(SCORES[2])),
        "e_sum": NumberCheck(lambda: sum(map(math.exp, SCORES))),
        "softmax_123_1": NumberCheck(lambda: _softmax(SCORES)[0]),
        "softmax_123_2": NumberCheck(lambda: _softmax(SCORES)[1]),
        "softmax_123_3": NumberCheck(lambda: _softmax(SCORES)[2]),
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
            answer=lambda: SMALLEST[1] - max(SMALLEST[0], SMALLEST[2]),
            explanation="The rival with the highest score decides: $\\Delta = 5 - 4.5 = 0.5$.",
            slips=(
                Slip(
                    "weakest-rival",
                    lambda: SMALLEST[1] - min(SMALLEST[0], SMALLEST[2]),
                    "That is the margin to the weakest class. Look for the class that comes "
                    "nearest.",
                    line=r"\Delta = o_y - \min_{j \ne y} \, o_j",
                    right=r"\Delta = o_y - \max_{j \ne y} \, o_j",
                ),
                Slip(
                    "sign",
                    lambda: max(SMALLEST[0], SMALLEST[2]) - SMALLEST[1],
                    "The margin is the score of the right class minus that of the other one.",
                    line=r"\Delta = \max_{j \ne y} \, o_j - o_y",
                    right=r"\Delta = o_y - \max_{j \ne y} \, o_j",
                ),
            ),
            hints=Hints(
                idea="the rival that comes nearest decides.",
                formula=r"$\Delta = o_y - \max_{j \ne y} \, o_j$",
                numbers=r"$\Delta = \min(5.0 - 2.0, \; 5.0 - 4.5)$",
            ),
        ),
        "softmax_of_three": NumberQuestion(
            answer=lambda: _softmax(SCORES)[2],
            explanation="$\\hat y_3 = e^3 / (e^1 + e^2 + e^3)$, which is [20.09](number:e_cubed) / "
            "[30.19](number:e_sum).",
            slips=(
                Slip(
                    "share-of-scores",
                    lambda: SCORES[2] / sum(SCORES),
                    "That is the score's share of the sum of the scores. Take $e$ to each power "
                    "first.",
                    line=r"\hat y_3 = \frac{o_3}{\sum_{l=1}^{k} o_l}",
                    right=r"\hat y_3 = \frac{e^{o_3}}{\sum_{l=1}^{k} e^{o_l}}",
                ),
                Slip(
                    "not-divided",
                    lambda: math.exp(SCORES[2]),
                    "That is $e^{o_3} = e^3$. Divide it by the sum over all three classes.",
                    line=r"\hat y_3 = e^{o_3}",
                    right=r"\hat y_3 = \frac{e^{o_3}}{\sum_{l=1}^{k} e^{o_l}}",
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
            answer=lambda: -math.log(PREDICTED[1]),
            explanation="Only the term of the right class is left: $\\ell = -\\ln 0.7$.",
            slips=(
                Slip(
                    "off-by-one-labels",
                    lambda: -math.log(PREDICTED[2]),
                    "That is the third entry. The classes are counted from 1 here, so $y = 2$ is "
                    "the second entry, $\\hat y_2 = 0.7$.",
                    line=r"\ell = -\ln \hat y_{y+1}",
                    right=r"\ell = -\ln \hat y_y",
                ),
                Slip(
                    "all-classes",
                    lambda: -sum(map(math.log, PREDICTED)),
                    "The indicator is 0 for the other classes: their logarithms do not count.",
                    line=r"\ell = -\sum_{j=1}^{k} \ln \hat y_j",
                    right=r"\ell = -\sum_{j=1}^{k} I\{y = j\} \ln \hat y_j",
                ),
                Slip(
                    "log-base-10",
                    lambda: -math.log10(PREDICTED[1]),
                    "That is the logarithm to the base 10. The loss takes the natural one, ln.",
                    line=r"\ell = -\frac{\ln \hat y_y}{\ln 10}",
                    right=r"\ell = -\ln \hat y_y",
                ),
            ),
            hints=Hints(
                idea="only the probability of the right class counts.",
                formula=r"$\ell = -\ln \hat y_y$ with $y = 2$",
                numbers=r"$\ell = -\ln 0.7$",
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
            answer=lambda: _softmax(SCORES)[1] - 1,
            explanation="[0.245](number:softmax_123_2) − 1. It is negative: to raise the "
            "score of the right class "
            "lowers the loss.",
            slips=(
                Slip(
                    "no-indicator",
                    lambda: _softmax(SCORES)[1],
                    "That is $\\hat y_2$. Class $y = 2$ is the right one, so $y_2 = 1$ is taken "
                    "away.",
                    line=r"\frac{\partial \ell}{\partial o_2} = \hat y_2",
                    right=r"\frac{\partial \ell}{\partial o_2} = \hat y_2 - y_2",
                ),
                Slip(
                    "sign",
                    lambda: 1 - _softmax(SCORES)[1],
                    "That is label minus prediction. The slope is prediction minus label.",
                    line=r"\frac{\partial \ell}{\partial o_2} = y_2 - \hat y_2",
                    right=r"\frac{\partial \ell}{\partial o_2} = \hat y_2 - y_2",
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
            explanation="$Y^\\top \\ln \\hat Y : 256 \\times 256$, and the trace keeps the "
            "diagonal. "
            "The trace form is for paper; a program multiplies entry by entry, or indexes.",
            tolerance=1e-9,
            slips=(
                Slip(
                    "all-entries",
                    lambda: 256.0 * 256,
                    "That is how many there are in all. Those on the diagonal are used.",
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
                numbers=r"$m \cdot m - m = 256 \cdot 256 - 256$",
            ),
        ),
        "loss_from_margins": NumberQuestion(
            answer=lambda: math.log(1 + (MARGIN_CLASSES - 1) * math.exp(-MARGIN)),
            explanation="$\\ell = \\ln(1 + 9 e^{-5})$: nine wrong classes, each adds $e^{-5}$.",
            slips=(
                Slip(
                    "one-rival",
                    lambda: math.log(1 + math.exp(-MARGIN)),
                    "That counts one wrong class. There are nine.",
                    line=r"\ell = \ln \left( 1 + e^{-\Delta} \right)",
                    right=r"\ell = \ln \left( 1 + (k - 1) \, e^{-\Delta} \right)",
                ),
                Slip(
                    "own-class-twice",
                    lambda: math.log(1 + MARGIN_CLASSES * math.exp(-MARGIN)),
                    "The right class is the 1 already; nine others are left.",
                    line=r"\ell = \ln \left( 1 + k \, e^{-\Delta} \right)",
                    right=r"\ell = \ln \left( 1 + (k - 1) \, e^{-\Delta} \right)",
                ),
                Slip(
                    "no-one",
                    lambda: math.log((MARGIN_CLASSES - 1) * math.exp(-MARGIN)),
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
                numbers=r"$\ell = \ln(1 + 9 \cdot e^{-5})$",
            ),
        ),
        "parameters_too_many": NumberQuestion(
            answer=lambda: 2.0 * 6 - 6,
            explanation="Only $\\theta_1 - \\theta_2$ counts: [6](number:parameters_too_many) "
            "numbers say what "
            "[12](number:parameters_too_many/all-parameters) numbers say.",
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
                    "Each class has a bias as well: $d = 5$ weights and 1 bias.",
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
                numbers=r"$k \, (d + 1) - (d + 1) = 2 \cdot (5 + 1) - (5 + 1)$",
            ),
        ),
    },
)
