"""The numbers and questions of `functions/classification-losses`."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

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
from lessons.checks.functions.classification_losses import softmax_rows
from lessons.checks.nets import sigmoid

LABELS, GIVEN = np.array([1.0, 0.0, 1.0]), np.array([0.1, 0.2, 0.7])
"""The three samples of two classes."""
SCORES, CLASSES = np.array([[0.5, 0.3, 0.2], [0.3, 0.6, 0.1]]), np.array([0, 1])
"""The two samples of three classes."""


def _bce(i: int) -> float:
    """The BCE of one of the three samples."""
    return float(-np.log(GIVEN[i] if LABELS[i] == 1 else 1 - GIVEN[i]))


def _bce_all() -> float:
    """Their mean."""
    return sum(_bce(i) for i in range(3)) / 3


def _probability(i: int) -> float:
    """The probability of the true class of one of the two samples."""
    return float(softmax_rows(SCORES)[i, CLASSES[i]])


def _ce(labels: npt.NDArray[np.int64]) -> float:
    """The mean CE of the two samples with the given labels."""
    picked = softmax_rows(SCORES)[np.arange(2), labels]
    return float(np.mean(-np.log(picked)))


def _saturated(kind: str, z: float) -> float:
    """For y = 1: the probability, the slope by BCE, or the slope by the squared loss."""
    p = float(sigmoid(np.array(z)))
    return {"p": p, "bce": p - 1, "mse": (p - 1) * p * (1 - p)}[kind]


def _off_by_one() -> int:
    """The option that is right: which mistake leads to 1.246559."""
    found = (_ce(CLASSES) * 2, _ce(CLASSES + 1), -float(np.mean(np.log(SCORES[[0, 1], [0, 1]]))))
    return int(np.argmin([abs(value - 1.246559) for value in found]))


def _both_animals() -> int:
    """The option that can say "both" and "neither": probabilities that need not add up to 1."""
    scores = np.array([3.0, 3.0])
    return 0 if np.all(sigmoid(scores) > 0.9) and not np.all(softmax_rows(scores) > 0.9) else 1


PREDICTS: dict[str, Question] = {
    "bce_mean": NumberQuestion(
        answer=_bce_all,
        explanation="[2.882404](number:bce_mean/no-mean) / 3. The first sample alone makes "
        "four fifths of it.",
        tolerance=5e-4,
        slips=(
            Slip(
                "no-mean",
                lambda: 3 * _bce_all(),
                "That is the sum. Divide it by the number of samples.",
                line=r"L = \sum_{s=1}^{n} \ell_s",
                right=r"L = \frac1n \sum_{s=1}^{n} \ell_s",
            ),
            Slip(
                "labels-ignored",
                lambda: float(np.mean(-np.log(GIVEN))),
                "You took $-\\ln \\hat y$ for all three. The second has the label 0: take "
                "$-\\ln(1 - \\hat y)$ there.",
                line=r"\ell = -\ln \hat y",
                right=r"\ell = -\left( y \ln \hat y + (1 - y) \ln(1 - \hat y) \right)",
            ),
        ),
        hints=Hints(
            idea="one loss for each sample, then their mean.",
            formula=r"$L = \frac1n \sum_{s=1}^{n} \ell_s$",
            numbers=(
                "([2.302585](number:bce_1) + [0.223144](number:bce_2) + [0.356675](number:bce_3)) "
                "/ 3"
            ),
        ),
    ),
    "bce_slope_number": NumberQuestion(
        answer=lambda: 0.9 - 0.0,
        explanation="$\\hat y - y = 0.9 - 0$. It is positive: raising the score raises the loss.",
        slips=(
            Slip(
                "sign",
                lambda: -0.9,
                "You took $y - \\hat y$. A higher score makes this mistake worse, so the slope is "
                "positive.",
                line=r"\frac{d \ell}{d z} = y - \hat y",
                right=r"\frac{d \ell}{d z} = \hat y - y",
            ),
            Slip(
                "slope-on-probability",
                lambda: 0.9 / (0.9 * 0.1),
                "That is the slope on the probability. On the score the factor below cancels.",
                line=r"\frac{d \ell}{d \hat y} = \frac{\hat y - y}{\hat y \, (1 - \hat y)}",
                right=r"\frac{d \ell}{d z} = \hat y - y",
            ),
            Slip(
                "extra-derivative",
                lambda: 0.9 * 0.9 * 0.1,
                "That is the slope of the squared loss. With BCE the slope of the sigmoid cancels.",
                line=r"\frac{d \ell}{d z} = (\hat y - y) \, \hat y \, (1 - \hat y)",
                right=r"\frac{d \ell}{d z} = \hat y - y",
            ),
        ),
        hints=Hints(
            idea=(
                "the slope on the score is shorter than that on the probability: a factor cancels."
            ),
            formula=r"$\frac{d \ell}{d z} = \hat y - y$",
            numbers="0.9 − 0",
        ),
    ),
    "ce_off_by_one": ChoiceQuestion(
        options=(
            Option(
                "It forgot to divide by the number of samples.",
                "That would give twice [0.896559](number:ce_mean), about [1.793](number:ce_sum).",
            ),
            Option(
                "It counted the labels from 1: it used the classes 1 and 2.",
                "No error is raised, because both classes exist. Only a class that is one too high "
                "for the last column would have been noticed.",
                right=True,
            ),
            Option(
                "It took the scores for probabilities.",
                "The mean of $-\\ln 0.5$ and $-\\ln 0.6$ would be "
                "[0.602](number:ce_as_probabilities), less than the right loss. Look at the "
                "labels.",
            ),
        ),
        proof=_off_by_one,
    ),
    "ce_slope_row": NumberQuestion(
        answer=lambda: float(
            np.round(np.sum(softmax_rows(SCORES)[0] - np.eye(3)[CLASSES[0]]) / 2, 12) + 0.0
        ),
        explanation="The probabilities add up to 1, and so do the entries of $Y$. What is taken "
        "from one class is given to the others.",
        slips=(
            Slip(
                "truth-forgotten",
                lambda: 0.5,
                "These are the probabilities divided by 2. Take the truth away: its entries add up "
                "to 1 as well.",
                line=r"\frac1n \sum_j P_{1j}",
                right=r"\frac1n \sum_j \left( P_{1j} - Y_{1j} \right)",
            ),
            Slip(
                "truth-forgotten",
                lambda: 1.0,
                "That is the sum of the probabilities. Take the truth away: its entries add up to "
                "1 as well.",
                line=r"\sum_j P_{1j}",
                right=r"\frac1n \sum_j \left( P_{1j} - Y_{1j} \right)",
            ),
            Slip(
                "one-class",
                lambda: (_probability(0) - 1) / 2,
                "That is the slope for the true class alone. Add up $P_{1j} - Y_{1j}$ over all "
                "three classes.",
                line=r"\frac1n \left( P_{1t} - Y_{1t} \right)",
                right=r"\frac1n \sum_j \left( P_{1j} - Y_{1j} \right)",
            ),
        ),
        hints=Hints(
            idea="what the true class wins, the others lose.",
            formula=r"$\frac1n \left( \sum_j P_{1j} - \sum_j Y_{1j} \right)$",
            numbers="(1 − 1) / 2",
        ),
    ),
    "double_softmax_floor": NumberQuestion(
        answer=lambda: float(np.log(np.e + 10 - 1) - 1),
        explanation="$\\ln(e + 9) - 1$. A loss that comes to rest near 1.46 with ten classes is a "
        "sign of softmax applied twice.",
        slips=(
            Slip(
                "no-softmax-twice",
                lambda: 0.0,
                "So it would be with softmax once. The second softmax gets a 1 and nine zeros, and "
                "$\\exp(0)$ is 1.",
                line=r"\ell = -\ln 1",
                right=r"\ell = -\ln \frac{e}{e + K - 1}",
            ),
            Slip(
                "uniform",
                lambda: float(np.log(10)),
                "That is the loss of a model that knows nothing. This one is right, as far as it "
                "can say so.",
                line=r"\ell = \ln K",
                right=r"\ell = \ln(e + K - 1) - 1",
            ),
            Slip(
                "k-for-k-minus-1",
                lambda: float(np.log(np.e + 10) - 1),
                "Nine of the ten classes have a 0: put in $K - 1 = 9$.",
                line=r"\ell = \ln(e + K) - 1",
                right=r"\ell = \ln(e + K - 1) - 1",
            ),
        ),
        hints=Hints(
            idea="at best the second softmax gets a 1 and nine zeros as its scores.",
            formula=r"$\ln(e + K - 1) - 1$",
            numbers=r"$\ln(e + 10 - 1) - 1$, with $e \approx 2.71828$",
        ),
    ),
    "which_loss": ChoiceQuestion(
        options=(
            Option(
                "Two sigmoids, each with BCE.",
                "Each animal is a yes-or-no question of its own, so all four answers can be given.",
                right=True,
            ),
            Option(
                "Softmax with CE.",
                "Its probabilities add up to 1: it can say neither both nor none.",
            ),
            Option(
                "No activation, with MSE.",
                "That is for numbers. Here each output is to be a probability.",
            ),
        ),
        proof=_both_animals,
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        "ce_sum": NumberCheck(lambda: 2 * _ce(CLASSES)),
        "ce_as_probabilities": NumberCheck(lambda: float(-np.log([0.5, 0.6]).mean())),
        **{f"bce_{i + 1}": NumberCheck(partial(_bce, i)) for i in range(3)},
        **{f"ce_p_{i + 1}": NumberCheck(partial(_probability, i)) for i in range(2)},
        "ce_1": NumberCheck(lambda: -float(np.log(_probability(0)))),
        "ce_2": NumberCheck(lambda: -float(np.log(_probability(1)))),
        "ce_mean": NumberCheck(lambda: _ce(CLASSES)),
        **{
            f"sat_{kind}_{z}": NumberCheck(partial(_saturated, kind, -float(z)))
            for kind in ("p", "bce", "mse")
            for z in (1, 5, 10)
        },
    },
    predicts=PREDICTS,
)
