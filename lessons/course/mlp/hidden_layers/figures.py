"""The figures of `mlp/hidden-layers`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.mlp.hidden_layers.facts import HAND_MADE, SQUARE
from lessons.format.drawings import Drawing, Net, Surface


def _by_hand(x1: float, x2: float) -> float:
    """The output of the two hidden units that the lesson makes by hand."""
    first, second = max(0.0, x1 + x2), max(0.0, x1 + x2 - 1)
    return first - 2 * second


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "two_layers": lambda: Net(HAND_MADE, layers=(_("input"), _("hidden"), _("output"))),
    "xor": lambda: Surface(_("output"), _by_hand, *SQUARE, x="x₁", y="x₂"),
}
