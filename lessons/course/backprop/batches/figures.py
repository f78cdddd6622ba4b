"""The figures of `backprop/batches`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.worked_example import worked_example
from lessons.course.backprop.batches.facts import SAMPLES
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes


def _columns() -> Shapes:
    inputs, units = worked_example().layers[:2]
    return Shapes(
        (
            Matrix("Wᵀ", (units, inputs), Hue.WEIGHT),
            Matrix("A", (inputs, SAMPLES), Hue.INPUT),
            Matrix("b", (units, 1), Hue.WEIGHT),
            Matrix("Z", (units, SAMPLES), Hue.COMPUTED),
        ),
        ("·", "+", "="),
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {"columns": _columns}
