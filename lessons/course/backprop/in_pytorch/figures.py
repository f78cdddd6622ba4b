"""The figures of `backprop/in-pytorch`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.worked_example import worked_example
from lessons.format.drawings import Drawing, Net


def _network() -> Net:
    """The worked network after its forward pass."""
    problem = worked_example()
    passed = problem.network().forward(problem.x)
    outputs = tuple(tuple(float(value) for value in layer) for layer in passed.a)
    weights = tuple(
        tuple(tuple(float(w) for w in row) for row in matrix) for matrix in problem.network().W
    )
    return Net(problem.network().widths, outputs, weights)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "network": _network,
}
