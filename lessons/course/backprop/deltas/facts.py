"""What the formulas of `backprop/deltas` speak of."""

from __future__ import annotations

from engine.formulas.notation import Notation
from lessons.course.layers import NETWORK

NOTATION = NETWORK

TWO_OUTPUTS = NETWORK.fixed("n", 3).defined("S_3 = 2", "", over="l")
"""Three layers, the last of two units."""

SCOPES = {
    "half_gone": TWO_OUTPUTS.defined("a = a^{(n)}", "S_3"),
    "one-output-only": TWO_OUTPUTS.defined("S_2 = 3", "", over="l"),
    # One output, of which only its value and its target are known.
    "deltas_low_output": (
        Notation()
        .given(a=0.3, y=0.8)
        .defined(r"z = \ln \frac{a}{1 - a}", "")
        .entrywise(r"\sigma", "sigmoid")
        .defined(r"L = \frac12 (\sigma(z) - y)^2", "")
        .defined(r"\delta = \frac{\partial L}{\partial z}", "")
    ),
}
