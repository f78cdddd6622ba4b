"""A module of your own: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from lessons.exercises.exercise import Case

FUNCTIONS = ("Net",)


class Net(nn.Module):
    """Two linear layers with a ReLU between."""

    def __init__(self, inputs: Any, hidden: Any, outputs: Any) -> None:
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.second = nn.Linear(hidden, outputs)

    def forward(self, x: Any) -> Any:
        return self.second(torch.relu(self.first(x)))


class _Linear(Net):
    def forward(self, x: Any) -> Any:
        return self.second(self.first(x))


class _Clipped(Net):
    def forward(self, x: Any) -> Any:
        return torch.relu(super().forward(x))


class _Softmax(Net):
    def forward(self, x: Any) -> Any:
        return torch.softmax(super().forward(x), dim=1)


class _NoBias(Net):
    def __init__(self, inputs: Any, hidden: Any, outputs: Any) -> None:
        nn.Module.__init__(self)
        self.first = nn.Linear(inputs, hidden, bias=False)
        self.second = nn.Linear(hidden, outputs, bias=False)


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "no-relu": {"Net": _Linear},
    "relu-at-the-end": {"Net": _Clipped},
    "no-biases": {"Net": _NoBias},
    "softmax-at-the-end": {"Net": _Softmax},
}


def _scores(inputs: int, hidden: int, outputs: int, seed: int) -> Case:
    def run(namespace: Mapping[str, Any]) -> object:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            net = namespace["Net"](inputs, hidden, outputs)
            x = torch.randn(5, inputs)
            names = sorted(name for name, _value in net.named_parameters())
            return net(x), names

    return Case(f"Net({inputs}, {hidden}, {outputs})(x)", run, 1e-4, 1e-6)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Two sizes, each with weights of a seed."""
    yield _scores(2, 3, 2, int(rng.integers(1000)))
    yield _scores(4, 8, 3, int(rng.integers(1000)))
