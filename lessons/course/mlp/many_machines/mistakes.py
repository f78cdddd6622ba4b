"""The faulty and the repaired programs of `mlp/many-machines`, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from lessons.course.mlp.many_machines.facts import MISTAKE_SAMPLES
from lessons.course.mlp.many_machines.ring import WORKERS
from lessons.course.parts import Array
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    curve_of,
    numbers,
)

Order: TypeAlias = npt.NDArray[np.int64]
"""Numbers of samples."""
Shares: TypeAlias = list[tuple[Array, Array]]
"""Features and labels of each worker."""
RATE, UPDATES = 0.5, 20


def faulty_train(parts: Shares, lr: float, updates: int) -> Array:
    """Fit y = Xw with the shares of some workers; returns w."""
    w = np.zeros(2)
    whole = sum(len(y) for _, y in parts)
    for _ in range(updates):
        total = np.zeros(2)
        for X, y in parts:
            error = X @ w - y
            total += X.T @ error / whole
        w = w - lr * total / len(parts)
    return w


def train(parts: Shares, lr: float, updates: int) -> Array:
    """Fit y = Xw with the shares of some workers; returns w."""
    w = np.zeros(2)
    whole = sum(len(y) for _, y in parts)
    for _ in range(updates):
        total = np.zeros(2)
        for X, y in parts:
            error = X @ w - y
            total += X.T @ error / whole
        w = w - lr * total
    return w


def _train(run: Program) -> Evidence:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    y = X @ np.array([2.0, -3.4]) + 0.01 * rng.normal(size=40)
    parts = list(zip(np.split(X, WORKERS), np.split(y, WORKERS), strict=True))
    slope = -X.T @ y / len(y)  # of the whole batch, at w = 0
    real = float(np.linalg.norm(run(parts, RATE, 1)) / np.linalg.norm(slope))
    losses = [
        float(((X @ run(parts, RATE, made) - y) ** 2).mean() / 2) for made in range(UPDATES + 1)
    ]
    facts = (
        Fact("workers, samples", f"{WORKERS}, {len(y)}"),
        Fact("learning rate asked for", numbers([RATE])),
        Fact("first step / slope of the big batch", numbers([real])),
        Fact(f"w after {UPDATES} updates", numbers(run(parts, RATE, UPDATES), 4)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.01), facts, curve_of(losses, "update", "loss")
    )


def faulty_shares(samples: int, workers: int, epoch: int) -> list[Order]:
    """The samples that each worker reads in an epoch."""
    found = []
    for rank in range(workers):
        rng = np.random.default_rng([epoch, rank])
        order = rng.permutation(samples)
        found.append(order[rank::workers])
    return found


def shares(samples: int, workers: int, epoch: int) -> list[Order]:
    """The samples that each worker reads in an epoch."""
    found = []
    for rank in range(workers):
        rng = np.random.default_rng(epoch)
        order = rng.permutation(samples)
        found.append(order[rank::workers])
    return found


def _shares(run: Program) -> Evidence:
    samples = MISTAKE_SAMPLES
    read = np.concatenate(run(samples, WORKERS, 0))
    times = np.bincount(read, minlength=samples)
    facts = (
        Fact("samples, workers", f"{samples}, {WORKERS}"),
        Fact("samples read, all workers together", str(len(read))),
        Fact("different ones among them", str(int((times > 0).sum()))),
        Fact("one sample is read at most", f"{times.max()} ×"),
    )
    unread = [
        float((np.bincount(np.concatenate(run(samples, WORKERS, e)), minlength=samples) == 0).sum())
        for e in range(8)
    ]
    return Evidence(
        Measure("samples that nobody reads", unread[0], 0.0),
        facts,
        curve_of(unread, "epoch", "unread"),
    )


MISTAKES: Mapping[str, MistakeValues] = {
    "averaged-again": MistakeValues("train", _train),
    "own-shuffle": MistakeValues("shares", _shares),
}
