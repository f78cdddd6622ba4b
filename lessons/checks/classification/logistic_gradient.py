"""The checks of `classification/logistic`: gradients, the accuracy's missing one, log-odds."""

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
from lessons.checks.classification.logistic import SAMPLES, samples
from lessons.checks.nets import sigmoid, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _losses(t: SimpleNamespace) -> torch.Tensor:
    """−y ln ŷ − (1 − y) ln(1 − ŷ) of each sample, from X, w and b, by PyTorch's own function."""
    import torch

    found: torch.Tensor = torch.nn.functional.binary_cross_entropy_with_logits(
        t.X @ t.w + t.b, t.y, reduction="none"
    )
    return found


def losses_from_scores(t: SimpleNamespace) -> torch.Tensor:
    """The loss of each sample, from z."""
    import torch

    found: torch.Tensor = torch.nn.functional.binary_cross_entropy_with_logits(
        t.z, t.y, reduction="none"
    )
    return found


def own_score(derivative: Array, _: Draw) -> Array:
    """∂ℓ/∂z of each sample: the diagonal, because no sample knows the others' scores."""
    return np.diag(derivative)


# --- labels −1 and +1 ---------------------------------------------------------------------

SIGNED_SLOPE = DerivationCheck(
    draw=samples,
    left=Derivative(lambda t: (1 + (-t.t * t.z).exp()).log(), at="z", pick=own_score),
    lines=(
        Line(
            lambda d: -d.t * np.exp(-d.t * d.z) / (1 + np.exp(-d.t * d.z)),
            (
                # The inner derivative forgotten.
                lambda d: np.exp(-d.t * d.z) / (1 + np.exp(-d.t * d.z)),
                lambda d: -d.t / (1 + np.exp(-d.t * d.z)),
            ),
        ),
        Line(lambda d: -d.t * sigmoid(-d.t * d.z), (lambda d: -d.t * sigmoid(d.t * d.z),)),
        Line(lambda d: d.p - d.y, (lambda d: d.y - d.p, lambda d: d.p - d.t)),
    ),
)


# --- the gradient -------------------------------------------------------------------------


def _score_by_weight(d: Draw) -> Array:
    """∂z/∂w_j of each sample, shape (6, 3), by autograd."""
    return by_autograd(lambda t: t.X @ t.w + t.b, "w", d)


def _probability_by_score(d: Draw) -> Array:
    """∂ŷ/∂z of each sample as a column, by autograd."""
    return np.diag(by_autograd(lambda t: t.z.sigmoid(), "z", d))[:, None]


def _loss_by_probability(d: Draw) -> Array:
    """∂ℓ/∂ŷ of each sample as a column, by autograd."""
    losses = by_autograd(lambda t: -t.y * t.p.log() - (1 - t.y) * (1 - t.p).log(), "p", d)
    return np.diag(losses)[:, None]


def _column(values: Array) -> Array:
    return np.asarray(values)[:, None]


def _slope(d: Draw) -> Array:
    return _column(d.p * (1 - d.p))


GRADIENT = DerivationCheck(
    draw=samples,
    left=Derivative(_losses, at="w"),
    lines=(
        Line(
            lambda d: _loss_by_probability(d) * _probability_by_score(d) * _score_by_weight(d),
            (lambda d: _loss_by_probability(d) * _score_by_weight(d),),
        ),
        Line(
            lambda d: (
                _column(-d.y / d.p + (1 - d.y) / (1 - d.p))
                * _probability_by_score(d)
                * _score_by_weight(d)
            ),
            (
                # The inner derivative of 1 − ŷ forgotten.
                lambda d: (
                    _column(-d.y / d.p - (1 - d.y) / (1 - d.p))
                    * _probability_by_score(d)
                    * _score_by_weight(d)
                ),
            ),
        ),
        Line(
            lambda d: (
                _column((d.p - d.y) / (d.p * (1 - d.p)))
                * _probability_by_score(d)
                * _score_by_weight(d)
            ),
            (
                lambda d: (
                    _column((d.y - d.p) / (d.p * (1 - d.p)))
                    * _probability_by_score(d)
                    * _score_by_weight(d)
                ),
            ),
        ),
        Line(
            lambda d: _column((d.p - d.y) / (d.p * (1 - d.p))) * _slope(d) * _score_by_weight(d),
            # σ′ at the probability, where it belongs at the score.
            (
                lambda d: (
                    _column((d.p - d.y) / (d.p * (1 - d.p)) * sigmoid_slope(d.p))
                    * _score_by_weight(d)
                ),
            ),
        ),
        Line(
            lambda d: _column(d.p - d.y) * _score_by_weight(d),
            (lambda d: _column(d.p - d.y) * _slope(d) * _score_by_weight(d),),
        ),
        Line(
            lambda d: _column(d.p - d.y) * d.X,
            (lambda d: _column(d.y - d.p) * d.X, lambda d: _column(d.p - d.y) * d.w),
        ),
    ),
)

