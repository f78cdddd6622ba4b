"""The derivations of `frameworks/optim`: each rule against torch.optim and against the recipe."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import CheckBook, DerivationCheck, Draw, Line, NumberCheck
from lessons.checks.optimiser_rules import (
    ALPHA,
    BETA,
    BETA1,
    BETA2,
    EPSILON,
    by_scratch,
    by_torch,
    ones,
    weighted,
)

UPDATES = 6
RATE = 0.1
NEGLIGIBLE = 1e-6
"""Where ε is left out: it is below 10⁻⁶ of what it stands beside, as all |g| are above 0.3."""


def _gradients(rng: np.random.Generator) -> Draw:
    """Gradients of one weight, none near 0, and one that stays the same."""
    signs = rng.choice([-1.0, 1.0], size=UPDATES)
    g = rng.uniform(0.3, 2.0, size=UPDATES) * signs
    return Draw(g=g, constant=float(g[0]), t=UPDATES)


# --- momentum -----------------------------------------------------------------------------


def _velocity(d: Draw, count: int) -> float:
    """v after `count` updates by the rule from scratch."""
    return by_scratch("momentum", d.g[:count], RATE).memory["velocity/w"]


MOMENTUM_SUM = DerivationCheck(
    draw=_gradients,
    left=lambda d: by_torch("momentum", d.g, RATE).memory["momentum_buffer"],
    lines=(
        Line(
            value=lambda d: BETA * _velocity(d, d.t - 1) + d.g[-1],
            # A mean in place of the sum.
            wrong=(lambda d: BETA * _velocity(d, d.t - 1) + (1 - BETA) * d.g[-1],),
        ),
        Line(
            value=lambda d: BETA**2 * _velocity(d, d.t - 2) + BETA * d.g[-2] + d.g[-1],
            wrong=(
                lambda d: BETA * _velocity(d, d.t - 2) + BETA * d.g[-2] + d.g[-1],
                lambda d: BETA**2 * _velocity(d, d.t - 2) + d.g[-2] + d.g[-1],
            ),
        ),
        Line(
            value=lambda d: weighted(BETA, d.g),
            # The oldest gradient counted most.
            wrong=(
                lambda d: weighted(BETA, d.g[::-1]),
                lambda d: float(d.g.sum()),
            ),
        ),
    ),
)

MOMENTUM_LIMIT = DerivationCheck(
    draw=_gradients,
    left=lambda d: by_torch("momentum", d.constant * ones(d.t), RATE).memory["momentum_buffer"],
    lines=(
        Line(
            value=lambda d: sum(BETA**power for power in range(d.t)) * d.constant,
            # One power too many.
            wrong=(lambda d: sum(BETA**power for power in range(d.t + 1)) * d.constant,),
        ),
        Line(
            value=lambda d: (1 - BETA**d.t) / (1 - BETA) * d.constant,
            wrong=(
                lambda d: (1 - BETA ** (d.t - 1)) / (1 - BETA) * d.constant,
                lambda d: (1 - BETA**d.t) * d.constant,
            ),
        ),
    ),
)


# --- RMSProp ------------------------------------------------------------------------------


def _square(d: Draw, count: int) -> float:
    """s after `count` updates of RMSProp by the rule from scratch."""
    return by_scratch("rmsprop", d.g[:count], RATE).memory["square/w"]


SQUARE_MEAN = DerivationCheck(
    draw=_gradients,
    left=lambda d: by_torch("rmsprop", d.g, RATE).memory["square_avg"],
    lines=(
        Line(
            value=lambda d: ALPHA * _square(d, d.t - 1) + (1 - ALPHA) * d.g[-1] ** 2,
            wrong=(
                lambda d: ALPHA * _square(d, d.t - 1) + d.g[-1] ** 2,
                lambda d: ALPHA * _square(d, d.t - 1) + (1 - ALPHA) * abs(d.g[-1]),
            ),
        ),
        Line(
            value=lambda d: (1 - ALPHA) * weighted(ALPHA, d.g**2),
            wrong=(
                lambda d: weighted(ALPHA, d.g**2),
                # The mean squared, in place of the mean of the squares.
                lambda d: (1 - ALPHA) * weighted(ALPHA, d.g) ** 2,
            ),
        ),
    ),
)

RMSPROP_FIRST = DerivationCheck(
    draw=_gradients,
    left=lambda d: by_torch("rmsprop", d.g[:1], RATE).move,
    lines=(
        Line(
            value=lambda d: -RATE * d.g[0] / (np.sqrt(_square(d, 1)) + EPSILON),
            # The root forgotten; uphill.
            wrong=(
                lambda d: -RATE * d.g[0] / (_square(d, 1) + EPSILON),
                lambda d: RATE * d.g[0] / (np.sqrt(_square(d, 1)) + EPSILON),
            ),
        ),
        Line(
            value=lambda d: -RATE * d.g[0] / (np.sqrt(1 - ALPHA) * abs(d.g[0]) + EPSILON),
            wrong=(lambda d: -RATE * d.g[0] / ((1 - ALPHA) * abs(d.g[0]) + EPSILON),),
        ),
        Line(
            value=lambda d: -RATE / np.sqrt(1 - ALPHA) * np.sign(d.g[0]),
            wrong=(
                lambda d: -RATE / np.sqrt(1 - ALPHA) * d.g[0],
                lambda d: -RATE * np.sign(d.g[0]),
            ),
            tolerance=NEGLIGIBLE,
        ),
    ),
)


# --- Adam ---------------------------------------------------------------------------------


def _corrected_mean(d: Draw) -> float:
    """m̂ as torch must have computed it: read from how far Adam moved, −η m̂ / (√ŝ + ε)."""
    seen = by_torch("adam", d.g, RATE)
    s_hat = seen.memory["exp_avg_sq"] / (1 - BETA2**d.t)
    return -seen.move / RATE * (float(np.sqrt(s_hat)) + EPSILON)


def _mean(d: Draw, count: int) -> float:
    """m after `count` updates of Adam by the rule from scratch."""
    return by_scratch("adam", d.g[:count], RATE).memory["mean/w"]


def _mean_of_squares(d: Draw, count: int) -> float:
    return by_scratch("adam", d.g[:count], RATE).memory["square/w"]


BIAS_CORRECTION = DerivationCheck(
    draw=_gradients,
    left=_corrected_mean,
    lines=(
        Line(
            value=lambda d: _mean(d, d.t) / (1 - BETA1**d.t),
            # Not corrected; corrected as if after the first update.
            wrong=(lambda d: _mean(d, d.t), lambda d: _mean(d, d.t) / (1 - BETA1)),
        ),
        Line(
            value=lambda d: (1 - BETA1) * weighted(BETA1, d.g) / (1 - BETA1**d.t),
            wrong=(lambda d: weighted(BETA1, d.g) / (1 - BETA1**d.t),),
        ),
        Line(
            value=lambda d: (
                (1 - BETA1) * weighted(BETA1, d.g) / ((1 - BETA1) * weighted(BETA1, ones(d.t)))
            ),
            wrong=(lambda d: (1 - BETA1) * weighted(BETA1, d.g) / weighted(BETA1, ones(d.t)),),
        ),
        Line(
            value=lambda d: weighted(BETA1, d.g) / weighted(BETA1, ones(d.t)),
            # The plain mean; the weights turned round.
            wrong=(
                lambda d: float(d.g.mean()),
                lambda d: weighted(BETA1, d.g[::-1]) / weighted(BETA1, ones(d.t)),
            ),
        ),
    ),
)


def _adam_ratio(d: Draw, corrected: bool = True) -> float:
    """m̂₁ / (√ŝ₁ + ε) of the rule from scratch, or the same without the corrections."""
    m, s = _mean(d, 1), _mean_of_squares(d, 1)
    if corrected:
        m, s = m / (1 - BETA1), s / (1 - BETA2)
    return m / (float(np.sqrt(s)) + EPSILON)


ADAM_FIRST = DerivationCheck(
    draw=_gradients,
    left=lambda d: by_torch("adam", d.g[:1], RATE).move,
    lines=(
        Line(
            value=lambda d: -RATE * _adam_ratio(d),
            wrong=(lambda d: -RATE * _adam_ratio(d, corrected=False),),
        ),
        Line(
            value=lambda d: -RATE * d.g[0] / (np.sqrt(d.g[0] ** 2) + EPSILON),
            wrong=(lambda d: -RATE * d.g[0] / (d.g[0] ** 2 + EPSILON),),
        ),
        Line(
            value=lambda d: -RATE * np.sign(d.g[0]),
            wrong=(lambda d: -RATE * d.g[0], lambda d: RATE * np.sign(d.g[0])),
            tolerance=NEGLIGIBLE,
        ),
    ),
)


BOOK = CheckBook(
    "frameworks",
    derivations={
        "optim_momentum_sum": MOMENTUM_SUM,
        "optim_momentum_limit": MOMENTUM_LIMIT,
        "optim_square_mean": SQUARE_MEAN,
        "optim_rmsprop_first": RMSPROP_FIRST,
        "optim_bias_correction": BIAS_CORRECTION,
        "optim_adam_first": ADAM_FIRST,
    },
    numbers={
        "optim_gain": NumberCheck(
            lambda: by_torch("momentum", ones(400), RATE).memory["momentum_buffer"]
        ),
        "optim_hundred": NumberCheck(lambda: ALPHA**100),
        "optim_five": NumberCheck(
            lambda: by_torch("momentum", ones(5), RATE).memory["momentum_buffer"]
        ),
    },
)
