"""The checks of `functions/regression-losses`: slopes and minima of the losses for numbers."""

from __future__ import annotations

from functools import partial
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
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _errors(rng: np.random.Generator) -> Draw:
    """Six errors of both signs, two inside and four outside of ±beta, none near 0 or ±beta."""
    beta = float(rng.uniform(1.3, 2.5))
    inside, outside = rng.uniform(0.2, 0.8, size=2) * beta, rng.uniform(1.2, 2, size=4) * beta
    sign = np.array([1, -1, 1, -1, 1, -1])
    return Draw(e=np.concatenate([inside, outside]) * sign, beta=beta)


def _predictions(rng: np.random.Generator) -> Draw:
    """Five predictions and true values that are not too near, and one sample k."""
    y = rng.normal(size=5)
    y_hat = y + rng.uniform(0.2, 2, size=5) * rng.choice([-1, 1], size=5)
    return Draw(y=y, y_hat=y_hat, k=int(rng.integers(5)))


ABSOLUTE_SLOPE = DerivationCheck(
    draw=_errors,
    left=Derivative(lambda t: t.e.abs().sum(), at="e"),
    lines=(
        Line(
            value=lambda d: by_autograd(lambda t: (t.e**2).sqrt().sum(), "e", d),
            wrong=(lambda d: by_autograd(lambda t: (t.e**2).sum().sqrt(), "e", d),),
        ),
        Line(
            value=lambda d: 1 / (2 * np.sqrt(d.e**2)) * (2 * d.e),
            wrong=(lambda d: 1 / (2 * np.sqrt(d.e**2)),),
        ),
        Line(value=lambda d: d.e / np.abs(d.e), wrong=(lambda d: np.abs(d.e) / np.abs(d.e),)),
        Line(value=lambda d: np.sign(d.e), wrong=(lambda d: np.ones(6), lambda d: -np.sign(d.e))),
    ),
)


def _absolute_mean(t: SimpleNamespace) -> torch.Tensor:
    """MAE by torch's own function."""
    from torch.nn import functional

    return functional.l1_loss(t.y_hat, t.y)


def _squared_mean(t: SimpleNamespace) -> torch.Tensor:
    """MSE by torch's own function."""
    from torch.nn import functional

    return functional.mse_loss(t.y_hat, t.y)


def _at_k(gradient: Array, d: Draw) -> Array:
    """The entry of sample k."""
    return np.asarray(gradient[..., d.k])


def _absolute_term(t: SimpleNamespace, i: int) -> torch.Tensor:
    """|ŷ_i − y_i| of one sample."""
    found: torch.Tensor = (t.y_hat[i] - t.y[i]).abs()
    return found


def _squared_term(t: SimpleNamespace, i: int) -> torch.Tensor:
    """(ŷ_i − y_i)² of one sample."""
    found: torch.Tensor = (t.y_hat[i] - t.y[i]) ** 2
    return found


MAE_SLOPE = DerivationCheck(
    draw=_predictions,
    left=Derivative(_absolute_mean, at="y_hat", pick=_at_k),
    lines=(
        Line(
            value=lambda d: (
                1
                / 5
                * sum(by_autograd(partial(_absolute_term, i=i), "y_hat", d)[d.k] for i in range(5))
            ),
            wrong=(
                lambda d: sum(
                    by_autograd(partial(_absolute_term, i=i), "y_hat", d)[d.k] for i in range(5)
                ),
            ),
        ),
        Line(
            value=lambda d: 1 / 5 * by_autograd(partial(_absolute_term, i=d.k), "y_hat", d)[d.k],
            wrong=(
                lambda d: 1 / 5 * by_autograd(partial(_absolute_term, i=d.k - 1), "y_hat", d)[d.k],
            ),
        ),
        Line(
            value=lambda d: 1 / 5 * np.sign(d.y_hat[d.k] - d.y[d.k]),
            wrong=(
                lambda d: 1 / 5 * np.sign(d.y[d.k] - d.y_hat[d.k]),
                lambda d: 2 / 5 * np.sign(d.y_hat[d.k] - d.y[d.k]),
            ),
        ),
    ),
)

