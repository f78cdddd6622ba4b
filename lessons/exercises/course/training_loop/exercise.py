"""A training loop: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from lessons.exercises.exercise import Case

FUNCTIONS = ("train",)


def train(model: Any, batches: Any, loss: Any, optimiser: Any, epochs: Any) -> Any:
    """Train, and return the mean loss of each epoch."""
    means = []
    for _epoch in range(epochs):
        losses = []
        for x, y in batches:
            error = loss(model(x), y)
            optimiser.zero_grad()
            error.backward()
            optimiser.step()
            losses.append(error.item())
        means.append(sum(losses) / len(losses))
    return means


def _wrong(kind: str) -> Any:
    def run(model: Any, batches: Any, loss: Any, optimiser: Any, epochs: Any) -> Any:
        means = []
        losses: list[Any] = []
        for _epoch in range(1 if kind == "epoch" else epochs):
            if kind != "running":
                losses = []
            if kind in ("once", "update"):
                optimiser.zero_grad()
            for x, y in batches:
                error = loss(model(x), y)
                if kind not in ("zero", "once", "update"):
                    optimiser.zero_grad()
                error.backward()
                if kind not in ("step", "update"):
                    optimiser.step()
                losses.append(error if kind == "tensors" else error.item())
            if kind == "update":
                optimiser.step()
            whole = sum(losses)
            means.append({"last": losses[-1], "sum": whole}.get(kind, whole / len(losses)))
        return means

    return run


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "no-zero-grad": {"train": _wrong("zero")},
    "last-loss": {"train": _wrong("last")},
    "summed": {"train": _wrong("sum")},
    "no-step": {"train": _wrong("step")},
    "one-epoch": {"train": _wrong("epoch")},
    "emptied-once": {"train": _wrong("once")},
    "one-update": {"train": _wrong("update")},
    "running-mean": {"train": _wrong("running")},
    "tensors": {"train": _wrong("tensors")},
}


def _trained(samples: int, epochs: int, seed: int) -> Case:
    def run(namespace: Mapping[str, Any]) -> object:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = nn.Linear(2, 1)
            X = torch.randn(samples, 2)
            Y = X @ torch.tensor([[2.0], [-1.0]])
            batches = [(X[at : at + 2], Y[at : at + 2]) for at in range(0, samples, 2)]
            optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
            means = namespace["train"](model, batches, nn.MSELoss(), optimiser, epochs)
            are_tensors = [hasattr(mean, "detach") for mean in means]
            return means, model.weight, model.bias, are_tensors

    return Case(f"train(model, <{samples // 2} batches>, loss, optimiser, {epochs})", run, 1e-4)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """A short and a longer training."""
    yield _trained(4, 2, int(rng.integers(1000)))
    yield _trained(8, 3, int(rng.integers(1000)))
