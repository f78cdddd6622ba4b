"""The figures of `frameworks/nn`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.recipes.two_layer_sizes import D_IN, H, N
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "layouts": lambda: Shapes(
        (
            Matrix("X", (N, D_IN), Hue.INPUT),
            Matrix("Vᵀ", (D_IN, H), Hue.WEIGHT),
            Matrix("Z", (N, H), Hue.COMPUTED),
        ),
        ("·", "="),
    ),
}
