"""The figures of `classification/fashion-mnist`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.classification.fashion_mnist.facts import BATCH, CHANNELS, HEIGHT, WIDTH
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "batch": lambda: Shapes(
        (
            Matrix("X", (BATCH, CHANNELS, HEIGHT, WIDTH), Hue.INPUT),
            Matrix("y", (BATCH,), Hue.DELTA),
        ),
        (",",),
    ),
}
