"""The figures of `backprop/deltas`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from lessons.course.backprop.deltas.facts import DRAWN_AT, DRAWN_RANGE, DRAWN_TARGET
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _loss(z: float) -> float:
    """Half the squared error of one sigmoid unit."""
    output = 1 / (1 + math.exp(-z))
    return (output - DRAWN_TARGET) ** 2 / 2


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "delta": lambda: Curve((Line("L", _loss, Hue.LOSS),), *DRAWN_RANGE, "z", tangent=DRAWN_AT),
}
