"""The faulty and the repaired programs of `classification/softmax-from-scratch`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from lessons.course.parts import Array
from lessons.judge.evidence import (
    Curve,
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    numbers,
)


def faulty_softmax(Z: Array) -> Array:
    """Probabilities: one row of them for each row of scores."""
    shifted = Z - Z.max(axis=1, keepdims=True)
    exps: Array = np.exp(shifted)
    exps /= exps.sum()
    return exps


def softmax(Z: Array) -> Array:
    """Probabilities: one row of them for each row of scores."""
    shifted = Z - Z.max(axis=1, keepdims=True)
    exps: Array = np.exp(shifted)
    exps /= exps.sum(axis=1, keepdims=True)
    return exps


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


def faulty_mean_loss(Z: Tensor, y: Tensor, batch_size: int) -> float:
    """The mean loss over all samples, batch by batch."""
    total = 0.0
    for start in range(0, len(y), batch_size):
        batch = slice(start, start + batch_size)
        losses = cross_entropy(Z[batch], y[batch], reduction="none")
        total += losses.mean().item()
    return total / len(y)


def mean_loss(Z: Tensor, y: Tensor, batch_size: int) -> float:
    """The mean loss over all samples, batch by batch."""
    total = 0.0
    for start in range(0, len(y), batch_size):
        batch = slice(start, start + batch_size)
        losses = cross_entropy(Z[batch], y[batch], reduction="none")
        total += losses.sum().item()
    return total / len(y)


IN_ONE_GO = 1000
"""Samples whose mean loss is taken."""


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


def faulty_accuracy(guessed: Tensor, y: Tensor, batch_size: int) -> float:
    """The fraction that is right, batch by batch."""
    correct, seen = 0, 0
    for start in range(0, len(y), batch_size):
        batch = slice(start, start + batch_size)
        correct += int(torch.eq(guessed[batch], y[batch]).sum())
        seen += batch_size
    return correct / seen


def accuracy(guessed: Tensor, y: Tensor, batch_size: int) -> float:
    """The fraction that is right, batch by batch."""
    correct, seen = 0, 0
    for start in range(0, len(y), batch_size):
        batch = slice(start, start + batch_size)
        correct += int(torch.eq(guessed[batch], y[batch]).sum())
        seen += len(y[batch])
    return correct / seen


ALL_RIGHT = 60_000
"""Predictions that are all right."""


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


MISTAKES: Mapping[str, MistakeValues] = {
    "whole-matrix-softmax": MistakeValues("softmax", _softmax),
    "mean-of-means": MistakeValues("mean_loss", _mean_loss),
    "last-batch": MistakeValues("accuracy", _accuracy_by_batches),
}
