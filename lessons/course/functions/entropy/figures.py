"""The figures of `functions/entropy`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.functions.entropy.facts import HALVES, MOST, RATIOS, P, Q
from lessons.format.drawings import Bars, Curve, Drawing, Hue, Line, Series, Spot


def _surprise() -> Curve:
    half = HALVES[0]
    return Curve(
        (Line("−ln p", lambda p: -math.log(p), Hue.LOSS),),
        0,
        1,
        "p",
        y_range=(0, MOST),
        spots=(Spot(half, -math.log(half), f"{half:g}"),),
    )


def _above() -> Curve:
    return Curve(
        (
            Line("x − 1", lambda x: x - 1, Hue.WEIGHT),
            Line("ln x", math.log, Hue.COMPUTED),
        ),
        0,
        RATIOS,
        "x",
        y_range=(-RATIOS, RATIOS - 1),
        spots=(Spot(1, 0),),
    )


def _expected() -> Bars:
    names = tuple(_("class {number}").format(number=n + 1) for n in range(len(P)))
    return Bars(names, (Series("p", P), Series("q", Q, Hue.WEIGHT)), digits=1)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "surprise": _surprise,
    "above": _above,
    "expected": _expected,
}
