"""The numbers and questions of `functions/classification-losses`."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Question,
    Slip,
)
from lessons.checks.nets import sigmoid
from lessons.course.functions.classification_losses import facts
from lessons.course.functions.classification_losses.facts import (
    FILE_LABELS,
    GIVEN,
    LABELS,
    PRINTED,
    SATURATED_AT,
    SURE_GIVEN,
    SURE_LABEL,
    TWICE_CLASSES,
)

SCORES, CLASSES = np.array(facts.SCORES), np.array(facts.CLASSES)
"""The two samples of three classes."""


def softmax_rows(Z: Array) -> Array:
    """Softmax of each row."""
    e = np.exp(Z)
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


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
    """The option that is right: which mistake leads to the number that is printed."""
    found = (_ce(CLASSES) * 2, _ce(CLASSES + 1), _as_probabilities())
    (only,) = (place for place, value in enumerate(found) if abs(value - PRINTED) < 1e-6)
    return only


def _as_probabilities() -> float:
    """The mean loss of the two samples if their scores were probabilities."""
    return -float(np.mean(np.log(SCORES[[0, 1], CLASSES])))


def _sure() -> float:
    """The loss of a sample whose true class has a far higher score than the others."""
    return 0.0 - float(np.log(softmax_rows(np.array([50.0, 0.0, 0.0]))[0]))


def _both_animals() -> int:
    """The option that can say "both" and "neither": probabilities that need not add up to 1."""
    scores = np.array([3.0, 3.0])
    return 0 if np.all(sigmoid(scores) > 0.9) and not np.all(softmax_rows(scores) > 0.9) else 1


PREDICTS: dict[str, Question] = {
    "bce_mean": NumberQuestion(
        answer=_bce_all,
        explanation=r"The losses add up to $\sum_{s=1}^{n} \ell_s =$ "
        "[2.882404](number:bce_mean/no-mean), and $n = 3$. The first sample alone makes "
        "four fifths of the sum.",
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
                r"You took $-\ln \hat y_s$ for all three. The second has the label $y_2 = 0$: "
                r"there it is $\ell_2 = -\ln(1 - \hat y_2)$.",
                line=r"L = \frac1n \sum_{s=1}^{n} (-\ln \hat y_s)",
                right=(
                    r"L = \frac1n \sum_{s=1}^{n} "
                    r"\left( -y_s \ln \hat y_s - (1 - y_s) \ln(1 - \hat y_s) \right)"
                ),
            ),
        ),
        hints=Hints(
            idea="one loss for each sample, then their mean.",
            formula=r"$L = \frac1n \sum_{s=1}^{n} \ell_s$",
            numbers=(
                r"$\frac13 (\num{bce_1}{2.302585} + \num{bce_2}{0.223144} + "
                r"\num{bce_3}{0.356675})$"
            ),
        ),
    ),
    "bce_slope_number": NumberQuestion(
        answer=lambda: SURE_GIVEN - SURE_LABEL,
        explanation="$\\hat y - y = 0.9 - 0$. It is positive: raising the score raises the loss.",
        slips=(
            Slip(
                "sign",
                lambda: SURE_LABEL - SURE_GIVEN,
                "You took $y - \\hat y$. A higher score makes this mistake worse, so the slope is "
                "positive.",
                line=r"\frac{d \ell}{d z} = y - \hat y",
                right=r"\frac{d \ell}{d z} = \hat y - y",
            ),
            Slip(
                "slope-on-probability",
                lambda: (SURE_GIVEN - SURE_LABEL) / (SURE_GIVEN * (1 - SURE_GIVEN)),
                "That is the slope on the probability. On the score the factor below cancels.",
                line=r"\frac{d \ell}{d z} = \frac{\hat y - y}{\hat y \, (1 - \hat y)}",
                right=r"\frac{d \ell}{d z} = \hat y - y",
            ),
            Slip(
                "extra-derivative",
                lambda: (SURE_GIVEN - SURE_LABEL) * SURE_GIVEN * (1 - SURE_GIVEN),
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
            numbers=r"$\frac{d \ell}{d z} = 0.9 - 0$",
        ),
    ),
    "bce_missing_factor": FillQuestion(
        formula=r"\frac{d \ell}{d z} = \frac{\hat y - y}{\hat y \, (1 - \hat y)} \cdot \square",
        factors=(
            Factor(
                r"\sigma(\hat y) \, (1 - \sigma(\hat y))",
                "$\\hat y$ has been through the sigmoid already. Its slope is taken at the score "
                "$z$, or written with $\\hat y$ as it is.",
                slip="sigmoid-of-activation",
            ),
            Factor(
                r"\sigma(z)",
                "That is the value of the sigmoid. The chain rule asks for its slope.",
                slip="value-for-slope",
            ),
            Factor(
                r"\hat y \, (1 - \hat y)",
                "It is the slope of the sigmoid, $\\sigma(z)(1 - \\sigma(z))$, and it stands below "
                "the line already.",
            ),
        ),
        notation=facts.NOTATION,
    ),
    "ce_off_by_one": ChoiceQuestion(
        options=(
            Option(
                "It forgot to divide by the number of samples.",
                "That would give twice [0.896559](number:ce_mean), about [1.793](number:ce_sum).",
            ),
            Option(
                "It counted the labels from [1](number:file_counts_from): it used the classes "
                "[1](number:ce_shifted_1) and [2](number:ce_shifted_2).",
                "No error is raised, because both classes exist. Only a class that is one too high "
                "for the last column would have been noticed.",
                right=True,
            ),
            Option(
                "It took the scores for probabilities.",
                r"That would give $-\frac12 (\ln 0.5 + \ln 0.6) =$ "
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
        explanation=r"The probabilities add up to $\sum_j P_{1j} = 1$, and so do the entries of "
        r"$Y$, $\sum_j Y_{1j} = 1$. What is taken from one class is given to the others.",
        slips=(
            Slip(
                "truth-forgotten",
                lambda: 0.5,
                r"These are the probabilities divided by $n = 2$. Take the truth away: its entries "
                r"add up to $\sum_j Y_{1j} = 1$ as well.",
                line=r"\frac1n \sum_j P_{1j}",
                right=r"\frac1n \sum_j \left( P_{1j} - Y_{1j} \right)",
            ),
            Slip(
                "truth-forgotten",
                lambda: 1.0,
                r"That is $\sum_j P_{1j} = 1$. Take the truth away: its entries add up to "
                r"$\sum_j Y_{1j} = 1$ as well.",
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
            numbers=r"$\sum_j P_{1j} = 1$, $\sum_j Y_{1j} = 1$ and $n = 2$.",
        ),
    ),
    "double_softmax_floor": NumberQuestion(
        answer=lambda: float(np.log(np.e + TWICE_CLASSES - 1) - 1),
        explanation=r"$\ell = \ln(e + 9) - 1$. A loss that comes to rest near "
        "[1.46](number:double_softmax_floor) with ten classes is a sign of softmax applied twice.",
        slips=(
            Slip(
                "no-softmax-twice",
                lambda: 0.0,
                r"So it would be with softmax once. The second softmax gets a one and nine zeros, "
                r"and $\exp(0) = 1$.",
                line=r"\ell = -\ln 1",
                right=r"\ell = -\ln \frac{e}{e + K - 1}",
            ),
            Slip(
                "uniform",
                lambda: float(np.log(TWICE_CLASSES)),
                "That is the loss of a model that knows nothing. This one is right, as far as it "
                "can say so.",
                line=r"\ell = \ln K",
                right=r"\ell = \ln(e + K - 1) - 1",
            ),
            Slip(
                "k-for-k-minus-1",
                lambda: float(np.log(np.e + TWICE_CLASSES) - 1),
                "Nine of the ten classes have a 0: put in $K - 1 = 9$.",
                line=r"\ell = \ln(e + K) - 1",
                right=r"\ell = \ln(e + K - 1) - 1",
            ),
        ),
        hints=Hints(
            idea="at best the second softmax gets a one and nine zeros as its scores.",
            formula=r"$\ell = \ln(e + K - 1) - 1$",
            numbers=r"$\ell = \ln(e + 10 - 1) - 1$, with $e \approx 2.71828$",
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
        "ce_as_probabilities": NumberCheck(_as_probabilities),
        "ce_printed": NumberCheck(lambda: PRINTED),
        "ce_sure": NumberCheck(_sure),
        **{
            f"ce_shifted_{place}": NumberCheck(partial(float, label))
            for place, label in enumerate(FILE_LABELS, start=1)
        },
        "file_counts_from": NumberCheck(lambda: min(FILE_LABELS)),
        **{
            f"ce_score_{sample + 1}_{label}": NumberCheck(partial(float, SCORES[sample, label]))
            for sample in range(2)
            for label in range(3)
        },
        **{
            f"ce_class_{sample + 1}": NumberCheck(partial(float, CLASSES[sample]))
            for sample in range(2)
        },
        **{f"sat_z_{-z:.0f}": NumberCheck(partial(float, z)) for z in SATURATED_AT},
        **{f"bce_{i + 1}": NumberCheck(partial(_bce, i)) for i in range(3)},
        **{f"ce_p_{i + 1}": NumberCheck(partial(_probability, i)) for i in range(2)},
        "ce_1": NumberCheck(lambda: -float(np.log(_probability(0)))),
        "ce_2": NumberCheck(lambda: -float(np.log(_probability(1)))),
        "ce_mean": NumberCheck(lambda: _ce(CLASSES)),
        **{
            f"sat_{kind}_{-z:.0f}": NumberCheck(partial(_saturated, kind, z))
            for kind in ("p", "bce", "mse")
            for z in SATURATED_AT
        },
    },
    predicts=PREDICTS,
)
