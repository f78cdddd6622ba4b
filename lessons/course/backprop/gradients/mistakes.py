"""The faulty and the repaired programs of `backprop/gradients`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.parts import (
    B1,
    B2,
    WORKED_W,
    Array,
    Weights,
    central_gradients,
    farthest,
    sigmoid,
)
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    numbers,
    shape,
)


def faulty_batch_gradients(X: Array, Y: Array, W: Weights) -> Weights:
    """The gradients of the summed loss; each row is a sample."""
    W1, W2 = W
    A2 = sigmoid(X @ W1 + B1)
    A3 = sigmoid(A2 @ W2 + B2)
    D3 = (A3 - Y) * A3 * (1 - A3)
    D2 = (D3 @ W2) * A2 * (1 - A2)
    return X.T @ D2, A2.T @ D3


def batch_gradients(X: Array, Y: Array, W: Weights) -> Weights:
    """The gradients of the summed loss; each row is a sample."""
    W1, W2 = W
    A2 = sigmoid(X @ W1 + B1)
    A3 = sigmoid(A2 @ W2 + B2)
    D3 = (A3 - Y) * A3 * (1 - A3)
    D2 = (D3 @ W2.T) * A2 * (1 - A2)
    return X.T @ D2, A2.T @ D3


GRADIENT_BOUND = 1e-8
"""Central differences of these losses are good to about 1e-10."""


_FAR = "farthest from central differences"


def _batch_gradients(run: Program) -> Evidence:
    rng = np.random.default_rng(1)
    X, Y = rng.uniform(size=(5, 2)), rng.uniform(size=(5, 2))
    found = run(X, Y, WORKED_W)
    central = central_gradients(X, Y, WORKED_W)
    wider: Weights = (rng.normal(size=(2, 3)), rng.normal(size=(3, 2)))
    try:
        ended = "runs"
        run(X, Y, wider)
    except ValueError as error:
        ended = f"stops: {type(error).__name__}"
    facts = (
        Fact("shapes of dW1, dW2", f"{shape(found[0])}  {shape(found[1])}"),
        Fact("dW1 farthest", numbers([np.abs(found[0] - central[0]).max()], 2)),
        Fact("dW2 farthest", numbers([np.abs(found[1] - central[1]).max()], 2)),
        Fact("with 3 hidden units", ended),
    )
    return Evidence(Measure(_FAR, farthest(found, central), GRADIENT_BOUND), facts)


MISTAKES: Mapping[str, MistakeValues] = {
    "row-for-column": MistakeValues("batch_gradients", _batch_gradients),
}
