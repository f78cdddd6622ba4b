"""The figures of `backprop/update-loop`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.worked_example import worked_example
from lessons.course.backprop.update_loop.facts import REACH
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _one_weight() -> Curve:
    """The loss of the worked network while w5 moves and everything else is held."""
    problem = worked_example()
    at = float(problem.network().W[1][0, 0])

    def loss(w: float) -> float:
        return problem.with_value("w5", w).network().loss(problem.x, problem.target)

    return Curve((Line("E", loss, Hue.LOSS),), at - REACH, at + REACH, "w₅", tangent=at)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "one_weight": _one_weight,
}
