"""The figures of `functions/classification-losses`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.functions.classification_losses.facts import MOST, SATURATED_AT
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _labels() -> Curve:
    return Curve(
        (
            Line("y = 1", lambda p: -math.log(p), Hue.LOSS),
            Line("y = 0", lambda p: -math.log(1 - p), Hue.INPUT),
        ),
        0,
        1,
        "ŷ",
        y_range=(0, MOST),
    )


def _slopes() -> Curve:
    """The slope on the score for the label 1, by both losses."""
    return Curve(
        (
            Line("BCE", lambda z: _sigmoid(z) - 1, Hue.DELTA),
            Line(
                _("squared"),
                lambda z: (_sigmoid(z) - 1) * _sigmoid(z) * (1 - _sigmoid(z)),
                Hue.INPUT,
            ),
        ),
        SATURATED_AT[-1],
        -SATURATED_AT[1],
        "z",
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "labels": _labels,
    "slopes": _slopes,
}