MSE_SLOPE = DerivationCheck(
    draw=_predictions,
    left=Derivative(_squared_mean, at="y_hat", pick=_at_k),
    lines=(
        Line(
            value=lambda d: (
                1
                / 5
                * sum(by_autograd(partial(_squared_term, i=i), "y_hat", d)[d.k] for i in range(5))
            ),
            wrong=(
                lambda d: sum(
                    by_autograd(partial(_squared_term, i=i), "y_hat", d)[d.k] for i in range(5)
                ),
            ),
        ),
        Line(
            value=lambda d: 1 / 5 * by_autograd(partial(_squared_term, i=d.k), "y_hat", d)[d.k],
            wrong=(
                lambda d: 1 / 5 * by_autograd(partial(_squared_term, i=d.k - 1), "y_hat", d)[d.k],
            ),
        ),
        Line(
            value=lambda d: 2 / 5 * (d.y_hat[d.k] - d.y[d.k]),
            wrong=(
                lambda d: 1 / 5 * (d.y_hat[d.k] - d.y[d.k]),
                lambda d: 2 / 5 * (d.y[d.k] - d.y_hat[d.k]),
            ),
        ),
    ),
)

# --- the best constant --------------------------------------------------------------------


def _numbers(rng: np.random.Generator) -> Draw:
    """Seven numbers, and a constant c in the middle of a gap between two of them, not the "
    "median."""
    y = np.cumsum(rng.uniform(0.3, 1, size=7)) - 2
    place = int(rng.choice([0, 1, 4, 5]))
    return Draw(y=y, c=np.array((y[place] + y[place + 1]) / 2))


MSE_CONSTANT = DerivationCheck(
    draw=_numbers,
    left=Derivative(lambda t: ((t.c - t.y) ** 2).mean(), at="c"),
    lines=(
        Line(
            value=lambda d: 2 / 7 * sum(d.c - y for y in d.y),
            wrong=(lambda d: 2 / 7 * sum(y - d.c for y in d.y),),
        ),
        Line(
            value=lambda d: 2 * d.c - 2 * (1 / 7 * sum(d.y)),
            # c counted once where it stands n times.
            wrong=(lambda d: 2 / 7 * d.c - 2 * (1 / 7 * sum(d.y)),),
        ),
        Line(
            value=lambda d: 2 * (d.c - np.mean(d.y)),
            wrong=(lambda d: 2 * (d.c - np.sum(d.y)), lambda d: 2 * (d.c + np.mean(d.y))),
        ),
    ),
)

MAE_CONSTANT = DerivationCheck(
    draw=_numbers,
    left=Derivative(lambda t: (t.c - t.y).abs().mean(), at="c"),
    lines=(
        Line(
            value=lambda d: 1 / 7 * sum(np.sign(d.c - y) for y in d.y),
            wrong=(lambda d: 1 / 7 * sum(np.sign(y - d.c) for y in d.y),),
        ),
        Line(
            value=lambda d: 1 / 7 * (np.sum(d.y < d.c) * 1 + np.sum(d.y > d.c) * (-1)),
            wrong=(lambda d: 1 / 7 * (np.sum(d.y < d.c) * 1 + np.sum(d.y > d.c) * 1),),
        ),
        Line(
            value=lambda d: 1 / 7 * (float(np.sum(d.y < d.c)) - float(np.sum(d.y > d.c))),
            wrong=(lambda d: 1 / 7 * (float(np.sum(d.y > d.c)) - float(np.sum(d.y < d.c))),),
        ),
    ),
)

# --- smooth L1 and Huber ------------------------------------------------------------------


def _smooth(t: SimpleNamespace) -> torch.Tensor:
    """Smooth L1 by torch's own function, summed: entry i acts on term i only."""
    import torch
    from torch.nn import functional

    return functional.smooth_l1_loss(t.e, torch.zeros_like(t.e), beta=t.beta, reduction="sum")


