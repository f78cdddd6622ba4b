"""The figures of `functions/entropy`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.language import _
from lessons.course.functions.entropy.facts import HALVES, MOST, RATIOS, SURE, P, Q
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


def _ratios() -> Curve:
    """The line and the logarithm, at the ratios q / p of two classes."""
    spots = [
        Spot(ratio, height, hue=hue)
        for ratio in (q / p for p, q in zip(HALVES, SURE, strict=True))
        for height, hue in ((ratio - 1, Hue.WEIGHT), (math.log(ratio), Hue.COMPUTED))
    ]
    return replace(_above(), high=2, y_range=(-2, 1), spots=tuple(spots))


def _expected() -> Bars:
    names = tuple(_("class {number}").format(number=n + 1) for n in range(len(P)))
    return Bars(names, (Series("p", P), Series("q", Q, Hue.WEIGHT)), digits=1)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "surprise": _surprise,
    "above": _above,
    "ratios": _ratios,
    "expected": _expected,
}
