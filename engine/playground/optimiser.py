"""How a gradient changes the parameters: the four optimisers on one flat array, as in torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.playground.features import Array

MOMENTUM, DECAY = 0.9, 0.99
BETAS, EPSILON = (0.9, 0.999), 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """What an optimiser remembers of earlier gradients; never changed, only replaced."""

    mean: Array
    square: Array
    count: int = 0

    @classmethod
    def empty(cls, size: int) -> Memory:
        """Before the first step."""
        return cls(np.zeros(size), np.zeros(size))


def update(name: str, rate: float, gradient: Array, memory: Memory) -> tuple[Array, Memory]:
    """What is added to the parameters, and the memory after it."""
    count = memory.count + 1
    if name == "momentum":
        mean = MOMENTUM * memory.mean + gradient
        return -rate * mean, Memory(mean, memory.square, count)
    if name == "rmsprop":
        square = DECAY * memory.square + (1 - DECAY) * gradient * gradient
        return -rate * gradient / (np.sqrt(square) + EPSILON), Memory(memory.mean, square, count)
    if name == "adam":
        first, second = BETAS
        mean = first * memory.mean + (1 - first) * gradient
        square = second * memory.square + (1 - second) * gradient * gradient
        scale = np.sqrt(square / (1 - second**count)) + EPSILON
        return -rate / (1 - first**count) * mean / scale, Memory(mean, square, count)
    return -rate * gradient, Memory(memory.mean, memory.square, count)
