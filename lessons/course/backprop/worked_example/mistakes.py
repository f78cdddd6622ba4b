"""The faulty and the repaired programs of `backprop/worked-example`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.parts import (
    B1,
    B2,
    WORKED_W,
    WORKED_X,
    WORKED_Y,
    Array,
    Weights,
    central_gradients,
    farthest,
    sigmoid,
    sigmoid_slope,
)
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    numbers,
)


def faulty_gradients(x: Array, y: Array, W: Weights) -> Weights:
    """The gradients of half the squared error for both W."""
    W1, W2 = W
    z2 = W1.T @ x + B1
    a2 = sigmoid(z2)
    z3 = W2.T @ a2 + B2
    a3 = sigmoid(z3)
    delta3 = (a3 - y) * sigmoid_slope(z3)
    delta2 = (W2 @ delta3) * sigmoid_slope(a2)
    return np.outer(x, delta2), np.outer(a2, delta3)


def gradients(x: Array, y: Array, W: Weights) -> Weights:
    """The gradients of half the squared error for both W."""
    W1, W2 = W
    z2 = W1.T @ x + B1
    a2 = sigmoid(z2)
    z3 = W2.T @ a2 + B2
    a3 = sigmoid(z3)
    delta3 = (a3 - y) * sigmoid_slope(z3)
    delta2 = (W2 @ delta3) * sigmoid_slope(z2)
    return np.outer(x, delta2), np.outer(a2, delta3)


GRADIENT_BOUND = 1e-8
"""Central differences of these losses are good to about 1e-10."""


_FAR = "farthest from central differences"


def _gradients(run: Program) -> Evidence:
    found = run(WORKED_X, WORKED_Y, WORKED_W)
    central = central_gradients(WORKED_X, WORKED_Y, WORKED_W)
    facts = (
        Fact("∂E/∂w₁", numbers([found[0][0, 0]])),
        Fact("∂E/∂w₁, central differences", numbers([central[0][0, 0]])),
        Fact("∂E/∂w₅", numbers([found[1][0, 0]])),
        Fact("∂E/∂w₅, central differences", numbers([central[1][0, 0]])),
    )
    return Evidence(Measure(_FAR, farthest(found, central), GRADIENT_BOUND), facts)


MISTAKES: Mapping[str, MistakeValues] = {
    "sigmoid-of-activation": MistakeValues("gradients", _gradients),
}
