"""The figures of `backprop/worked-example`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.worked_example import worked_example
from lessons.format.drawings import Drawing, Net


def _network() -> Net:
    """Inputs and weights; what is computed from them stays open."""
    problem = worked_example()
    inputs: tuple[float | None, ...] = tuple(problem.x)
    others: list[tuple[float | None, ...]] = [
        (None,) * units for units in problem.network().widths[1:]
    ]
    weights = tuple(
        tuple(tuple(float(w) for w in row) for row in matrix) for matrix in problem.network().W
    )
    return Net(problem.network().widths, (inputs, *others), weights)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "network": _network,
}
