"""The figures of `mlp/watching`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.mlp.watching.facts import AFTER, BEFORE, KEPT, LATER, STEPS
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _late() -> Curve:
    """A loss that jumps, and the smoothed line that follows."""
    return Curve(
        (
            Line(_("loss"), lambda t: float(AFTER if t > 0 else BEFORE), Hue.LOSS),
            Line(_("smoothed"), lambda t: AFTER - (AFTER - BEFORE) * KEPT ** max(0.0, t)),
        ),
        -STEPS,
        LATER,
        "t",
        y_range=(0, AFTER + BEFORE),
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "late": _late,
}
