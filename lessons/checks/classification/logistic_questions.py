"""The numbers and questions of `classification/logistic`."""

from __future__ import annotations

import math

from engine.labs.accuracy_threshold import HOURS, accuracy, cross_entropy
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.classification.logistic.facts import RATHER_SURE, SURE
from lessons.examples.logistic import UNDERFLOW_PROBABILITY


def _each_class() -> int:
    """How many samples of each class the program with the mistake is run on."""
    from lessons.mistakes.classification import EACH

    return EACH


def _signed_loss(t: float, z: float) -> float:
    return math.log1p(math.exp(-t * z))


def _class_0_teaches(z: float) -> bool:
    """Whether the loss of a sample whose label is entered as 0 moves with its score."""
    return _signed_loss(0.0, z) != _signed_loss(0.0, z + 1)


def _slope_of_accuracy() -> int:
    """Look at both points of the question: which option describes the slopes there?"""
    flat = all(accuracy(w + 1e-9, -2.0) == accuracy(w - 1e-9, -2.0) for w in (0.46, 0.48))
    w = 2.0 / float(HOURS[4])
    steps = [abs(accuracy(w + h, -2.0) - accuracy(w - h, -2.0)) / (2 * h) for h in (1e-3, 1e-6)]
    return 1 if flat and steps[1] > 100 * steps[0] > 0 else 0


def _squared_error_slope(z: float, y: float) -> float:
    p = 1 / (1 + math.exp(-z))
    return (p - y) * p * (1 - p)


