"""Forward through a network: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("forward",)


def _sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def forward(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """The outputs of the hidden layer and of the output layer."""
    h = 1 / (1 + np.exp(-(W1 @ x + b1)))
    o = 1 / (1 + np.exp(-(W2 @ h + b2)))
    return h, o


def _transposed(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    h = _sigma(W1.T @ x + b1)
    return h, _sigma(W2.T @ h + b2)


def _no_bias(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    h = _sigma(W1 @ x)
    return h, _sigma(W2 @ h)


def _linear_output(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    h = _sigma(W1 @ x + b1)
    return h, W2 @ h + b2


def _bias_after(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    h = _sigma(W1 @ x) + b1
    return h, _sigma(W2 @ h) + b2


def _linear_hidden(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    h = W1 @ x + b1
    return h, _sigma(W2 @ h + b2)


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "transposed": {"forward": _transposed},
    "no-bias": {"forward": _no_bias},
    "no-activation": {"forward": _linear_output},
    "bias-after": {"forward": _bias_after},
    "hidden-linear": {"forward": _linear_hidden},
}


def _partly(slip: str, layer: int) -> Mapping[str, Any]:
    """The slip in one of the layers alone."""

    def wrong(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        weights, biases = [W1, W2], [b1, b2]
        if slip == "transposed":
            weights[layer] = weights[layer].T
        else:
            biases[layer] = 0.0
        h = _sigma(weights[0] @ x + biases[0])
        return h, _sigma(weights[1] @ h + biases[1])

    return {"forward": wrong}


FORMS = [(slip, _partly(slip, layer)) for slip in ("transposed", "no-bias") for layer in (0, 1)]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One unit after another, the worked network, then square and other shapes."""
    yield call("forward", *map(np.array, ([1.0], [[0.5]], [0.1], [[2.0]], [-1.0])))
    x, W1 = np.array([0.05, 0.10]), np.array([[0.15, 0.20], [0.25, 0.30]])
    W2 = np.array([[0.40, 0.45], [0.50, 0.55]])
    yield call("forward", x, W1, np.full(2, 0.35), W2, np.full(2, 0.60))
    for inputs, hidden, outputs in ((2, 2, 2), (3, 3, 3), (4, 2, 3)):
        yield call(
            "forward",
            rng.normal(size=inputs),
            rng.normal(size=(hidden, inputs)),
            rng.normal(size=hidden),
            rng.normal(size=(outputs, hidden)),
            rng.normal(size=outputs),
        )
