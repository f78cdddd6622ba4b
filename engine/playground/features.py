"""What the network sees of a point (x1, x2): the coordinates and simple functions of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Feature:
    """One function of a point."""

    name: str
    """In the line of settings: `x1x2`."""
    title: str
    """On the screen: `x₁x₂`."""
    of: Callable[[Array, Array], Array]
    """Its values at points whose coordinates have the shape (n,)."""


_ALL = (
    Feature("x1", "x₁", lambda x, y: x),
    Feature("x2", "x₂", lambda x, y: y),
    Feature("x1^2", "x₁²", lambda x, y: x * x),
    Feature("x2^2", "x₂²", lambda x, y: y * y),
    Feature("x1x2", "x₁x₂", lambda x, y: x * y),
    Feature("sin1", "sin πx₁", lambda x, y: np.sin(np.pi * x)),
    Feature("sin2", "sin πx₂", lambda x, y: np.sin(np.pi * y)),
)
FEATURES: Mapping[str, Feature] = {feature.name: feature for feature in _ALL}
"""Every feature by its name, in the order in which they are shown."""


def features(names: Sequence[str], points: Array) -> Array:
    """The features called `names` at `points`: (n, number of names) from (n, 2)."""
    return np.column_stack([FEATURES[name].of(points[:, 0], points[:, 1]) for name in names])
