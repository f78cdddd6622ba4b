"""The faulty and the repaired programs of `backprop/deltas`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.parts import Array, central_slopes, sigmoid
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    numbers,
)


def faulty_hidden_deltas(delta3: Array, W2: Array, a2: Array) -> Array:
    """The deltas of the hidden units, from those of the outputs."""
    delta2 = np.zeros(len(a2))
    for i in range(len(a2)):
        for j in range(len(delta3)):
            delta2[i] = W2[i, j] * delta3[j]
        delta2[i] *= a2[i] * (1 - a2[i])
    return delta2


def hidden_deltas(delta3: Array, W2: Array, a2: Array) -> Array:
    """The deltas of the hidden units, from those of the outputs."""
    delta2 = np.zeros(len(a2))
    for i in range(len(a2)):
        for j in range(len(delta3)):
            delta2[i] += W2[i, j] * delta3[j]
        delta2[i] *= a2[i] * (1 - a2[i])
    return delta2


GRADIENT_BOUND = 1e-8
"""Central differences of these losses are good to about 1e-10."""


_FAR = "farthest from central differences"


def _hidden_deltas(run: Program) -> Evidence:
    rng = np.random.default_rng(5)
    z2, W2, y = rng.normal(size=3), rng.normal(size=(3, 2)), rng.uniform(size=2)

    def loss(z: Array) -> float:
        return float(0.5 * ((sigmoid(sigmoid(z) @ W2) - y) ** 2).sum())

    a2 = sigmoid(z2)
    a3 = sigmoid(a2 @ W2)
    found = run((a3 - y) * a3 * (1 - a3), W2, a2)
    central = central_slopes(loss, z2)
    facts = (
        Fact("three hidden deltas", numbers(found, 4)),
        Fact("by central differences", numbers(central, 4)),
    )
    return Evidence(Measure(_FAR, float(np.abs(found - central).max()), GRADIENT_BOUND), facts)


MISTAKES: Mapping[str, MistakeValues] = {
    "one-output-only": MistakeValues("hidden_deltas", _hidden_deltas),
}
