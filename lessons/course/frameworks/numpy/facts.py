"""What the formulas of `frameworks/numpy` speak of."""

from __future__ import annotations

from engine.formulas.world import World
from lessons.course.frameworks.two_layer import NETWORK, SIZED, by_hand


def _rate(_: World) -> float:
    """The learning rate of the recipe."""
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("two-layer-numpy").settings({})["lr"])


NOTATION = (
    NETWORK.defined(r"\mathbf{x} = X_{s,:}^\top", r"D_\mathrm{in} \times 1")
    .defined(r"\mathbf{z} = Z_{s,:}^\top", r"H \times 1")
    .computed(r"\eta", _rate)
    .defined(r"\sigma = \sqrt{D_\mathrm{in} \cdot 1}", "")
)

_SMALL = by_hand(0.0)
_ZERO = by_hand(1.0)

SCOPES = {
    "by_hand": _SMALL,
    "numpy_by_hand": _SMALL,
    "at_zero": _ZERO,
    "numpy_at_zero": _ZERO,
    "numpy_low_output": _SMALL,
    "numpy_spread": SIZED.defined(r"\sigma = \sqrt{D_\mathrm{in} \cdot 1}", ""),
    "sized": SIZED,
    "numpy_w1_shape": SIZED,
}
