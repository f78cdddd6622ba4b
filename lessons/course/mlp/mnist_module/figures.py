"""The figures of `mlp/mnist-module`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.mlp.mnist_module.facts import DRAWN, SLOPE
from lessons.format.drawings import Curve, Drawing, Hue, Line


def _leaky() -> Curve:
    return Curve(
        (
            Line(_("leaky"), lambda z: z if z > 0 else SLOPE * z),
            Line("ReLU", lambda z: max(0.0, z), Hue.INPUT),
        ),
        *DRAWN,
        "z",
        slope=Line(_("slope"), lambda z: 1.0 if z > 0 else SLOPE, Hue.DELTA),
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "leaky": _leaky,
}
