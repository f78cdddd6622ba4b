"""The figures of `linear/from-scratch`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.linear.from_scratch.facts import BATCH, FEATURES
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "model": lambda: Shapes(
        (
            Matrix("X", (BATCH, FEATURES), Hue.INPUT),
            Matrix("w", (FEATURES, 1), Hue.WEIGHT),
            Matrix("b", (), Hue.WEIGHT),
            Matrix("ŷ", (BATCH, 1), Hue.COMPUTED),
        ),
        ("·", "+", "="),
    ),
}
