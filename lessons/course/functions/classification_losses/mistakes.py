"""The faulty and the repaired programs of `functions/classification-losses`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from lessons.course.functions.classification_losses.facts import FILE_LABELS, SCORES
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


def faulty_mean_cross_entropy(Z: Array, labels: list[int]) -> float:
    """The mean loss; the file counts its classes from 1."""
    y = np.array(labels)
    rows = np.arange(len(y))
    Z = Z - Z.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(Z).sum(axis=1))
    return float((log_sums - Z[rows, y]).mean())


def mean_cross_entropy(Z: Array, labels: list[int]) -> float:
    """The mean loss; the file counts its classes from 1."""
    y = np.array(labels) - 1
    rows = np.arange(len(y))
    Z = Z - Z.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(Z).sum(axis=1))
    return float((log_sums - Z[rows, y]).mean())


def _mean_cross_entropy(run: Program) -> Evidence:
    import torch

    Z = np.array(SCORES)
    labels = list(FILE_LABELS)
    loss = run(Z, labels)
    classes = torch.tensor(labels) - 1
    right = torch.nn.functional.cross_entropy(torch.tensor(Z), classes).item()
    try:
        third = numbers([run(Z[:1], [3])])
    except IndexError as error:
        third = f"stops: {type(error).__name__}"
    facts = (
        Fact("labels in the file", ", ".join(map(str, labels))),
        Fact("mean loss", numbers([loss], 7)),
        Fact("scores of sample 1", numbers(Z[0])),
        Fact("loss of sample 1", numbers([run(Z[:1], labels[:1])], 7)),
        Fact("a sample with the label 3", third),
    )
    return Evidence(Measure("distance from PyTorch's loss", abs(loss - right), 1e-9), facts)


def faulty_classify(X: Tensor, y: Tensor) -> tuple[list[float], Tensor]:
    """Ten classes: the losses, and the outputs at the end."""
    W = torch.zeros(X.shape[1], 10, requires_grad=True)
    optimizer = torch.optim.SGD([W], lr=5.0)
    losses = []
    for _ in range(100):
        optimizer.zero_grad()
        output = torch.softmax(X @ W, dim=1)
        loss = cross_entropy(output, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, output.detach()


def classify(X: Tensor, y: Tensor) -> tuple[list[float], Tensor]:
    """Ten classes: the losses, and the outputs at the end."""
    W = torch.zeros(X.shape[1], 10, requires_grad=True)
    optimizer = torch.optim.SGD([W], lr=5.0)
    losses = []
    for _ in range(100):
        optimizer.zero_grad()
        output = X @ W
        loss = cross_entropy(output, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, output.detach()


def _train_classes(run: Program) -> Evidence:
    import torch

    made = torch.Generator().manual_seed(0)
    y = torch.arange(100) % 10
    X = torch.nn.functional.one_hot(y, 10) + 0.2 * torch.randn(100, 10, generator=made)
    losses, output = run(X, y)
    right = int(torch.eq(output.argmax(dim=1), y).sum())
    facts = (
        Fact("first loss", numbers(losses[:1], 5)),
        Fact("accuracy at the end", numbers([right / len(y)], 3)),
        Fact("lowest and highest output", numbers([output.min().item(), output.max().item()], 3)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.2), facts, curve_of(losses, "update", "loss")
    )


MISTAKES: Mapping[str, MistakeValues] = {
    "off-by-one-labels": MistakeValues("mean_cross_entropy", _mean_cross_entropy),
    "probabilities-as-logits": MistakeValues("classify", _train_classes),
}
