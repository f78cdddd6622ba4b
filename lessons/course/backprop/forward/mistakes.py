"""The faulty and the repaired programs of `backprop/forward`, side by side."""

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
    central_slopes,
    sigmoid,
)
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    numbers,
)


def faulty_loss_and_slopes(a: Array, y: Array) -> tuple[float, Array]:
    """Half the sum of the squared errors, and its slope for a."""
    e1, e2 = a - y
    loss = 0.5 * e1**2 + e2**2
    slopes = np.array([e1, e2])
    return float(loss), slopes


def loss_and_slopes(a: Array, y: Array) -> tuple[float, Array]:
    """Half the sum of the squared errors, and its slope for a."""
    e1, e2 = a - y
    loss = 0.5 * (e1**2 + e2**2)
    slopes = np.array([e1, e2])
    return float(loss), slopes


GRADIENT_BOUND = 1e-8
"""Central differences of these losses are good to about 1e-10."""


_FAR = "farthest from central differences"


def _loss_and_slopes(run: Program) -> Evidence:
    W1, W2 = WORKED_W
    a = sigmoid(sigmoid(WORKED_X @ W1 + B1) @ W2 + B2)
    loss, slopes = run(a, WORKED_Y)
    central = central_slopes(lambda moved: float(run(moved, WORKED_Y)[0]), a)
    facts = (
        Fact("loss L", numbers([loss], 9)),
        Fact("slopes returned", numbers(slopes)),
        Fact("slopes of L, central differences", numbers(central)),
    )
    return Evidence(Measure(_FAR, float(np.abs(slopes - central).max()), GRADIENT_BOUND), facts)


MISTAKES: Mapping[str, MistakeValues] = {
    "half-precedence": MistakeValues("loss_and_slopes", _loss_and_slopes),
}
