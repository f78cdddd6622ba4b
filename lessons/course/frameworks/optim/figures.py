"""The figures of `frameworks/optim`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.labs.descent import OPTIMISERS, SAMPLES, W1_LIMITS, W2_LIMITS, begin, surface
from engine.language import _
from lessons.course.frameworks.optim.facts import (
    COSINE_STEPS,
    DRAWN_STEPS,
    START,
    STEPLR_EVERY,
    STEPLR_FACTOR,
    STEPLR_START,
)
from lessons.format.drawings import Curve, Drawing, Hue, Line, Surface


def _path(name: str) -> Surface:
    """The surface of the lab, and the path of one rule with its usual rate."""
    run = begin(name, START, SAMPLES).stepped(DRAWN_STEPS)
    found = surface()
    return Surface(
        f"L · {OPTIMISERS[name].title}",
        lambda w1, w2: found.mean_loss((w1, w2)),
        W1_LIMITS,
        W2_LIMITS,
        path=tuple(place.w for place in run.path),
        lowest=found.lowest,
    )


def _schedules() -> Curve:
    return Curve(
        (
            Line(
                "StepLR", lambda t: STEPLR_START * STEPLR_FACTOR ** (t // STEPLR_EVERY), Hue.WEIGHT
            ),
            Line(
                _("cosine"), lambda t: STEPLR_START / 2 * (1 + math.cos(math.pi * t / COSINE_STEPS))
            ),
        ),
        0,
        COSINE_STEPS,
        "t",
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "gd": lambda: _path("gd"),
    "momentum": lambda: _path("momentum"),
    "schedules": _schedules,
}
