"""Four rules that turn gradients into updates, from scratch.

Every rule treats each number of each parameter by itself. In the formulas, g is the gradient of the
mean loss, η is the learning rate, and v ← … says how v changes with every update. What a rule
remembers starts at 0.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import torch
from torch import Tensor

from engine.training.optimiser_state import OptimiserState

BETA = 0.9
ALPHA = 0.99
BETA1, BETA2 = 0.9, 0.999
EPSILON = 1e-8


class Optimiser(ABC):
    """Moves parameters by −η times a direction, which a subclass gives."""

    remembers: tuple[str, ...] = ()
    """Names of what is kept for each parameter, in tensors of the same shape."""

    def __init__(self, params: Mapping[str, Tensor]) -> None:
        self.params = params
        self.t = 0
        self.memory = {
            f"{kind}/{name}": torch.zeros_like(param, requires_grad=False)
            for kind in self.remembers
            for name, param in params.items()
        }

    def step(self, lr: float) -> None:
        """Move each parameter: w ← w − η · direction; then clear its gradient."""
        self.t += 1
        with torch.no_grad():
            for name, param in self.params.items():
                assert param.grad is not None, "call backward() first"
                param.sub_(self.direction(name, param.grad), alpha=lr)  # w ← w − lr · direction
                param.grad = None  # counts as 0: the next backward() starts afresh

    @abstractmethod
    def direction(self, name: str, g: Tensor) -> Tensor:
        """What the parameter called `name` moves against, of its shape; g is its gradient."""

    def state(self) -> OptimiserState:
        """Copies of all that is remembered."""
        memory = {key: value.clone() for key, value in self.memory.items()}
        return OptimiserState(memory, {"t": self.t})

    def restore(self, state: OptimiserState) -> None:
        """Restore what `state` gave; raises ValueError where that belongs to another rule."""
        shapes = {key: value.shape for key, value in state.tensors.items()}
        if shapes != {key: value.shape for key, value in self.memory.items()}:
            raise ValueError(f"the stored optimiser remembers {', '.join(shapes) or 'nothing'}")
        self.t = state.counters.get("t", 0)
        for key, value in state.tensors.items():
            self.memory[key].copy_(value)


class SGD(Optimiser):
    """Gradient descent: w ← w − ηg."""

    def direction(self, name: str, g: Tensor) -> Tensor:
        """The gradient itself."""
        return g


class Momentum(Optimiser):
    """Momentum: v ← 0.9v + g, then w ← w − ηv.

    Like a ball that rolls: steps in a lasting direction add up to ten times the gradient, and steps
    back and forth cancel. Polyak (1964); Sutskever et al. (2013), equations 1 and 2, where η is a
    part of v.
    """

    remembers = ("velocity",)

    def direction(self, name: str, g: Tensor) -> Tensor:
        """The velocity v."""
        v = self.memory[f"velocity/{name}"]
        v *= BETA
        v += g
        return v


class RMSProp(Optimiser):
    """RMSProp: s ← 0.99s + 0.01g², then w ← w − ηg / (√s + 1e-8).

    √s is about the recent size of g, so each number moves by about η, however steep the loss is in
    its direction. Tieleman and Hinton (2012), Neural Networks for Machine Learning, lecture 6.5.
    """

    remembers = ("square",)

    def direction(self, name: str, g: Tensor) -> Tensor:
        """The gradient, divided by its usual size."""
        s = self.memory[f"square/{name}"]
        s *= ALPHA
        s += (1 - ALPHA) * g**2
        return g / (s.sqrt() + EPSILON)


class Adam(Optimiser):
    """Adam: momentum and RMSProp in one, m ← 0.9m + 0.1g and s ← 0.999s + 0.001g².

    Both start at 0 and are too small at first; after t updates, dividing by 1 − 0.9ᵗ and 1 − 0.999ᵗ
    makes up for that. Then w ← w − ηm / (√s + 1e-8). Kingma and Ba (2015), algorithm 1.
    """

    remembers = ("mean", "square")

    def direction(self, name: str, g: Tensor) -> Tensor:
        """The mean gradient, divided by its usual size."""
        m, s = self.memory[f"mean/{name}"], self.memory[f"square/{name}"]
        m *= BETA1
        m += (1 - BETA1) * g
        s *= BETA2
        s += (1 - BETA2) * g**2
        m_hat = m / (1 - BETA1**self.t)
        s_hat = s / (1 - BETA2**self.t)
        return m_hat / (s_hat.sqrt() + EPSILON)


OPTIMISERS: dict[str, type[Optimiser]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "rmsprop": RMSProp,
    "adam": Adam,
}
