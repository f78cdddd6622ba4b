"""What the programs and their evidence share: the worked network, and slopes without formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.network import BiasMode
from engine.worked_example import worked_example

Array: TypeAlias = npt.NDArray[np.float64]
Weights: TypeAlias = tuple[Array, Array]
"""W1 (S_1, S_2) and W2 (S_2, S_3): column i holds the weights into unit i."""

_WORKED = worked_example(BiasMode.SHARED)
WORKED_X = np.array(_WORKED.x)
WORKED_Y = np.array(_WORKED.target)
WORKED_W: Weights = (np.array(_WORKED.W[0]).T, np.array(_WORKED.W[1]).T)
(B1,), (B2,) = _WORKED.b
"""The biases of the worked network, one a layer; they stay as they are."""


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^{−z})."""
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z: Array) -> Array:
    """σ′(z) = σ(z)(1 − σ(z)): takes the input of the unit, not its output."""
    return sigmoid(z) * (1 - sigmoid(z))


def network_loss(x: Array, y: Array, W: Weights) -> float:
    """½‖a − y‖² of a sigmoid network with the biases of the worked one; rows are added up."""
    a2 = sigmoid(x @ W[0] + B1)
    a3 = sigmoid(a2 @ W[1] + B2)
    return float(0.5 * ((a3 - y) ** 2).sum())


def central_slopes(f: Callable[[Array], float], at: Array, step: float = 1e-5) -> Array:
    """The slope of `f` in each entry of `at`, by central differences; the error is about 1e-10."""
    slopes = np.zeros(at.shape)
    for place in np.ndindex(*at.shape):
        above, below = at.copy(), at.copy()
        above[place] += step
        below[place] -= step
        slopes[place] = (f(above) - f(below)) / (above[place] - below[place])
    return slopes


def central_gradients(x: Array, y: Array, W: Weights) -> Weights:
    """The gradients of `network_loss` for W1 and W2, by central differences."""
    W1, W2 = W
    return (
        central_slopes(lambda moved: network_loss(x, y, (moved, W2)), W1),
        central_slopes(lambda moved: network_loss(x, y, (W1, moved)), W2),
    )


def farthest(found: Weights, wanted: Weights) -> float:
    """The largest |found − wanted| over both matrices."""
    return max(float(np.abs(a - b).max()) for a, b in zip(found, wanted, strict=True))
