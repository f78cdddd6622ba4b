"""The figures of `backprop/matrix-calculus`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.backprop.matrix_calculus.facts import DRAWN
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes


def _layer() -> Shapes:
    m, sends, gets = DRAWN
    return Shapes(
        (
            Matrix("X", (m, sends), Hue.INPUT),
            Matrix("W", (sends, gets), Hue.WEIGHT),
            Matrix("Z", (m, gets)),
        ),
        ("·", "="),
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "layer": _layer,
}
