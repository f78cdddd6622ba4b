"""The faulty and the repaired programs of `linear/from-scratch`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from lessons.course.linear.from_scratch.facts import (
    FIT_RATE,
    FIT_UPDATES,
    FITTED,
    NOISE,
    REPORTED,
    REPORTED_BATCHES,
)
from lessons.course.parts import Array
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    curve_of,
    numbers,
    shape,
)


def faulty_fit(X: Tensor, y: Tensor) -> tuple[list[float], Tensor]:
    """Fit y = Xw; the losses, and the last table of errors."""
    w = torch.zeros(X.shape[1], 1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        y_hat = X @ w
        error = y_hat - y
        loss = (error**2).mean() / 2
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, error.detach()


def fit(X: Tensor, y: Tensor) -> tuple[list[float], Tensor]:
    """Fit y = Xw; the losses, and the last table of errors."""
    w = torch.zeros(X.shape[1], 1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        y_hat = X @ w
        error = y_hat - y.reshape(y_hat.shape)
        loss = (error**2).mean() / 2
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, error.detach()


TRUE_W = np.array([2.0, -3.4])


def _data(n: int, noise: float) -> tuple[Array, Array]:
    """n samples of y = Xw + ε with two features."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 2))
    return X, X @ TRUE_W + noise * rng.normal(size=n)


def _fit(run: Program) -> Evidence:
    import torch

    X, y = (torch.tensor(part, dtype=torch.float32) for part in _data(FITTED, NOISE))
    losses, error = run(X, y)
    facts = (
        Fact("shapes of X and y", f"{shape(X)}  {shape(y)}"),
        Fact("shape of the error", shape(error)),
        Fact("numbers in it", str(error.numel())),
        Fact("half the variance of y", numbers([y.var(correction=0).item() / 2], 4)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.01), facts, curve_of(losses, "update", "loss")
    )


def faulty_descend(X: Array, y: Array, lr: float, updates: int) -> Array:
    """Fit y = Xw with the mean loss, from w = 0; returns w."""
    w = np.zeros(X.shape[1])
    for _ in range(updates):
        error = X @ w - y
        gradient = X.T @ error / len(y)
        w = w - lr * gradient / len(y)
    return w


def descend(X: Array, y: Array, lr: float, updates: int) -> Array:
    """Fit y = Xw with the mean loss, from w = 0; returns w."""
    w = np.zeros(X.shape[1])
    for _ in range(updates):
        error = X @ w - y
        gradient = X.T @ error / len(y)
        w = w - lr * gradient
    return w


def _descend(run: Program) -> Evidence:
    X, y = _data(FITTED, NOISE)
    lr = FIT_RATE
    gradient = -X.T @ y / len(y)  # at w = 0
    step = run(X, y, lr, 1)
    real = float(np.linalg.norm(step) / np.linalg.norm(gradient))
    losses = [float(0.5 * ((X @ run(X, y, lr, k) - y) ** 2).mean()) for k in range(FIT_UPDATES + 1)]
    facts = (
        Fact("learning rate asked for", numbers([lr])),
        Fact("first step / slope of the mean", numbers([real])),
        Fact(f"w after {FIT_UPDATES} updates", numbers(run(X, y, lr, FIT_UPDATES), 4)),
        Fact("w of the data", numbers(TRUE_W, 4)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.01), facts, curve_of(losses, "update", "loss")
    )


def faulty_loss_of_epochs(X: Array, y: Array, epochs: int) -> list[float]:
    """Mini-batch SGD; reports one mean loss an epoch."""
    rng = np.random.default_rng(0)
    w = np.zeros(X.shape[1])
    reported = []
    for _ in range(epochs):
        total = 0.0
        for batch in np.split(rng.permutation(len(y)), 20):
            error = X[batch] @ w - y[batch]
            loss = 0.5 * error**2
            total += loss.sum()
            w = w - 0.02 * X[batch].T @ error / len(batch)
        reported.append(float(loss.mean()))
    return reported


def loss_of_epochs(X: Array, y: Array, epochs: int) -> list[float]:
    """Mini-batch SGD; reports one mean loss an epoch."""
    rng = np.random.default_rng(0)
    w = np.zeros(X.shape[1])
    reported = []
    for _ in range(epochs):
        total = 0.0
        for batch in np.split(rng.permutation(len(y)), 20):
            error = X[batch] @ w - y[batch]
            loss = 0.5 * error**2
            total += loss.sum()
            w = w - 0.02 * X[batch].T @ error / len(batch)
        reported.append(float(total) / len(y))
    return reported


def _loss_of_epochs(run: Program) -> Evidence:
    X, y = _data(REPORTED, 1.0)
    reported = run(X, y, 30)
    late = np.array(reported[-20:])
    facts = (
        Fact("samples, batches an epoch", f"{len(y)}, {REPORTED_BATCHES}"),
        Fact("loss of the last three epochs", numbers(reported[-3:], 3)),
    )
    measure = Measure("spread of the last 20 epochs", float(late.std()), 0.05)
    return Evidence(measure, facts, curve_of(reported, "epoch", "loss"))


MISTAKES: Mapping[str, MistakeValues] = {
    "broadcast-n-by-n": MistakeValues("fit", _fit),
    "divide-twice": MistakeValues("descend", _descend),
    "last-batch-loss": MistakeValues("loss_of_epochs", _loss_of_epochs),
}