SHORT_WAY = DerivationCheck(
    draw=samples,
    left=Derivative(losses_from_scores, at="z", pick=own_score),
    lines=(
        Line(
            lambda d: np.diag(by_autograd(lambda t: (1 + t.z.exp()).log() - t.y * t.z, "z", d)),
            (lambda d: np.diag(by_autograd(lambda t: (1 + t.z.exp()).log() - t.z, "z", d)),),
        ),
        Line(
            lambda d: np.exp(d.z) / (1 + np.exp(d.z)) - d.y,
            (
                lambda d: 1 / (1 + np.exp(d.z)) - d.y,
                lambda d: np.exp(d.z) / (1 + np.exp(d.z)) - d.y * d.z,
            ),
        ),
        Line(lambda d: sigmoid(d.z) - d.y, (lambda d: d.y - sigmoid(d.z),)),
        Line(lambda d: d.p - d.y, (lambda d: d.z - d.y, lambda d: sigmoid_slope(d.z) - d.y)),
    ),
)


def _mean_loss(t: SimpleNamespace) -> torch.Tensor:
    return _losses(t).mean()


def _summed_rows(d: Draw) -> Array:
    total = np.zeros(3)
    for i in range(SAMPLES):
        total += (d.p[i] - d.y[i]) * d.X[i]
    return total / SAMPLES


BATCH_GRADIENT = DerivationCheck(
    draw=samples,
    left=Derivative(_mean_loss, at="w"),
    lines=(
        Line(
            lambda d: by_autograd(_losses, "w", d).sum(axis=0) / SAMPLES,
            (lambda d: by_autograd(_losses, "w", d).sum(axis=0),),
        ),
        Line(_summed_rows, (lambda d: -_summed_rows(d), lambda d: SAMPLES * _summed_rows(d))),
        Line(
            lambda d: d.X.T @ (d.p - d.y) / SAMPLES,
            (lambda d: d.X[:3] @ (d.p - d.y)[:3] / SAMPLES, lambda d: d.X.T @ (d.y - d.p)),
        ),
        Line(
            lambda d: np.sum(d.p - d.y) / SAMPLES,
            (lambda d: np.sum(d.p - d.y), lambda d: np.sum((d.p - d.y) * d.z) / SAMPLES),
            left=Derivative(_mean_loss, at="b"),
        ),
    ),
)


# --- accuracy has no slope ----------------------------------------------------------------


def _near_no_sample(rng: np.random.Generator) -> Draw:
    """A weight and bias, a step `h` that takes no sample over the threshold, one that takes one.

    `c` is the weight at which the sample `s` stands on the threshold, and `h` is smaller than a
    quarter of the way from `c` to the next such weight and from `w` to the nearest.
    """
    draw = samples(rng)
    x = rng.uniform(1, 2, size=SAMPLES).cumsum()  # positive and apart
    b = -float(rng.uniform(2, 4))
    crossings = -b / x
    s = int(rng.integers(1, SAMPLES - 1))
    c = float(crossings[s])
    w = (c + float(crossings[s + 1])) / 2
    others = np.abs(np.delete(crossings, s) - c).min()
    h = min(float(others), float(np.abs(crossings - w).min())) / 4
    draw.x, draw.b, draw.s, draw.c, draw.w, draw.h = x, b, s, c, w, h
    return draw


