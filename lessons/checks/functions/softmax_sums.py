"""The checks of `functions/softmax` for sums over the Jacobian, and for the way back."""

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
from lessons.checks.functions.softmax import by_torch, kronecker, scores, softmax_torch
from lessons.checks.nets import sigmoid
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch

# --- sums of slopes -----------------------------------------------------------------------


def _jacobian(d: Draw) -> Array:
    """∂p_i / ∂z_j by autograd."""
    return by_autograd(softmax_torch, "z", d)


SOFTMAX_SUM_GRADIENT = DerivationCheck(
    draw=scores,
    left=Derivative(
        lambda t: softmax_torch(t).sum(), at="z", pick=lambda gradient, d: gradient[d.j]
    ),
    lines=(
        Line(
            value=lambda d: sum(_jacobian(d)[i, d.j] for i in range(4)),
            wrong=(lambda d: _jacobian(d)[d.j, d.j],),
            floor=1.0,
        ),
        Line(
            value=lambda d: sum(d.p[i] * ((i == d.j) - d.p[d.j]) for i in range(4)),
            wrong=(
                lambda d: sum(d.p[i] * ((i == d.j) + d.p[d.j]) for i in range(4)),
                lambda d: sum(d.p[i] * (1 - d.p[d.j]) for i in range(4)),
            ),
            floor=1.0,
        ),
        Line(
            value=lambda d: (
                sum(d.p[i] * (i == d.j) for i in range(4))
                - d.p[d.j] * sum(d.p[i] for i in range(4))
            ),
            wrong=(
                lambda d: (
                    sum(d.p[i] * (i == d.j) for i in range(4))
                    + d.p[d.j] * sum(d.p[i] for i in range(4))
                ),
            ),
            floor=1.0,
        ),
        Line(
            value=lambda d: d.p[d.j] - d.p[d.j] * sum(d.p[i] for i in range(4)),
            wrong=(lambda d: 1 - d.p[d.j] * sum(d.p[i] for i in range(4)),),
            floor=1.0,
        ),
        Line(
            value=lambda d: d.p[d.j] - d.p[d.j],
            wrong=(lambda d: d.p[d.j] - d.p[d.j] ** 2, lambda d: d.p[d.j] - 1),
            floor=1.0,
        ),
        Line(value=lambda _: 0.0, wrong=(lambda _: 1.0,), floor=1.0),
    ),
)

SOFTMAX_ROW = DerivationCheck(
    draw=scores,
    left=lambda d: sum(_jacobian(d)[d.i, j] for j in range(4)),
    lines=(
        Line(
            value=lambda d: sum(d.p[d.i] * ((d.i == j) - d.p[j]) for j in range(4)),
            wrong=(lambda d: sum(d.p[d.i] * ((d.i == j) - d.p[d.i]) ** 2 for j in range(4)),),
            floor=1.0,
        ),
        Line(
            value=lambda d: (
                d.p[d.i] * (sum(d.i == j for j in range(4)) - sum(d.p[j] for j in range(4)))
            ),
            wrong=(
                lambda d: (
                    d.p[d.i] * (sum(d.i == j for j in range(4)) + sum(d.p[j] for j in range(4)))
                ),
            ),
            floor=1.0,
        ),
        Line(
            value=lambda d: d.p[d.i] * (1 - 1),
            # The Kronecker delta summed as if it were always 1.
            wrong=(lambda d: d.p[d.i] * (4 - 1),),
            floor=1.0,
        ),
        Line(value=lambda _: 0.0, wrong=(lambda d: d.p[d.i],), floor=1.0),
    ),
)

# --- the way back -------------------------------------------------------------------------


def _loss(t: SimpleNamespace) -> torch.Tensor:
    """L = Σ_i g_i p_i: a loss whose slope in p_i is g_i."""
    found: torch.Tensor = (t.g * softmax_torch(t)).sum()
    return found


SOFTMAX_BACKWARD = DerivationCheck(
    draw=scores,
    left=Derivative(_loss, at="z"),
    lines=(
        Line(
            value=lambda d: sum(d.g[i] * _jacobian(d)[i] for i in range(4)),
            # One path only: z_j through its own probability.
            wrong=(lambda d: d.g * np.diag(_jacobian(d)),),
        ),
        Line(
            value=lambda d: sum(d.g[i] * d.p[i] * (kronecker(d)[i] - d.p) for i in range(4)),
            wrong=(lambda d: sum(d.g[i] * d.p[i] * (kronecker(d)[i] - d.p[i]) for i in range(4)),),
        ),
        Line(
            value=lambda d: d.g * d.p - d.p * sum(d.g[i] * d.p[i] for i in range(4)),
            wrong=(
                lambda d: d.g * d.p - d.p * sum(d.g[i] for i in range(4)),
                lambda d: d.g * d.p + d.p * sum(d.g[i] * d.p[i] for i in range(4)),
            ),
        ),
        Line(
            value=lambda d: d.p * (d.g - sum(d.g[i] * d.p[i] for i in range(4))),
            wrong=(
                lambda d: d.p * d.g,
                lambda d: d.p * (d.g - np.mean(d.g)),
            ),
        ),
    ),
)


def _two_classes(rng: np.random.Generator) -> Draw:
    """Scores of two classes."""
    return Draw(z=rng.uniform(-2, 2, size=2))


SOFTMAX_TWO = DerivationCheck(
    draw=_two_classes,
    left=lambda d: by_torch(d)[0],
    lines=(
        Line(
            value=lambda d: np.exp(d.z[0]) / (np.exp(d.z[0]) + np.exp(d.z[1])),
            wrong=(lambda d: np.exp(d.z[1]) / (np.exp(d.z[0]) + np.exp(d.z[1])),),
        ),
        Line(
            value=lambda d: 1 / (1 + np.exp(d.z[1] - d.z[0])),
            wrong=(lambda d: 1 / (1 + np.exp(d.z[0] - d.z[1])),),
        ),
        Line(
            value=lambda d: 1 / (1 + np.exp(-(d.z[0] - d.z[1]))),
            wrong=(lambda d: 1 / (1 + np.exp(-d.z[0] - d.z[1])),),
        ),
        Line(
            value=lambda d: sigmoid(d.z[0] - d.z[1]),
            wrong=(lambda d: sigmoid(d.z[1] - d.z[0]), lambda d: sigmoid(d.z[0])),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "softmax_sum_gradient": SOFTMAX_SUM_GRADIENT,
        "softmax_row": SOFTMAX_ROW,
        "softmax_backward": SOFTMAX_BACKWARD,
        "softmax_two": SOFTMAX_TWO,
    },
)
