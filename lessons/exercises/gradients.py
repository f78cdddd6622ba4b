"""The learner's gradient beside that of autograd and the central difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lessons.exercises.exercise import Namespace, as_array

if TYPE_CHECKING:
    from torch import Tensor

STEP = 2.0**-17
"""As in `engine.gradients`: the error of the formula grows with its square, rounding falls."""
TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class GradientCase:
    """A loss, the place where its gradient is taken, and what the learner's code says it is."""

    names: tuple[str, ...]
    """What each number is the gradient on: `dW[0, 1]`."""
    at: tuple[float, ...]
    """The numbers that are moved, as many."""
    loss: Callable[[Tensor], Tensor]
    """The loss, shape (), of those numbers, shape (n,), in float64."""
    mine: Callable[[Namespace], object]
    """The gradient by the learner's code: as many numbers, in any nesting."""


@dataclass(frozen=True, slots=True)
class GradientRow:
    """The gradient on one number, three times."""

    name: str
    mine: float | None
    """None where the learner's code gives no number."""
    autograd: float
    central: float
    ok: bool
    """Whether the learner's is that of autograd, but for rounding."""


def gradient_rows(cases: tuple[GradientCase, ...], namespace: Namespace) -> list[GradientRow]:
    """The rows of all cases; importing torch is part of the work."""
    return [row for case in cases for row in _rows(case, namespace)]


def cases_of(code: object) -> tuple[GradientCase, ...]:
    """What the code behind an exercise asks for; empty where it asks for no gradient."""
    found: tuple[GradientCase, ...] = getattr(code, "GRADIENTS", ())
    return found


def _rows(case: GradientCase, namespace: Namespace) -> Iterator[GradientRow]:
    import torch

    place = torch.tensor(case.at, dtype=torch.float64, requires_grad=True)
    (slopes,) = torch.autograd.grad(case.loss(place), place)
    with torch.no_grad():
        moved = STEP * torch.eye(len(case.at), dtype=torch.float64)
        centrals = [
            float(case.loss(place + row) - case.loss(place - row)) / (2 * STEP) for row in moved
        ]
    mine = _mine(case, namespace)
    for name, value, slope, central in zip(
        case.names, mine, slopes.tolist(), centrals, strict=True
    ):
        is_same = value is not None and math.isclose(
            value, slope, rel_tol=TOLERANCE, abs_tol=TOLERANCE
        )
        yield GradientRow(name, value, slope, central, is_same)


def _mine(case: GradientCase, namespace: Namespace) -> list[float | None]:
    try:
        with np.errstate(all="ignore"):
            found = [*_flat(case.mine(namespace))]
    except SystemExit:
        raise
    except BaseException:  # the tests say what is wrong; a learner may raise KeyboardInterrupt
        found = []
    if len(found) != len(case.names):
        return [None] * len(case.names)
    return [value if math.isfinite(value) else None for value in found]


def _flat(value: Any) -> Iterator[float]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _flat(each)
        return
    numbers = as_array(value)
    if numbers is None:
        raise ValueError("not a number")
    yield from map(float, numbers.ravel())


def entries(name: str, *shape: int) -> tuple[str, ...]:
    """The names of the entries of an array: `dW[0, 0]`, `dW[0, 1]`, …"""
    return tuple(f"{name}[{', '.join(map(str, at))}]" for at in np.ndindex(*shape))
