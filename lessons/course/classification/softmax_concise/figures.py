"""The figures of `classification/softmax-concise`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.classification.fashion_mnist.facts import (
    BATCH,
    CHANNELS,
    CLASSES,
    HEIGHT,
    WIDTH,
)
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "layers": lambda: Shapes(
        (
            Matrix("X", (BATCH, CHANNELS, HEIGHT, WIDTH), Hue.INPUT),
            Matrix("Flatten", (BATCH, HEIGHT * WIDTH), Hue.INPUT),
            Matrix("Linear", (BATCH, CLASSES), Hue.COMPUTED),
        ),
        ("→", "→"),
    ),
    "linear": lambda: Shapes(
        (Matrix("Flatten", (BATCH, HEIGHT * WIDTH), Hue.INPUT), Matrix("Linear", (BATCH, CLASSES))),
        ("→",),
    ),
}
