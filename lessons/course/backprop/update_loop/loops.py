"""The worked network trained in four ways at once, in arrays: 10 000 updates in less than a second.

The lab and the numbers after one update come from `engine`; a claim of the lesson compares both.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.network import BiasMode
from engine.worked_example import worked_example
from lessons.course.parts import WORKED_W, WORKED_X, WORKED_Y, Array, sigmoid


class Loop(IntEnum):
    """A way to train; its number is its row in the arrays."""

    FROZEN = 0
    PER_UNIT = 1
    SHARED = 2
    MISTAKE = 3
    """Frozen biases, and the hidden deltas from output weights that have moved already."""


class Trained(NamedTuple):
    """What a training leads to."""

    loss: float
    outputs: tuple[float, float]


@lru_cache(maxsize=8)
def after(updates: int) -> tuple[Trained, ...]:
    """Where each `Loop` stands after so many updates."""
    problem = worked_example(BiasMode.PER_UNIT)
    lr = problem.lr
    W1, W2 = (np.stack([W] * len(Loop)) for W in WORKED_W)  # (4, 2, 2), columns as in WORKED_W
    b1, b2 = (np.stack([np.array(b)] * len(Loop)) for b in problem.b)  # (4, 2)
    for _ in range(updates):
        a2, a3 = _forward(W1, b1, W2, b2)
        delta3 = (a3 - WORKED_Y) * a3 * (1 - a3)
        moved = W2 - lr * a2[:, :, None] * delta3[:, None, :]
        W2[Loop.MISTAKE] = moved[Loop.MISTAKE]
        delta2 = (W2 @ delta3[:, :, None])[:, :, 0] * a2 * (1 - a2)
        W2 = moved
        W1 = W1 - lr * WORKED_X[None, :, None] * delta2[:, None, :]
        for b, delta in ((b1, delta2), (b2, delta3)):
            b[Loop.PER_UNIT] -= lr * delta[Loop.PER_UNIT]
            b[Loop.SHARED] -= lr * delta[Loop.SHARED].sum()
    outputs = _forward(W1, b1, W2, b2)[1]
    losses = 0.5 * ((outputs - WORKED_Y) ** 2).sum(axis=1)
    return tuple(
        Trained(float(loss), (float(o1), float(o2)))
        for loss, (o1, o2) in zip(losses, outputs, strict=True)
    )


def _forward(W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:
    """The outputs of both layers, (4, 2) each."""
    a2 = sigmoid(WORKED_X @ W1 + b1)
    return a2, sigmoid((a2[:, None, :] @ W2)[:, 0, :] + b2)
