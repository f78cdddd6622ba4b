"""The checks of `backprop/deltas`: a question about the half of the loss."""

from __future__ import annotations

from lessons.checks.base import CheckBook, ChoiceQuestion, Option


def _half_cancels() -> int:
    """The option that is right: the derivative of ½(a − y)² is (a − y), the 2 meets the half."""
    a, y, h = 0.7, 0.2, 1e-6
    slope = (0.5 * (a + h - y) ** 2 - 0.5 * (a - h - y) ** 2) / (2 * h)
    return 1 if abs(slope - (a - y)) < 1e-9 else 0


BOOK = CheckBook(
    "backprop",
    predicts={
        "half_gone": ChoiceQuestion(
            options=(
                Option(
                    "It is so small that it can be left out.",
                    "A factor cannot be left out: the delta would be wrong by half.",
                    slip="no-half",
                    line=r"\delta_i^{(n)} = 2\,(a_i^{(n)} - y_i)\, \sigma'(z_i^{(n)})",
                    right_line=r"\delta_i^{(n)} = (a_i^{(n)} - y_i)\, \sigma'(z_i^{(n)})",
                ),
                Option(
                    "The derivative of the square brings a 2, and the two cancel.",
                    "That is what the half is there for. A loss without it has twice the "
                    "gradients.",
                    right=True,
                ),
                Option(
                    "It belongs to the first output only.",
                    "It stands before the sum, so it belongs to every output.",
                    slip="half-precedence",
                    line=r"L = \tfrac12 (a_1 - y_1)^2 + (a_2 - y_2)^2",
                    right_line=r"L = \tfrac12 \left( (a_1 - y_1)^2 + (a_2 - y_2)^2 \right)",
                ),
            ),
            proof=_half_cancels,
        ),
    },
)
