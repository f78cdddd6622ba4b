"""The figures of `classification/logistic`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.labs.accuracy_threshold import START, accuracy, cross_entropy
from engine.language import _
from lessons.course.classification.logistic.facts import FARTHEST, MOST, REACH, SCORE
from lessons.format.drawings import Curve, Drawing, Hue, Line, Spot


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _scores() -> Curve:
    spots = tuple(Spot(z, _sigmoid(z), f"{_sigmoid(z):.3f}") for z in (-SCORE, 0.0, SCORE))
    return Curve((Line("σ(z)", _sigmoid),), -REACH, REACH, "z", spots=spots)


def _loss() -> Curve:
    return Curve((Line("−ln P", lambda p: -math.log(p), Hue.LOSS),), 0, 1, "P", y_range=(0, MOST))


def _margins() -> Curve:
    """The loss over the margin t z, beside what it stands for: right or wrong."""
    return Curve(
        (
            Line(_("loss"), lambda m: math.log1p(math.exp(-m)), Hue.LOSS),
            Line(_("wrong"), lambda m: float(m <= 0), Hue.QUIET),
        ),
        -REACH,
        REACH,
        "t z",
    )


def _flat() -> Curve:
    """Accuracy above, and the loss below, over the weight; the bias is held."""
    return Curve(
        (Line(_("accuracy"), lambda w: accuracy(w, START[1]), Hue.INPUT),),
        0.0,
        FARTHEST,
        "w",
        slope=Line(_("loss"), lambda w: cross_entropy(w, START[1]), Hue.LOSS),
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "scores": _scores,
    "loss": _loss,
    "margins": _margins,
    "flat": _flat,
}
