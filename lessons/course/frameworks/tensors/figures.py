"""The figures of `frameworks/tensors`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.format.drawings import Drawing, Hue, Matrix, Shapes

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "forward": lambda: Shapes(
        (
            Matrix("X", (N, D_IN), Hue.INPUT),
            Matrix("W⁽¹⁾", (D_IN, H), Hue.WEIGHT),
            Matrix("A", (N, H), Hue.COMPUTED),
            Matrix("W⁽²⁾", (H, D_OUT), Hue.WEIGHT),
            Matrix("Y", (N, D_OUT), Hue.COMPUTED),
        ),
        ("·", "→", "·", "→"),
    ),
    "layers": lambda: Shapes(
        (Matrix("X", (N, D_IN), Hue.INPUT), Matrix("A", (N, H)), Matrix("Y", (N, D_OUT))),
        ("→", "→"),
    ),
}