BOOK = CheckBook(
    "classification",
    numbers={
        "p_at_2": NumberCheck(lambda: 1 / (1 + math.exp(-2))),
        "p_at_minus_2": NumberCheck(lambda: 1 / (1 + math.exp(2))),
        "loss_sure_right": NumberCheck(lambda: -math.log(0.99)),
        "loss_undecided": NumberCheck(lambda: -math.log(0.5)),
        "loss_sure_wrong": NumberCheck(lambda: -math.log(0.01)),
        "underflow_probability": NumberCheck(lambda: UNDERFLOW_PROBABILITY),
        "label_mix_each": NumberCheck(_each_class),
        "accuracy_at_046": NumberCheck(lambda: accuracy(0.46, -2.0)),
        "accuracy_at_048": NumberCheck(lambda: accuracy(0.48, -2.0)),
        "entropy_at_046": NumberCheck(lambda: cross_entropy(0.46, -2.0)),
        "entropy_at_048": NumberCheck(lambda: cross_entropy(0.48, -2.0)),
        "squared_slope_wrong": NumberCheck(lambda: _squared_error_slope(-5.0, 1.0)),
        "entropy_slope_wrong": NumberCheck(lambda: 1 / (1 + math.exp(5)) - 1),
    },
    predicts={
        "which_side": NumberQuestion(
            answer=lambda: 1.0 * 3 + 2.0 * 1 - 4.0,
            explanation="$z = 1 \\cdot 3 + 2 \\cdot 1 - 4 = 1$. It is above zero, so $\\mathbf{x}$ "
            "lies on the side that $\\mathbf{w}$ points to: class 1.",
            tolerance=1e-6,
            slips=(
                Slip(
                    "no-bias",
                    lambda: 1.0 * 3 + 2.0 * 1,
                    "That is $\\mathbf{w}^\\top \\mathbf{x}$. Now add the bias, $b = -4$.",
                    line="z = w_1 x_1 + w_2 x_2",
                    right="z = w_1 x_1 + w_2 x_2 + b",
                ),
                Slip(
                    "weights-left-out",
                    lambda: 3.0 + 1 - 4,
                    "Each feature is multiplied by its own weight before they are added up.",
                    line="z = x_1 + x_2 + b",
                    right="z = w_1 x_1 + w_2 x_2 + b",
                ),
            ),
            hints=Hints(
                idea="each feature speaks with its own weight; the bias is added at the end.",
                formula="$z = w_1 x_1 + w_2 x_2 + b$",
                numbers=r"$z = 1 \cdot 3 + 2 \cdot 1 + (-4)$",
            ),
        ),
        "probability_of_label": NumberQuestion(
            answer=lambda: 1 - SURE,
            explanation="The power 0 switches $\\hat y$ off, and $1 - \\hat y = 0.2$ is left: "
            "what the model gives to the class that it really is.",
            slips=(
                Slip(
                    "other-class",
                    lambda: SURE,
                    "That is the probability of class 1. The sample belongs to class 0: put "
                    "$y = 0$ into both powers.",
                    line=r"P(0 \mid \mathbf{x}) = \hat y",
                    right=r"P(0 \mid \mathbf{x}) = 1 - \hat y",
                ),
                Slip(
                    "both-factors",
                    lambda: SURE * (1 - SURE),
                    "Only one factor is left: the one whose power is 0 becomes 1.",
                    line=r"P(0 \mid \mathbf{x}) = \hat y \, (1 - \hat y)",
                    right=r"P(0 \mid \mathbf{x}) = (\hat y)^{0} \, (1 - \hat y)^{1}",
                ),
            ),
            hints=Hints(
                idea="the label, as a power, switches one of the two factors off.",
                formula=r"$P(y \mid \mathbf{x}) = (\hat y)^{y} \, (1 - \hat y)^{1 - y}$",
                numbers=r"$P(0 \mid \mathbf{x}) = 0.8^{0} \cdot (1 - 0.8)^{1}$",
            ),
        ),
        "loss_of_class_0": NumberQuestion(
            answer=lambda: _signed_loss(-1.0, 2.0),
            explanation="The label is $t = -1$, so the loss is $\\ell = \\ln(1 + e^{2})$: large, "
            "because "
            "the score says class 1 and the sample is of class 0.",
            slips=(
                Slip(
                    "logistic-label-mix",
                    lambda: _signed_loss(0.0, 2.0),
                    "The label 0 went into the formula for −1 and +1. There it gives "
                    "$\\ln(1 + e^{-0 \\cdot z}) = \\ln 2$ for every score. Take $t = 2y - 1 = -1$.",
                    line=r"\ell = \ln \left( 1 + e^{-y z} \right)",
                    right=r"t = 2y - 1, \quad \ell = \ln \left( 1 + e^{-t z} \right)",
                ),
                Slip(
                    "sign",
                    lambda: _signed_loss(1.0, 2.0),
                    "That would be the loss of a sample of class 1. For class 0 the sign in the "
                    "power turns round.",
                    line=r"\ell = \ln \left( 1 + e^{t z} \right)",
                    right=r"\ell = \ln \left( 1 + e^{-t z} \right)",
                ),
            ),
            hints=Hints(
                idea="write the label as −1 or +1 first; a score on the wrong side must cost much.",
                formula=r"$\ell = \ln \left( 1 + e^{-t z} \right)$ with $t = 2y - 1$",
                numbers=r"$\ell = \ln(1 + e^{-(-1) \cdot 2})$",
            ),
        ),
        "what_class_0_teaches": ChoiceQuestion(
            options=(
                Option(
                    "The same as before; only the size of the loss differs.",
                    "With the label 0 in the place of $t$ the loss is $\\ln(1 + e^{-0 \\cdot z}) = "
                    "\\ln 2$ for every score, so its slope is 0.",
                    slip="logistic-label-mix",
                    line=r"\ell = \ln \left( 1 + e^{-y z} \right)",
                    right_line=r"t = 2y - 1, \quad \ell = \ln \left( 1 + e^{-t z} \right)",
                ),
                Option(
                    "Nothing: its loss is the same for every score.",
                    "$e^{-0 \\cdot z} = 1$, so the loss stays at $\\ln(1 + 1) = \\ln 2$ and its "
                    "slope "
                    "at 0. "
                    "Only samples of class 1 move the model, and it ends by saying 1 to all.",
                    right=True,
                ),
                Option(
                    "The opposite: it is taken for class 1.",
                    "For that the label would have to be +1. With 0 the score drops out.",
                ),
            ),
            proof=lambda: 0 if any(map(_class_0_teaches, (-3.0, 0.0, 3.0))) else 1,
        ),
        "gradient_by_number": NumberQuestion(
            answer=lambda: (RATHER_SURE - 1.0) * 2.0,
            explanation="$(\\hat y - y) \\, x_1 = (0.7 - 1) \\cdot 2 = -0.6$. It is negative, so "
            "the update makes $w_1$ "
            "larger, and with it the score of this sample.",
            slips=(
                Slip(
                    "sign",
                    lambda: (1.0 - RATHER_SURE) * 2.0,
                    "That is $(y - \\hat y)\\,x_1$. The gradient takes prediction minus label.",
                    line=r"\frac{\partial \ell}{\partial w_1} = (y - \hat y) \, x_1",
                    right=r"\frac{\partial \ell}{\partial w_1} = (\hat y - y) \, x_1",
                ),
                Slip(
                    "extra-slope",
                    lambda: (RATHER_SURE - 1.0) * RATHER_SURE * (1 - RATHER_SURE) * 2.0,
                    "The factor $\\hat y (1 - \\hat y)$ cancels against the loss: it is not left.",
                    line=(
                        r"\frac{\partial \ell}{\partial w_1} = (\hat y - y) \, \hat y (1 - \hat y) "
                        r"\, x_1"
                    ),
                    right=r"\frac{\partial \ell}{\partial w_1} = (\hat y - y) \, x_1",
                ),
                Slip(
                    "no-input",
                    lambda: RATHER_SURE - 1.0,
                    "That is $\\partial \\ell / \\partial z$. A weight acts through its input: "
                    "multiply by $x_1$.",
                    line=r"\frac{\partial \ell}{\partial w_1} = \hat y - y",
                    right=r"\frac{\partial \ell}{\partial w_1} = (\hat y - y) \, x_1",
                ),
            ),
            hints=Hints(
                idea="two things count: how wrong the prediction is, and how large the feature.",
                formula=r"$\frac{\partial \ell}{\partial w_1} = (\hat y - y) \, x_1$",
                numbers=r"$\frac{\partial \ell}{\partial w_1} = (0.7 - 1) \cdot 2$",
            ),
        ),
        "slope_of_accuracy": ChoiceQuestion(
            options=(
                Option(
                    "Small, but enough to learn from with a large learning rate.",
                    "The slope is exactly 0: no learning rate makes a step out of 0.",
                    slip="accuracy-as-loss",
                    line=r"\frac{A(w + \varepsilon) - A(w)}{\varepsilon} \ne 0",
                    right_line=r"\frac{A(w + \varepsilon) - A(w)}{\varepsilon} = 0",
                ),
                Option(
                    "0 where no sample changes sides, and not defined where one does.",
                    "Between the jumps nothing moves, so the slope is 0. At a jump the quotient "
                    "grows without bound as the step shrinks.",
                    right=True,
                ),
                Option(
                    "The same as that of the cross entropy, with the sign turned round.",
                    "The two go up and down together only roughly. Look at the table: the cross "
                    "entropy moves in every row, the accuracy hardly ever.",
                    slip="accuracy-as-loss",
                    line=r"\frac{\partial A(w)}{\partial w} = -\frac{\partial L(w)}{\partial w}",
                    right_line=r"\frac{A(w + \varepsilon) - A(w)}{\varepsilon} = 0",
                ),
            ),
            proof=_slope_of_accuracy,
        ),
        "log_odds_number": NumberQuestion(
            answer=lambda: math.log(SURE / (1 - SURE)),
            explanation="$z = \\ln (0.8 / 0.2) = \\ln 4$. This is the number that the linear model "
            "predicts.",
            slips=(
                Slip(
                    "odds",
                    lambda: SURE / (1 - SURE),
                    "Those are the odds, $0.8 / 0.2 = 4$ to 1. Take their natural logarithm.",
                    line=r"z = \frac{\hat y}{1 - \hat y}",
                    right=r"z = \ln \frac{\hat y}{1 - \hat y}",
                ),
                Slip(
                    "forward",
                    lambda: 1 / (1 + math.exp(-SURE)),
                    "That is $\\sigma(0.8)$. Here $\\hat y = 0.8$ is the probability; go back to "
                    "the score.",
                    line=r"z = \sigma(\hat y)",
                    right=r"z = \ln \frac{\hat y}{1 - \hat y}",
                ),
            ),
            hints=Hints(
                idea="compare the probability with the rest, then undo the power of $e$.",
                formula=r"$z = \ln \frac{\hat y}{1 - \hat y}$",
                numbers=r"$z = \ln (0.8 / (1 - 0.8))$",
            ),
        ),
    },
)
