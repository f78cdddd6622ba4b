"""The figures of `functions/activations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.functions.activations.facts import DRAWN, PLACES
from lessons.course.functions.activations.values import lowest_at, slope_at, value_at
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _activation(name: str, at: float | None = None) -> Curve:
    """An activation above its slope, with the tangent at one place."""
    written = _NAMES.get(name, "f(z)")
    return Curve(
        (Line(written, lambda z: value_at(name, z)),),
        *DRAWN,
        "z",
        tangent=at,
        slope=Line(_("slope"), lambda z: slope_at(name, z), Hue.DELTA),
    )


_NAMES = {"sigmoid": "σ(z)", "tanh": "tanh z"}


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "sigmoid_alone": lambda: Curve(
        (Line(_NAMES["sigmoid"], lambda z: value_at("sigmoid", z)),), *DRAWN, "z"
    ),
    "sigmoid": lambda: _activation("sigmoid", PLACES["2"]),
    "tanh": lambda: _activation("tanh", PLACES["h"]),
    "relu": lambda: _activation("relu"),
    "leaky": lambda: _activation("leaky_relu"),
    "selu": lambda: _activation("selu"),
    "softplus": lambda: _activation("softplus", PLACES["0"]),
    "silu": lambda: _activation("silu", lowest_at("silu")),
    "gelu": lambda: _activation("gelu", lowest_at("gelu")),
}
