"""The figures of `linear/model`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.linear.model.facts import AREAS, ERRORS, HOUSE, PRICES, VALLEY, WEIGHTS
from lessons.format.drawings import Curve, Drawing, Hue, Line, Net, Surface


def _loss(w: float, b: float) -> float:
    errors = [w * x + b - y for x, y in zip(AREAS, PRICES, strict=True)]
    return sum(e * e for e in errors) / (2 * len(errors))


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "one_layer": lambda: Net(
        (len(HOUSE), 1), (HOUSE, (None,)), ((WEIGHTS,),), (_("features"), _("prediction"))
    ),
    "squared": lambda: Curve(
        (Line("ℓ", lambda e: e * e / 2, Hue.LOSS),), *ERRORS, "ŷ − y", tangent=ERRORS[1] / 2
    ),
    "valley": lambda: Surface("L(w, b)", _loss, *VALLEY, x="w", y="b"),
}
