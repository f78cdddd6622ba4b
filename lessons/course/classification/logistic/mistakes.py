"""The faulty and the repaired programs of `classification/logistic`, side by side."""

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
    curve_of,
    numbers,
)


def faulty_logistic_loss(w: Array, X: Array, y: Array) -> float:
    """The mean logistic loss; y holds 0 and 1."""
    z = X @ w
    margins = y * z
    losses = np.logaddexp(0, -margins)
    return float(losses.mean())


def logistic_loss(w: Array, X: Array, y: Array) -> float:
    """The mean logistic loss; y holds 0 and 1."""
    z = X @ w
    margins = (2 * y - 1) * z
    losses = np.logaddexp(0, -margins)
    return float(losses.mean())


EACH = 20
"""Samples of each of two classes."""


def _two_classes() -> tuple[Array, Array]:
    """Samples with two features and a column of ones for the bias; labels 0 and 1."""
    rng = np.random.default_rng(2)
    count = 2 * EACH
    y = np.arange(float(count)) % 2
    X = rng.normal(size=(count, 2)) + np.where(y[:, None] == 1, 1.5, -0.5)
    return np.column_stack([X, np.ones(count)]), y


def _by_descent(run: Program, X: Array, y: Array) -> tuple[list[float], Array, Array]:
    """Descend 60 times along central differences; the costs, the first slopes, the weights."""
    w = np.array([-0.4, 0.3, 0.1])
    first = central_slopes(lambda moved: float(run(moved, X, y)), w)
    costs = [float(run(w, X, y))]
    for _ in range(60):
        w = w - 1.0 * central_slopes(lambda moved: float(run(moved, X, y)), w)
        costs.append(float(run(w, X, y)))
    return costs, first, w


def _accuracy(w: Array, X: Array, y: Array) -> float:
    return float(((X @ w > 0) == (y == 1)).mean())


def _logistic_loss(run: Program) -> Evidence:
    X, y = _two_classes()
    losses, _, w = _by_descent(run, X, y)
    only_zero = y == 0
    slopes = central_slopes(lambda moved: float(run(moved, X[only_zero], y[only_zero])), w)
    facts = (
        Fact("first and last loss", numbers([losses[0], losses[-1]], 3)),
        Fact("slopes from class 0 alone", numbers(slopes, 3)),
        Fact("called class 1", f"{int((X @ w > 0).sum())} of {len(y)}"),
    )
    measure = Measure("wrong after 60 updates", 1 - _accuracy(w, X, y), 0.15)
    return Evidence(measure, facts, curve_of(losses, "update", "loss"))


def faulty_cost(w: Array, X: Array, y: Array) -> float:
    """What the training makes small; y holds 0 and 1."""
    p = sigmoid(X @ w)
    p_of_label = np.where(y == 1, p, 1 - p)
    costs = 1.0 * (p_of_label < 0.5)
    return float(costs.mean())


def cost(w: Array, X: Array, y: Array) -> float:
    """What the training makes small; y holds 0 and 1."""
    p = sigmoid(X @ w)
    p_of_label = np.where(y == 1, p, 1 - p)
    costs = -np.log(p_of_label)
    return float(costs.mean())


def _cost(run: Program) -> Evidence:
    X, y = _two_classes()
    costs, first, w = _by_descent(run, X, y)
    facts = (
        Fact("slopes of the cost at the start", numbers(first, 3)),
        Fact("weights after 60 updates", numbers(w, 3)),
        Fact("first and last cost", numbers([costs[0], costs[-1]], 3)),
    )
    measure = Measure("wrong after 60 updates", 1 - _accuracy(w, X, y), 0.2)
    return Evidence(measure, facts, curve_of(costs, "update", "cost"))


MISTAKES: Mapping[str, MistakeValues] = {
    "logistic-label-mix": MistakeValues("logistic_loss", _logistic_loss),
    "accuracy-as-loss": MistakeValues("cost", _cost),
}
