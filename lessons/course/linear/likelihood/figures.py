"""The figures of `linear/likelihood`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.linear.likelihood.facts import REACH
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _normal(deviations: float) -> float:
    """The density of the normal distribution with the standard deviation 1."""
    return math.exp(-(deviations**2) / 2) / math.sqrt(2 * math.pi)


def _laplace(deviations: float) -> float:
    """The density of Laplace's distribution with the same standard deviation."""
    s = 1 / math.sqrt(2)
    return math.exp(-abs(deviations) / s) / (2 * s)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "areas": lambda: Curve((Line("p(ε)", _normal),), -REACH, REACH, "ε / σ", area=(-1.0, 1.0)),
    "tails": lambda: Curve(
        (Line("Laplace", _laplace, Hue.WEIGHT), Line(_("normal"), _normal)), -REACH, REACH, "ε / σ"
    ),
}
