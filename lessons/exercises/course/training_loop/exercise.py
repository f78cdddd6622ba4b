"""A training loop: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from lessons.exercises.exercise import Case, Namespace

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
                guess = model(x)
                error = loss(y, guess) if kind == "exchanged" else loss(guess, y)
                if kind not in ("zero", "once", "update"):
                    optimiser.zero_grad()
                error.backward()
                if kind not in ("step", "update"):
                    optimiser.step()
                losses.append(error if kind == "tensors" else error.item())
            if kind == "update":
                optimiser.step()
            whole = sum(losses)
            if kind == "samples":
                sizes = [len(x) for x, _y in batches]
                whole = sum(size * each for size, each in zip(sizes, losses, strict=True))
                losses = losses[:1] * sum(sizes)
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
    "loss-exchanged": {"train": _wrong("exchanged")},
    "by-samples": {"train": _wrong("samples")},
}


def _uneven(prediction: Any, target: Any) -> Any:
    """A loss whose value changes where prediction and target are exchanged."""
    return ((prediction - target) ** 2 * (1 + target**2)).mean()


def _trained(
    told: str, what: Callable[[Any, Any], Any], samples: int, epochs: int, seed: int
) -> Case:
    """A case of `what` is found in what is returned, and in the model."""

    def run(namespace: Namespace) -> object:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = nn.Linear(2, 1)
            X = torch.randn(samples, 2)
            Y = X @ torch.tensor([[2.0], [-1.0]])
            batches = [(X[at : at + 2], Y[at : at + 2]) for at in range(0, samples, 2)]
            optimiser = torch.optim.SGD(model.parameters(), lr=0.02)
            means = namespace["train"](model, batches, _uneven, optimiser, epochs)
            return what(means, model)

    called = f"train(model, <{-(-samples // 2)} batches>, loss, optimiser, {epochs})"
    return Case(told.format(called), run, 1e-4)


def _are_tensors(means: Any, model: Any) -> object:
    return None if means is None else any(hasattr(mean, "detach") for mean in means)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """A short training, then a longer one whose last batch is smaller."""
    seed = int(rng.integers(1000))
    yield _trained("{}", lambda means, model: means, 4, 2, seed)
    yield _trained("any(map(torch.is_tensor, {}))", _are_tensors, 4, 2, seed)
    yield _trained("model.weight after {}", lambda means, model: model.weight, 4, 2, seed)
    seed = int(rng.integers(1000))
    yield _trained("{}", lambda means, model: means, 7, 3, seed)
    yield _trained("model.bias after {}", lambda means, model: model.bias, 7, 3, seed)
