"""Questions of `classification/logistic` that are answered by a sign, a factor or an order."""

from __future__ import annotations

import math

import numpy as np

from lessons.checks.base import (
    CheckBook,
    Factor,
    FillQuestion,
    OrderQuestion,
    SignQuestion,
)
from lessons.course.classification.logistic.facts import NOTATION

_SAMPLES = ((1, 4), (0, -1), (1, 0), (0, 3))
"""Label and score of the samples of a question, the least loss first."""


_WRONG = [(1 - 2 * y) * z for y, z in _SAMPLES]
_LISTED = ", ".join(f"${value}$" for value in _WRONG[:-1]) + f" and ${_WRONG[-1]}$"


def _loss(y: int, z: float) -> float:
    """The cross entropy of one sample from its score."""
    return math.log(1 + math.exp(z)) - y * z


def _slope_where_right() -> float:
    """How the loss of a sample of class 0 moves with its score at −3: central difference."""
    h = 1e-5
    return (_loss(0, -3 + h) - _loss(0, -3 - h)) / (2 * h)


BOOK = CheckBook(
    "classification",
    predicts={
        "loss_order": OrderQuestion(
            items=tuple(f"$\\suppose{{y = {y}}}$ and $\\suppose{{z = {z}}}$" for y, z in _SAMPLES),
            feedback=(
                "its score is far on the right side, so it costs least.",
                "its score is on the right side, but another one is there further.",
                "a score of 0 costs $\\ln(1 + e^{0}) = \\ln 2$, and a score on the right side "
                "costs less than that.",
                "its score is far on the wrong side, and nothing here costs more.",
            ),
            proof=lambda: tuple(int(i) for i in np.argsort([_loss(y, z) for y, z in _SAMPLES])),
            explanation="The loss grows with $(1 - 2y) z$, which is "
            f"{_LISTED}: it says how far the score is on the wrong side.",
        ),
        "slope_when_right": SignQuestion(
            value=_slope_where_right,
            explanation="$\\hat y$ is small, but above the label 0. So the loss still falls a "
            "little where the score gets lower: a sample on the right side never stops to push.",
            feedback="The slope is $\\hat y - y$. The label is 0, and $\\hat y = \\sigma(-3)$ is a "
            "probability: what sign has it?",
            slip="sign",
            line=r"\frac{\partial \ell}{\partial z} = y - \hat y",
            right_line=r"\frac{\partial \ell}{\partial z} = \hat y - y",
        ),
        "squared_error_factor": FillQuestion(
            formula=r"\frac{\partial}{\partial z} \frac12 (\hat y - y)^2"
            r" = (\hat y - y) \cdot \square",
            factors=(
                Factor(
                    "1",
                    "That is the slope of cross entropy, where the factor cancels. Here the slope "
                    "of the sigmoid stays.",
                    slip="no-derivative",
                ),
                Factor(
                    r"\frac{1}{\hat y (1 - \hat y)}",
                    "The chain rule multiplies by the slope of the sigmoid; it does not divide.",
                    slip="upside-down",
                ),
                Factor(
                    r"\hat y (1 - \hat y)",
                    "It is the slope of the sigmoid, and near 0 and 1 it is next to nothing.",
                ),
            ),
            notation=NOTATION,
        ),
    },
)
