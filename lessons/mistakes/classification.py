"""Mistakes of the chapter on classification."""

from __future__ import annotations

import numpy as np

from lessons.mistakes.base import (
    Curve,
    Evidence,
    Fact,
    Measure,
    Mistake,
    Program,
    curve_of,
    numbers,
)
from lessons.mistakes.parts import Array, central_slopes

EACH = 20
"""Samples of each of two classes."""
IN_ONE_GO = 1000
"""Samples whose mean loss is taken."""
ALL_RIGHT = 60_000
"""Predictions that are all right."""


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


def _softmax(run: Program) -> Evidence:
    rng = np.random.default_rng(0)
    y = np.arange(256) % 10
    Z = rng.normal(size=(256, 10))
    Z[np.arange(256), y] += 2.0

    def loss(n: int) -> float:
        return float(-np.log(run(Z[:n])[np.arange(n), y[:n]]).mean())

    P = run(Z)
    sizes = (1, 2, 4, 8, 16, 32, 64, 128, 192, 256)
    best = (P.argmax(axis=1) == y).mean()
    facts = (
        Fact("sum of the first row", numbers([P[0].sum()], 4)),
        Fact("sum of all 256 rows", numbers([P.sum()], 4)),
        Fact("accuracy", numbers([best], 3)),
        Fact("mean loss, batch of 1", numbers([loss(1)], 4)),
        Fact("mean loss, batch of 256", numbers([loss(256)], 4)),
    )
    measure = Measure("rows: farthest sum from 1", float(np.abs(P.sum(axis=1) - 1).max()), 1e-9)
    curve = Curve(tuple(map(float, sizes)), tuple(map(loss, sizes)), "batch size", "mean loss")
    return Evidence(measure, facts, curve)


def _mean_loss(run: Program) -> Evidence:
    import torch

    made = torch.Generator().manual_seed(0)
    y = torch.arange(IN_ONE_GO) % 10
    Z = torch.randn(IN_ONE_GO, 10, generator=made, dtype=torch.float64)
    Z[torch.arange(IN_ONE_GO), y] += 2.0
    whole = torch.nn.functional.cross_entropy(Z, y).item()
    sizes = (50, 100, 150, 200, 256, 300, 400, 500, 750, IN_ONE_GO)
    found = [run(Z, y, size) for size in sizes]
    facts = (
        Fact(f"in one go, all {IN_ONE_GO} samples", numbers([whole], 4)),
        Fact("with batches of 1", numbers([run(Z, y, 1)], 4)),
        Fact("with batches of 50", numbers(found[:1], 4)),
        Fact("with batches of 256", numbers([run(Z, y, 256)], 4)),
    )
    farthest = max(abs(value - whole) for value in found)
    curve = Curve(tuple(map(float, sizes)), tuple(found), "batch size", "loss reported")
    return Evidence(Measure("farthest from one go", farthest, 1e-9), facts, curve)


def _accuracy_by_batches(run: Program) -> Evidence:
    import torch

    y = torch.arange(ALL_RIGHT) % 10
    sizes = (100, 256, 7000, 50_000)
    found = [run(y, y, size) for size in sizes]
    facts = tuple(
        Fact(f"batches of {size}; the last holds {(ALL_RIGHT - 1) % size + 1}", numbers([value], 6))
        for size, value in zip(sizes, found, strict=True)
    )
    farthest = max(abs(value - 1) for value in found)
    return Evidence(Measure("all are right: farthest from 1", farthest, 1e-9), facts)


MISTAKES = (
    Mistake(
        "accuracy-as-loss",
        "classification:cost",
        _cost,
        "Counting wrong answers makes stairs: flat nearly everywhere, so no slope says where to "
        "go. The negative logarithm of the same probability falls smoothly as it grows, and "
        "training can follow it. Count the accuracy as well, but learn from the loss.",
        {
            "p = sigmoid": (
                "The probability of class 1, from the score of each sample. This is right."
            ),
            "p_of_label =": (
                "The probability that the model gives to the right class. This is right."
            ),
            "return": "The mean over the samples, as a plain number. This is right.",
        },
        (
            "Not one weight moves. What would the cost have to do when a weight moves a little?",
            "Which line throws away *how* sure the model is?",
        ),
    ),
    Mistake(
        "logistic-label-mix",
        "classification:logistic_loss",
        _logistic_loss,
        "$\\ln(1 + e^{-t z})$ wants the labels −1 and +1. With the label 0 the product is 0 "
        "whatever the score is, so class 0 teaches nothing, and nearly everything is called class "
        "1. `2 * y - "
        "1` makes −1 and +1 of 0 and 1.",
        {
            "z = X @ w": "One score for each sample; the last weight is the bias. This is right.",
            "losses =": (
                "`logaddexp(0, -m)` is $\\ln(1 + e^{-m})$ without overflow. This is right for a "
                "margin $m$."
            ),
            "return": "The mean over the samples, as a plain number. This is right.",
        },
        (
            "Look at what class 0 alone teaches: its slopes.",
            "A margin is above 0 where the score is on the right side. What is it for the label 0?",
        ),
    ),
    Mistake(
        "whole-matrix-softmax",
        "classification:softmax",
        _softmax,
        "`sum()` without an axis adds up the *whole* batch, so all rows share one sum. "
        "`sum(axis=1, keepdims=True)` gives each row its own.",
        {
            "shifted =": (
                "The largest score of each row is taken away. That changes no probability, and "
                "nothing overflows."
            ),
            "exps: Array": "Exponentials make all scores positive. This is right.",
            "return": "This line hands out the table. It is wrong already.",
        },
        (
            "What should the numbers of one row add up to, and what do they?",
            "The loss depends on how many rows come along. Which line looks at more than one row "
            "at a time?",
        ),
    ),
    Mistake(
        "mean-of-means",
        "classification:mean_loss",
        _mean_loss,
        "Each batch gives its mean, so it is divided by its size already; at the end the sum is "
        "divided by the number of samples once more. Add up the *sums*, and divide once.",
        {
            "total = 0.0": "A running sum begins at 0. This is right.",
            "for start": "One round for each batch; the last one may be smaller. This is right.",
            "batch = slice": (
                "A slice that runs behind the end stops there, so the last batch is as long as it "
                "is."
            ),
            "losses = cross": (
                'One loss for each sample of the batch, by `reduction="none"`. This is right.'
            ),
            "return": (
                "A sum of losses over all samples, divided by their number, is their mean. Is it "
                "such a sum?"
            ),
        },
        (
            "The larger the batch, the smaller the figure. By what is it divided too often?",
            "With batches of 1 the figure is right. What are the mean and the sum of a single "
            "number?",
        ),
    ),
    Mistake(
        "last-batch",
        "classification:accuracy",
        _accuracy_by_batches,
        "The last batch is smaller where the batch size does not divide the number of samples: "
        "[60 000](number:all_right_predictions) samples leave [96](number:last_fashion_batch) for "
        "the last batch of [256](number:fashion_batch). Count the "
        "samples that the batch really holds.",
        {
            "correct, seen": "Both counts begin at 0. This is right.",
            "for start": "One round for each batch; the last one may be smaller. This is right.",
            "batch = slice": (
                "A slice that runs behind the end stops there, so the last batch is as long as it "
                "is."
            ),
            "correct +=": "This line counts where prediction and label are equal. This is right.",
            "return": (
                "Those that are right, divided by those that were seen. Are they counted well?"
            ),
        },
        (
            "Every prediction is right, and still the figure is not always 1. When is it?",
            "What is special about the last batch?",
        ),
    ),
)
