"""The checks of `linear/model` for the best parameters: the normal equations, the one minimum."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Derivative,
    Draw,
    Line,
)
from lessons.checks.linear.model import FEATURES, SAMPLES, data

if TYPE_CHECKING:
    import torch

# --- the normal equations -----------------------------------------------------------------


def _fitted(rng: np.random.Generator) -> Draw:
    """The same data, with the best parameters `best` by NumPy's least squares (an SVD)."""
    draw = data(rng)
    draw.best = np.linalg.lstsq(draw.A, draw.y, rcond=None)[0]
    draw.r = draw.A @ draw.best - draw.y
    return draw


def _zero(_: Draw) -> Array:
    """The right side of the first two equations."""
    return np.zeros(FEATURES + 1)


NORMAL_EQUATIONS = DerivationCheck(
    draw=_fitted,
    left=_zero,
    # Each line is an equation of its own: its left side is compared with its right side.
    lines=(
        Line(
            value=lambda d: 1 / SAMPLES * d.A.T @ (d.A @ d.best - d.y),
            wrong=(lambda d: 1 / SAMPLES * d.A.T @ (d.A @ d.theta - d.y),),
            floor=1.0,
        ),
        Line(
            left=_zero,
            value=lambda d: d.A.T @ d.A @ d.best - d.A.T @ d.y,
            wrong=(lambda d: d.A.T @ d.A @ d.best + d.A.T @ d.y,),
            floor=1.0,
        ),
        Line(
            left=lambda d: d.A.T @ d.y,
            value=lambda d: d.A.T @ d.A @ d.best,
            wrong=(
                lambda d: -d.A.T @ d.A @ d.best,
                # A Aᵀ for Aᵀ A.
                lambda d: (d.A @ d.A.T)[:4, :4] @ d.best,
            ),
        ),
        Line(
            left=lambda d: d.best,
            value=lambda d: np.linalg.inv(d.A.T @ d.A) @ d.A.T @ d.y,
            wrong=(
                lambda d: np.linalg.inv(d.A.T @ d.A) @ d.y[:4],
                # Multiplied instead of solved.
                lambda d: d.A.T @ d.A @ d.A.T @ d.y,
            ),
        ),
    ),
)


def squared(values: Array) -> float:
    """‖values‖²."""
    return float(np.linalg.norm(values) ** 2)


GLOBAL_MINIMUM = DerivationCheck(
    draw=_fitted,
    left=lambda d: squared(d.A @ (d.best + d.v) - d.y),
    lines=(
        Line(
            value=lambda d: squared(d.r + d.A @ d.v),
            wrong=(lambda d: squared(d.r - d.y + d.A @ d.v),),
        ),
        Line(
            value=lambda d: squared(d.r) + 2 * d.r @ d.A @ d.v + squared(d.A @ d.v),
            # ‖r‖‖Av‖ where the inner product belongs.
            wrong=(
                lambda d: (
                    squared(d.r)
                    + 2 * np.linalg.norm(d.r) * np.linalg.norm(d.A @ d.v)
                    + squared(d.A @ d.v)
                ),
            ),
        ),
        Line(
            value=lambda d: squared(d.r) + 2 * (d.A.T @ d.r) @ d.v + squared(d.A @ d.v),
            wrong=(lambda d: squared(d.r) + 2 * (d.A[:4] @ d.best) @ d.v + squared(d.A @ d.v),),
        ),
        Line(
            value=lambda d: squared(d.r) + squared(d.A @ d.v),
            wrong=(
                lambda d: squared(d.r) + squared(d.v),
                lambda d: squared(d.r) - squared(d.A @ d.v),
            ),
        ),
    ),
)


def _line_data(rng: np.random.Generator) -> Draw:
    """One feature: x and y of six samples, a slope w and a bias b."""
    x, y = rng.normal(1, 1, size=6), rng.normal(size=6)
    return Draw(x=x, y=y, w=np.array(rng.uniform(0.5, 2)), b=np.array(rng.uniform(0.5, 2)))


def _line_loss(t: SimpleNamespace) -> torch.Tensor:
    """The mean of half the squared errors of a line."""
    found: torch.Tensor = 0.5 * ((t.w * t.x + t.b - t.y) ** 2).mean()
    return found


THROUGH_THE_MEAN = DerivationCheck(
    draw=_line_data,
    left=Derivative(_line_loss, at="b"),
    lines=(
        Line(
            value=lambda d: sum(d.w * x + d.b - y for x, y in zip(d.x, d.y, strict=True)) / 6,
            # The feature of the weight, where that of the bias is 1.
            wrong=(
                lambda d: sum((d.w * x + d.b - y) * x for x, y in zip(d.x, d.y, strict=True)) / 6,
            ),
        ),
        Line(
            value=lambda d: d.w * (sum(d.x) / 6) + d.b - sum(d.y) / 6,
            wrong=(lambda d: d.w * (sum(d.x) / 6) + d.b / 6 - sum(d.y) / 6,),
        ),
        Line(
            value=lambda d: d.w * np.mean(d.x) + d.b - np.mean(d.y),
            wrong=(lambda d: d.w * np.mean(d.x) - d.b - np.mean(d.y),),
        ),
    ),
)

BOOK = CheckBook(
    "linear",
    derivations={
        "normal_equations": NORMAL_EQUATIONS,
        "global_minimum": GLOBAL_MINIMUM,
        "through_the_mean": THROUGH_THE_MEAN,
    },
)
