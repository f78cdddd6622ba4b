"""Means over all that chance may draw, where that is a finite number of equally likely cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.formulas import values as v
from engine.formulas.notation import Lazy
from engine.formulas.term import Term
from engine.formulas.values import Value
from engine.formulas.world import Place, World

Outcomes = Callable[[World], Sequence[Value]]
"""The equally likely values of a symbol in a draw."""


def mean_over(place: Place, outcomes: Outcomes) -> Lazy:
    """The mean of an expression, or the share of cases in which a condition holds."""

    def mean(world: World, arguments: tuple[Term, ...]) -> Value:
        (argument,) = arguments
        found = [
            v.tensor(argument.value(world.child({place: outcome}))) for outcome in outcomes(world)
        ]
        total = found[0]
        for value in found[1:]:
            total = total + value
        return total / len(found)

    return mean


def uncorrelated(world: World, count: int, deviation: float) -> list[Value]:
    """Columns with mean 0 and the deviation in every entry; products of two have mean 0.

    They are the rows of an orthogonal matrix and the same turned round, so each sum of their
    entries is as often below 0 as above.
    """
    import torch

    def make(rng: np.random.Generator) -> Value:
        rows = np.linalg.qr(rng.normal(size=(count, count)))[0]
        scaled = torch.tensor(rows * deviation * np.sqrt(count), dtype=torch.float64)
        return [sign * row.reshape(-1, 1) for sign in (1, -1) for row in scaled]

    found: list[Value] = world.drawn(("weights", (count,), None), make)
    return found


def signs(world: World, count: int) -> list[Value]:
    """All columns of 1 and -1."""
    import torch

    cases = torch.cartesian_prod(*[torch.tensor([1.0, -1.0], dtype=torch.float64)] * count)
    return [case.reshape(-1, 1) for case in cases]
