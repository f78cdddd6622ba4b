"""One step downhill: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("update",)


def update(parameters: Any, gradients: Any, rate: Any) -> Any:
    """A new list: each parameter, moved against its gradient."""
    return [p - rate * g for p, g in zip(parameters, gradients, strict=True)]


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "uphill": {"update": lambda ps, gs, r: [p + r * g for p, g in zip(ps, gs, strict=True)]},
    "no-rate": {"update": lambda ps, gs, r: [p - g for p, g in zip(ps, gs, strict=True)]},
    "normalised": {
        "update": lambda ps, gs, r: [
            p - r * g / np.linalg.norm(g) for p, g in zip(ps, gs, strict=True)
        ]
    },
    "first-gradient": {"update": lambda ps, gs, r: [p - r * gs[0] for p in ps]},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Parameters of one shape, so that every slip has a value; then a matrix and a vector."""
    yield call("update", [np.array([1.0, 2.0])], [np.array([3.0, 4.0])], 0.1)
    yield call("update", list(rng.normal(size=(3, 2))), list(rng.normal(size=(3, 2))), 0.25)
    shapes = ((2, 3), (2,))
    yield call("update", *([rng.normal(size=shape) for shape in shapes] for _ in range(2)), 0.5)
