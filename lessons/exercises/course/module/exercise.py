"""A module of your own: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from lessons.exercises.exercise import Case, Namespace

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


class _CutOff(Net):
    def forward(self, x: Any) -> Any:
        return super().forward(x).detach()


class _HalfCutOff(Net):
    def forward(self, x: Any) -> Any:
        return self.second(torch.relu(self.first(x)).detach())


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "no-relu": {"Net": _Linear},
    "relu-at-the-end": {"Net": _Clipped},
    "no-biases": {"Net": _NoBias},
    "softmax-at-the-end": {"Net": _Softmax},
    "cut-off": {"Net": _CutOff},
}


FORMS = [
    ("cut-off", {"Net": _HalfCutOff}),
]


def _net(
    told: str, what: Callable[[Any, Any], object], sizes: tuple[int, int, int], seed: int
) -> Case:
    """A case of `what` is found in a net with weights of a seed, and in its scores."""

    def run(namespace: Namespace) -> object:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            net = namespace["Net"](*sizes)
            return what(net, torch.randn(5, sizes[0]))

    return Case(told.format(f"Net({', '.join(map(str, sizes))})"), run, 1e-4, 1e-6)


def _names(net: Any, x: Any) -> list[str]:
    return sorted(name for name, _value in net.named_parameters())


def _reached(net: Any, x: Any) -> list[str]:
    """The parameters that get a gradient."""
    scores = net(x)
    if scores.requires_grad:
        scores.sum().backward()
    return sorted(name for name, value in net.named_parameters() if value.grad is not None)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Two sizes, each with weights of a seed; what it is made of, and what can be trained."""
    small, seed = (2, 3, 2), int(rng.integers(1000))
    yield _net("{}(x)", lambda net, x: net(x), small, seed)
    yield _net("the parameters of {}", _names, small, seed)
    yield _net("the parameters of {} that get a gradient", _reached, small, seed)
    yield _net("{}(x)", lambda net, x: net(x), (4, 8, 3), int(rng.integers(1000)))
