"""Momentum: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("momentum",)


def momentum(w: Any, v: Any, g: Any, rate: Any, beta: Any) -> Any:
    """The weight and the velocity after one update."""
    v = beta * v + g
    return w - rate * v, v


def _averaged(w: Any, v: Any, g: Any, rate: Any, beta: Any) -> Any:
    v = beta * v + (1 - beta) * g
    return w - rate * v, v


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "old-velocity": {"momentum": lambda w, v, g, r, b: (w - r * v, b * v + g)},
    "averaged": {"momentum": _averaged},
    "gradient-only": {"momentum": lambda w, v, g, r, b: (w - r * g, b * v + g)},
    "uphill": {"momentum": lambda w, v, g, r, b: (w + r * (b * v + g), b * v + g)},
    "rate-inside": {"momentum": lambda w, v, g, r, b: (w - (b * v + r * g), b * v + r * g)},
    "velocity-kept": {"momentum": lambda w, v, g, r, b: (w - r * (b * v + g), v)},
    "nesterov": {"momentum": lambda w, v, g, r, b: (w - r * (g + b * (b * v + g)), b * v + g)},
    "no-beta": {"momentum": lambda w, v, g, r, b: (w - r * (v + g), v + g)},
}
FORMS = [
    ("rate-inside", {"momentum": lambda w, v, g, r, b: (w + (b * v - r * g), b * v - r * g)}),
]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One weight, then several."""
    yield call("momentum", np.array([1.0]), np.array([0.5]), np.array([2.0]), 0.1, 0.9)
    yield call("momentum", *rng.normal(size=(3, 4)), 0.05, 0.8)
