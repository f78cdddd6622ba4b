"""The figures of `functions/stability`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.functions.stability.facts import DRAWN
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _soft_maximum(z: float) -> float:
    """Log-sum-exp of z and 0, with the largest taken out."""
    m = max(z, 0.0)
    return m + math.log(math.exp(z - m) + math.exp(-m))


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "soft_maximum": lambda: Curve(
        (
            Line("ln Σ exp", _soft_maximum),
            Line(_("maximum"), lambda z: max(z, 0.0), Hue.INPUT),
        ),
        *DRAWN,
        "z₁",
    ),
}
