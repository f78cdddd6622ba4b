"""The figures of `classification/softmax-from-scratch`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.classification.fashion_mnist.facts import BATCH, CLASSES
from lessons.course.classification.softmax_from_scratch.facts import PIXELS
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "scores": lambda: Shapes(
        (
            Matrix("X", (BATCH, PIXELS), Hue.INPUT),
            Matrix("W", (PIXELS, CLASSES), Hue.WEIGHT),
            Matrix("b", (CLASSES,), Hue.WEIGHT),
            Matrix("O", (BATCH, CLASSES), Hue.COMPUTED),
        ),
        ("·", "+", "="),
    ),
    "product": lambda: Shapes(
        (
            Matrix("X", (BATCH, PIXELS), Hue.INPUT),
            Matrix("W", (PIXELS, CLASSES), Hue.WEIGHT),
            Matrix("O", (BATCH, CLASSES)),
        ),
        ("·", "→"),
    ),
}
