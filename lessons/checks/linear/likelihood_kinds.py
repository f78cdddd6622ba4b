"""A question of `linear/likelihood` that is answered by filling a formula in."""

from __future__ import annotations

from lessons.checks.base import CheckBook, Factor, FillQuestion
from lessons.course.linear.likelihood.facts import SCOPES

BOOK = CheckBook(
    "linear",
    predicts={
        "laplace_term": FillQuestion(
            formula=r"-\ln p(\epsilon) = \ln(2 s) + \square",
            factors=(
                Factor(
                    r"\frac{\epsilon^2}{2 s^2}",
                    "That is what the normal distribution leaves. Here the noise stands in the "
                    "power as it is, without a square.",
                    slip="squared-for-absolute",
                ),
                Factor(
                    r"\frac{|\epsilon|}{s}",
                    "The logarithm takes the power down, and its sign meets the sign in front.",
                ),
                Factor(
                    r"\left( -\frac{|\epsilon|}{s} \right)",
                    "The power has a minus, and the logarithm has one in front: together they "
                    "make a plus. A large noise must cost more, not less.",
                    slip="sign",
                ),
            ),
            notation=SCOPES["laplace_term"],
        ),
    },
)
