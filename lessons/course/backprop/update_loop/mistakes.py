"""The faulty and the repaired programs of `backprop/update-loop`, side by side."""

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
    network_loss,
    sigmoid,
)
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    curve_of,
    numbers,
)


def faulty_update(x: Array, y: Array, W: Weights, lr: float) -> Weights:
    """One update of both weight matrices."""
    W1, W2 = W
    a2 = sigmoid(W1.T @ x + B1)
    a3 = sigmoid(W2.T @ a2 + B2)
    delta3 = (a3 - y) * a3 * (1 - a3)
    W2 = W2 - lr * np.outer(a2, delta3)
    delta2 = (W2 @ delta3) * a2 * (1 - a2)
    W1 = W1 - lr * np.outer(x, delta2)
    return W1, W2


def update(x: Array, y: Array, W: Weights, lr: float) -> Weights:
    """One update of both weight matrices."""
    W1, W2 = W
    a2 = sigmoid(W1.T @ x + B1)
    a3 = sigmoid(W2.T @ a2 + B2)
    delta3 = (a3 - y) * a3 * (1 - a3)
    delta2 = (W2 @ delta3) * a2 * (1 - a2)
    W2 = W2 - lr * np.outer(a2, delta3)
    W1 = W1 - lr * np.outer(x, delta2)
    return W1, W2


GRADIENT_BOUND = 1e-8
"""Central differences of these losses are good to about 1e-10."""


_FAR = "farthest from central differences"


def _update(run: Program) -> Evidence:
    lr = 0.5
    W = WORKED_W
    first: Weights = run(WORKED_X, WORKED_Y, W, lr)
    steps = (W[0] - first[0]) / lr, (W[1] - first[1]) / lr
    central = central_gradients(WORKED_X, WORKED_Y, W)
    losses = [network_loss(WORKED_X, WORKED_Y, W)]
    for _ in range(150):
        W = run(WORKED_X, WORKED_Y, W, lr)
        losses.append(network_loss(WORKED_X, WORKED_Y, W))
    facts = (
        Fact("E after 1 update", numbers([losses[1]], 9)),
        Fact("step of W1 / lr, farthest", numbers([np.abs(steps[0] - central[0]).max()], 2)),
        Fact("step of W2 / lr, farthest", numbers([np.abs(steps[1] - central[1]).max()], 2)),
    )
    curve = curve_of(losses, "update", "loss")
    return Evidence(Measure(_FAR, farthest(steps, central), GRADIENT_BOUND), facts, curve)


MISTAKES: Mapping[str, MistakeValues] = {
    "updated-weights-first": MistakeValues("update", _update),
}
