"""The figures of `linear/gradient-descent`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.linear.gradient_descent.facts import (
    CURVATURE,
    DRAWN_FLATNESS,
    DRAWN_FROM,
    DRAWN_RATE,
    DRAWN_REACH,
    DRAWN_STEPS,
    FIRST,
    FLAT,
    GOAL,
    RATES,
    STEEP,
    TABLE_START,
    TABLE_STEPS,
)
from lessons.format.drawings import Curve, Drawing, Hue, Line, Surface


def _descent(factor: float, steps: int) -> Curve:
    """A parabola with its lowest place at 0, and the path on it."""
    distances = [TABLE_START * factor**step for step in range(steps + 1)]
    return Curve(
        (Line("L", lambda w: CURVATURE * w * w / 2, Hue.LOSS),),
        -DRAWN_REACH * TABLE_START,
        DRAWN_REACH * TABLE_START,
        "w − w*",
        path=tuple((w, CURVATURE * w * w / 2) for w in distances),
    )


def _valley() -> Surface:
    """Two directions, one steep and one flat, and a path with the rate of the steep one."""
    w, path = DRAWN_FROM, [DRAWN_FROM]
    for _step in range(DRAWN_STEPS):
        w = (w[0] * (1 - DRAWN_RATE * FLAT * DRAWN_FLATNESS), w[1] * (1 - DRAWN_RATE * STEEP))
        path.append(w)
    reach = (-DRAWN_REACH, DRAWN_REACH)
    return Surface(
        "L",
        lambda a, b: (FLAT * DRAWN_FLATNESS * a * a + STEEP * b * b) / 2,
        reach,
        reach,
        path=tuple(path),
        lowest=(0.0, 0.0),
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "downhill": lambda: Curve(
        (Line("L(w)", lambda w: (w - GOAL) ** 2 / 2, Hue.LOSS),), 0.0, 2 * GOAL, "w", tangent=FIRST
    ),
    "straight": lambda: _descent(1 - RATES["good"], TABLE_STEPS),
    "zigzag": lambda: _descent(1 - RATES["zigzag"], TABLE_STEPS),
    "valley": _valley,
}
