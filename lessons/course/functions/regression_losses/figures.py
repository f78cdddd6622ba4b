"""The figures of `functions/regression-losses`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.functions.regression_losses.facts import CHORD, DRAWN, SMOOTH_BETA
from lessons.format.drawings import Curve, Drawing, Hue, Line, Spot


def _smooth(e: float) -> float:
    beta = SMOOTH_BETA
    return e * e / (2 * beta) if abs(e) < beta else abs(e) - beta / 2


def _absolute_slope(e: float) -> float:
    return math.nan if e == 0 else math.copysign(1.0, e)


def _chord(e: float) -> float:
    a, b = CHORD
    return (a * a * (b - e) + b * b * (e - a)) / (b - a) if a <= e <= b else math.nan


_ABSOLUTE = Line("|e|", abs, Hue.LOSS)
_SQUARE = Line("e²", lambda e: e * e, Hue.INPUT)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "absolute": lambda: Curve(
        (_ABSOLUTE,), *DRAWN, "e", slope=Line(_("slope"), _absolute_slope, Hue.DELTA)
    ),
    "both": lambda: Curve((_ABSOLUTE, _SQUARE), *DRAWN, "e"),
    "chord": lambda: Curve(
        (_SQUARE, Line(_("chord"), _chord, Hue.WEIGHT)),
        *DRAWN,
        "e",
        spots=tuple(Spot(e, e * e, name) for e, name in zip(CHORD, "ab", strict=True)),
    ),
    "smooth": lambda: Curve((_ABSOLUTE, Line(_("smooth L1"), _smooth)), *DRAWN, "e"),
}