def _right(d: Draw, w: float) -> Array:
    """I{predicted = y} of every sample at weight w."""
    return np.asarray((w * d.x + d.b > 0) == (d.y == 1), dtype=np.float64)


def _entropy_quotient(d: Draw) -> float:
    """The same quotient for the cross entropy: what a learner would expect of a slope."""

    def loss(w: float) -> float:
        z = w * d.x + d.b
        return float(np.mean(np.logaddexp(0, z) - d.y * z))

    return float((loss(d.w + d.h) - loss(d.w)) / d.h)


def _jump(d: Draw) -> float:
    """How the accuracy changes from just below the crossing to just above it."""
    return float(_right(d, d.c + d.h).mean() - _right(d, d.c - d.h).mean())


ACCURACY = DerivationCheck(
    draw=_near_no_sample,
    left=lambda d: (np.mean(_right(d, d.w + d.h)) - np.mean(_right(d, d.w))) / d.h,
    lines=(
        Line(
            lambda d: np.sum(_right(d, d.w + d.h) - _right(d, d.w)) / (SAMPLES * d.h),
            (_entropy_quotient,),
            floor=1.0,
        ),
        Line(lambda d: 0.0, (_entropy_quotient,), floor=1.0),
        Line(
            lambda d: (_right(d, d.c + d.h) - _right(d, d.c - d.h))[d.s] / SAMPLES,
            (lambda d: (_right(d, d.c + d.h) - _right(d, d.c - d.h))[d.s],),
            left=_jump,
        ),
        Line(
            lambda d: (2 * d.y[d.s] - 1) / SAMPLES,
            (lambda d: (1 - 2 * d.y[d.s]) / SAMPLES, lambda d: 0.0),
        ),
    ),
)


# --- why it is called regression ----------------------------------------------------------

LOG_ODDS = DerivationCheck(
    draw=samples,
    left=lambda d: np.log(d.p / (1 - d.p)),
    lines=(
        Line(
            lambda d: np.log(sigmoid(d.z) / sigmoid(-d.z)),
            (lambda d: np.log(sigmoid(-d.z) / sigmoid(d.z)),),
        ),
        Line(
            lambda d: np.log((1 + np.exp(d.z)) / (1 + np.exp(-d.z))),
            (lambda d: np.log((1 + np.exp(-d.z)) / (1 + np.exp(d.z))),),
        ),
        Line(
            lambda d: np.log(np.exp(d.z) * (np.exp(-d.z) + 1) / (1 + np.exp(-d.z))),
            (lambda d: np.log((np.exp(d.z) * np.exp(-d.z) + 1) / (1 + np.exp(-d.z))),),
        ),
        Line(lambda d: np.log(np.exp(d.z)), (lambda d: np.log(1 + np.exp(d.z)),)),
        Line(lambda d: d.X @ d.w + d.b, (lambda d: d.X @ d.w, lambda d: -(d.X @ d.w + d.b))),
    ),
)

SQUARED_SLOPE = DerivationCheck(
    draw=samples,
    left=Derivative(lambda t: 0.5 * (t.z.sigmoid() - t.y) ** 2, at="z", pick=own_score),
    lines=(
        Line(
            lambda d: (d.p - d.y) * _probability_by_score(d)[:, 0],
            (lambda d: 0.5 * (d.p - d.y) * _probability_by_score(d)[:, 0],),
        ),
        Line(
            lambda d: (d.p - d.y) * d.p * (1 - d.p),
            (lambda d: d.p - d.y, lambda d: (d.p - d.y) * (1 - d.p)),
        ),
    ),
)


BOOK = CheckBook(
    "classification",
    derivations={
        "signed_slope": SIGNED_SLOPE,
        "logistic_gradient": GRADIENT,
        "logistic_short_way": SHORT_WAY,
        "logistic_batch_gradient": BATCH_GRADIENT,
        "accuracy_slope": ACCURACY,
        "log_odds": LOG_ODDS,
        "squared_error_slope": SQUARED_SLOPE,
    },
)
