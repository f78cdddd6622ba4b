"""Accuracy and cross entropy of a logistic model with one feature, by its weight and bias."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.expressions import evaluate
from engine.language import _

Array = npt.NDArray[np.float64]

HOURS: Array = np.array([1.0, 2.0, 2.5, 3.5, 4.0, 5.0, 6.0, 7.0])
"""How many hours each of eight learners studied."""
PASSED: Array = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
"""Whether they passed (1) or not (0). No threshold gets all eight right."""
START = (0.3, -2.0)
W_LIMITS, B_LIMITS = (0.0, 1.2), (-4.0, 1.0)
LEARNING_RATE = 0.05
SMALL = 1e-6
"""The step of the central difference that gives the slope of the accuracy."""


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^{−z})."""
    return 1 / (1 + np.exp(-z))


def accuracy(w: float, b: float) -> float:
    """The fraction of samples that are classified correctly, from 0 to 1."""
    predicted = w * HOURS + b > 0
    return float(np.mean(predicted == (PASSED == 1)))


def cross_entropy(w: float, b: float) -> float:
    """The mean of ln(1 + e^z) − yz, which is −y ln ŷ − (1 − y) ln(1 − ŷ)."""
    z = w * HOURS + b
    return float(np.mean(np.logaddexp(0, z) - PASSED * z))


def gradient(w: float, b: float) -> tuple[float, float]:
    """∂L/∂w and ∂L/∂b of the cross entropy: the means of (ŷ − y)x and of ŷ − y."""
    error = sigmoid(w * HOURS + b) - PASSED
    return float(np.mean(error * HOURS)), float(np.mean(error))


def curves(ws: Array, b: float) -> tuple[Array, Array]:
    """Accuracy and cross entropy for every weight in `ws` (n,), each (n,)."""
    z = ws[:, None] * HOURS + b
    right = (z > 0) == (PASSED == 1)
    return right.mean(axis=1), (np.logaddexp(0, z) - PASSED * z).mean(axis=1)


@dataclass(frozen=True, slots=True)
class State:
    """Weight and bias of the model."""

    w: float = START[0]
    b: float = START[1]

    def moved(self, w: float = 0.0, b: float = 0.0) -> State:
        """Another state, clipped to the limits; rounded, so that steps back return exactly."""
        return State(
            round(float(np.clip(self.w + w, *W_LIMITS)), 10),
            round(float(np.clip(self.b + b, *B_LIMITS)), 10),
        )

    def read(self, text: str) -> State:
        """Another state from `w b`, numbers or expressions; raises UserError."""
        words = text.split(";") if ";" in text else text.split()
        if len(words) != 2:
            raise UserError(
                _("Type two numbers separated by a space, w and b, for example 0.3 -2.")
            )
        w, b = (evaluate(word) for word in words)
        for name, value, (low, high) in (("w", w, W_LIMITS), ("b", b, B_LIMITS)):
            if not low <= value <= high:
                raise UserError(
                    _("{name} must be from {low:g} to {high:g}, not {value:g}.").format(
                        name=name, low=low, high=high, value=value
                    )
                )
        return State(w, b)

    @property
    def threshold(self) -> float | None:
        """The x at which the score is 0; None if w is 0, where the score does not depend on x."""
        return -self.b / self.w if self.w else None

    @property
    def accuracy(self) -> float:
        """The accuracy of the model."""
        return accuracy(self.w, self.b)

    @property
    def right(self) -> int:
        """How many samples are classified correctly."""
        return round(self.accuracy * len(HOURS))

    @property
    def loss(self) -> float:
        """The cross entropy of the model."""
        return cross_entropy(self.w, self.b)

    @property
    def loss_slope(self) -> float:
        """∂L/∂w of the cross entropy."""
        return gradient(self.w, self.b)[0]

    @property
    def accuracy_slope(self) -> float | None:
        """∂A/∂w by central differences; None if a sample is on the threshold."""
        w, b, h = self.w, self.b, SMALL
        if bool(np.any(np.sign((w - h) * HOURS + b) != np.sign((w + h) * HOURS + b))):
            return None
        return (accuracy(w + h, b) - accuracy(w - h, b)) / (2 * h)

    @property
    def next_jump(self) -> float | None:
        """The smallest larger w at which a sample changes sides; None if there is none."""
        places = [-self.b / float(hours) for hours in HOURS]
        above = [w for w in places if self.w < w <= W_LIMITS[1]]
        return min(above, default=None)

    def descended(self) -> State:
        """One step against the gradient of the cross entropy."""
        dw, db = gradient(self.w, self.b)
        return self.moved(-LEARNING_RATE * dw, -LEARNING_RATE * db)

    def climbed(self) -> State:
        """One step along the slope of the accuracy; raises UserError where it has none."""
        slope = self.accuracy_slope
        if slope is None:
            raise UserError(_("A sample is on the threshold, so accuracy has no slope here."))
        return self.moved(w=LEARNING_RATE * slope)
