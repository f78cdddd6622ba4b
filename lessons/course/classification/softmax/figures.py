"""The figures of `classification/softmax`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.classification.softmax.facts import MARGIN, MARGIN_CLASSES, SCORES
from lessons.format.drawings import Bars, Curve, Drawing, Hue, Line, Series


def _shares() -> Bars:
    powers = [math.exp(score) for score in SCORES]
    names = tuple(_("class {number}").format(number=n + 1) for n in range(len(SCORES)))
    shares = tuple(power / sum(powers) for power in powers)
    return Bars(names, (Series(_("scores"), SCORES, Hue.INPUT), Series("ŷ", shares)))


def _margins() -> Curve:
    others = MARGIN_CLASSES - 1
    return Curve(
        (Line("ℓ", lambda m: math.log1p(others * math.exp(-m)), Hue.LOSS),),
        -MARGIN,
        2 * MARGIN,
        "Δ",
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "shares": _shares,
    "margins": _margins,
}