def _smooth_cases(t: SimpleNamespace) -> torch.Tensor:
    """Smooth L1 by its two cases, summed."""
    import torch

    inside, outside = t.e**2 / (2 * t.beta), t.e.abs() - t.beta / 2
    return torch.where(t.e.abs() < t.beta, inside, outside).sum()


def _smooth_swapped(t: SimpleNamespace) -> torch.Tensor:
    """The parabola outside, the straight line inside."""
    import torch

    inside, outside = t.e**2 / (2 * t.beta), t.e.abs() - t.beta / 2
    return torch.where(t.e.abs() < t.beta, outside, inside).sum()


def _parts(d: Draw, inside: Array, outside: Array) -> Array:
    """`inside` where |e| < beta, else `outside`."""
    return np.where(np.abs(d.e) < d.beta, inside, outside)


SMOOTH_SLOPE = DerivationCheck(
    draw=_errors,
    left=Derivative(_smooth, at="e"),
    lines=(
        Line(
            value=lambda d: by_autograd(_smooth_cases, "e", d),
            wrong=(lambda d: by_autograd(_smooth_swapped, "e", d),),
        ),
        Line(
            value=lambda d: _parts(d, 2 * d.e / (2 * d.beta), np.sign(d.e)),
            wrong=(lambda d: _parts(d, 2 * d.e / (2 * d.beta), np.sign(d.e) - d.beta / 2),),
        ),
        Line(
            value=lambda d: _parts(d, d.e / d.beta, np.sign(d.e)),
            wrong=(
                lambda d: _parts(d, d.e / d.beta, np.ones(6)),
                # Huber's slope.
                lambda d: _parts(d, d.e, d.beta * np.sign(d.e)),
            ),
        ),
    ),
)

SMOOTH_JOINT = DerivationCheck(
    draw=_errors,
    left=lambda d: d.beta**2 / (2 * d.beta),
    lines=(
        Line(value=lambda d: d.beta / 2, wrong=(lambda d: d.beta**2 / 2,)),
        Line(
            value=lambda d: np.abs(d.beta) - d.beta / 2,
            wrong=(lambda d: np.abs(d.beta) - 1 / 2, lambda d: np.abs(d.beta) + d.beta / 2),
        ),
    ),
)


def _by_torch(d: Draw, name: str) -> Array:
    """Smooth L1 or Huber of each error by torch's own functions."""
    import torch
    from torch.nn import functional

    e = torch.tensor(d.e)
    zero = torch.zeros_like(e)
    if name == "huber":
        return np.asarray(functional.huber_loss(e, zero, delta=d.beta, reduction="none").numpy())
    return np.asarray(functional.smooth_l1_loss(e, zero, beta=d.beta, reduction="none").numpy())


HUBER_SMOOTH = DerivationCheck(
    draw=_errors,
    left=lambda d: d.beta * _by_torch(d, "smooth"),
    lines=(
        Line(
            value=lambda d: d.beta * _parts(d, d.e**2 / (2 * d.beta), np.abs(d.e) - d.beta / 2),
            wrong=(lambda d: _parts(d, d.e**2 / (2 * d.beta), np.abs(d.e) - d.beta / 2),),
        ),
        Line(
            value=lambda d: _parts(d, 0.5 * d.e**2, d.beta * (np.abs(d.e) - d.beta / 2)),
            # Only one of the two parts multiplied.
            wrong=(lambda d: _parts(d, 0.5 * d.e**2, np.abs(d.e) - d.beta / 2),),
        ),
        Line(
            value=lambda d: _by_torch(d, "huber"),
            wrong=(lambda d: _by_torch(d, "smooth"),),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "absolute_slope": ABSOLUTE_SLOPE,
        "mae_slope": MAE_SLOPE,
        "mse_slope": MSE_SLOPE,
        "mse_constant": MSE_CONSTANT,
        "mae_constant": MAE_CONSTANT,
        "smooth_slope": SMOOTH_SLOPE,
        "smooth_joint": SMOOTH_JOINT,
        "huber_smooth": HUBER_SMOOTH,
    },
)
