"""What the formulas of `backprop/deltas` speak of."""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulas.notation import Notation
from engine.formulas.proving import value_of
from lessons.course.layers import NETWORK, WORKED
from lessons.judge.values import Choice, Fill, QuestionValues, Sign

DRAWN_TARGET, DRAWN_AT, DRAWN_RANGE = 0.0, 1.0, (-4.0, 4.0)
"""Target and input of the unit whose loss is drawn, and the inputs that are shown."""

NOTATION = NETWORK


TWO_OUTPUTS = NETWORK.fixed("n", 3).defined("S_3 = 2", "", over="l")
"""Three layers, the last of two units."""


SCOPES = {
    "output_delta/numbers": WORKED,
    "second_to_last_delta/numbers": WORKED,
    "half_gone": TWO_OUTPUTS.defined("a = a^{(n)}", "S_3"),
    "one-output-only": TWO_OUTPUTS.defined("S_2 = 3", "", over="l"),
    # One output, of which only its value and its target are known.
    "deltas_low_output": (
        Notation()
        .fixed("a", 0.3)
        .fixed("y", 0.8)
        .defined(r"z = \ln \frac{a}{1 - a}", "")
        .entrywise(r"\sigma", "sigmoid")
        .defined(r"L = \frac12 (\sigma(z) - y)^2", "")
        .defined(r"\delta = \frac{\partial L}{\partial z}", "")
    ),
}


def _half_cancels() -> int:
    """The option that is right: the derivative of ½(a − y)² is (a − y), the 2 meets the half."""
    a, y, h = 0.7, 0.2, 1e-6
    slope = (0.5 * (a + h - y) ** 2 - 0.5 * (a - h - y) ** 2) / (2 * h)
    return 1 if abs(slope - (a - y)) < 1e-9 else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "half_gone": Choice(_half_cancels),
    "deltas_low_output": Sign(lambda: value_of(r"\delta", SCOPES["deltas_low_output"])),
    "deltas_missing_weight": Fill(NOTATION),
}
