"""The figures of `mlp/concise`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.classification.fashion_mnist.facts import CLASSES, HEIGHT, WIDTH
from lessons.course.mlp.from_scratch.facts import BATCH, HIDDEN
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "batch": lambda: Shapes(
        (
            Matrix("X", (BATCH, 1, HEIGHT, WIDTH), Hue.INPUT),
            Matrix("Flatten", (BATCH, HEIGHT * WIDTH), Hue.INPUT),
            Matrix("Linear", (BATCH, HIDDEN), Hue.COMPUTED),
            Matrix("Linear", (BATCH, CLASSES), Hue.COMPUTED),
        ),
        ("→", "→", "→"),
    ),
    "model": lambda: Shapes(
        (
            Matrix("Flatten", (BATCH, HEIGHT * WIDTH), Hue.INPUT),
            Matrix("Linear", (BATCH, HIDDEN)),
            Matrix("Linear", (BATCH, CLASSES)),
        ),
        ("→", "→"),
    ),
}
