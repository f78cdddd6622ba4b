"""A question of `linear/likelihood` that is answered by filling a formula in."""

from __future__ import annotations

import numpy as np

from engine.formulas.notation import Notation
from lessons.checks.base import CheckBook, Draw, Factor, FillQuestion


def _noise(rng: np.random.Generator) -> Draw:
    """Noises of both signs and of any size, and a width."""
    return Draw(e=rng.uniform(0.5, 3.0, size=6) * rng.choice([-1, 1], 6), s=rng.uniform(0.5, 2.0))


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
            notation=Notation(),
        ),
    },
)
