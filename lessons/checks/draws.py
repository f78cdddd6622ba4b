"""Seeded draws: the random numbers on which formulas are compared."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Value: TypeAlias = Array | float | np.floating[Any]


class Draw(SimpleNamespace):
    """The named numbers of one random draw, all float64: `d.z`, `d.W`, `d.y`."""


DrawMaker: TypeAlias = Callable[[np.random.Generator], Draw]
Evaluate: TypeAlias = Callable[[Draw], Value]
