"""The checks of `functions/stability`: subtracting the maximum, log-sum-exp, log-softmax."""

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
from lessons.checks.nets import sigmoid
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _scores(rng: np.random.Generator) -> Draw:
    """Scores of four classes, their maximum m at place t, and a class i.

    They stay small enough for the formulas that overflow.
    """
    z = rng.uniform(-1.5, 1.5, size=4)
    e = np.exp(z)
    t = int(np.argmax(z))
    return Draw(z=z, m=float(z.max()), t=t, p=e / e.sum(), i=int(rng.integers(4)))


def _exp_sum(d: Draw) -> float:
    """Σ_k exp(z_k), term by term."""
    return float(sum(np.exp(z) for z in d.z))


def _shifted_sum(d: Draw) -> float:
    """Σ_k exp(z_k − m), term by term."""
    return float(sum(np.exp(z - d.m) for z in d.z))


def _softmax_by_torch(d: Draw) -> Array:
    """All probabilities by torch's own function."""
    import torch

    return np.asarray(torch.tensor(d.z).softmax(dim=0).numpy())


STABLE_SOFTMAX = DerivationCheck(
    draw=_scores,
    left=_softmax_by_torch,
    lines=(
        Line(
            value=lambda d: np.exp(d.z) / _exp_sum(d),
            wrong=(lambda d: np.exp(-d.z) / _exp_sum(d),),
        ),
        Line(
            value=lambda d: np.exp(d.m + d.z - d.m) / sum(np.exp(d.m + z - d.m) for z in d.z),
            # Taken away without being added.
            wrong=(lambda d: np.exp(d.z - d.m) / sum(np.exp(d.m + z - d.m) for z in d.z),),
        ),
        Line(
            value=lambda d: (
                np.exp(d.m) * np.exp(d.z - d.m) / sum(np.exp(d.m) * np.exp(z - d.m) for z in d.z)
            ),
            wrong=(
                lambda d: (
                    (np.exp(d.m) + np.exp(d.z - d.m))
                    / sum(np.exp(d.m) + np.exp(z - d.m) for z in d.z)
                ),
            ),
        ),
        Line(
            value=lambda d: np.exp(d.m) * np.exp(d.z - d.m) / (np.exp(d.m) * _shifted_sum(d)),
            wrong=(
                lambda d: np.exp(d.m) * np.exp(d.z - d.m) / (np.exp(4 * d.m) * _shifted_sum(d)),
            ),
        ),
        Line(
            value=lambda d: np.exp(d.z - d.m) / _shifted_sum(d),
            wrong=(
                lambda d: np.exp(d.z - d.m) / _exp_sum(d),
                # Divided by the maximum instead of shifted by it.
                lambda d: np.exp(d.z / d.m) / sum(np.exp(z / d.m) for z in d.z),
            ),
        ),
    ),
)

TAME_SUM = DerivationCheck(
    draw=_scores,
    left=_shifted_sum,
    lines=(
        Line(
            value=lambda d: (
                np.exp(d.z[d.t] - d.m) + sum(np.exp(d.z[k] - d.m) for k in range(4) if k != d.t)
            ),
            wrong=(lambda d: np.exp(d.z[d.t] - d.m) + sum(np.exp(z - d.m) for z in d.z),),
        ),
        Line(
            value=lambda d: 1 + sum(np.exp(d.z[k] - d.m) for k in range(4) if k != d.t),
            wrong=(lambda d: 0 + sum(np.exp(d.z[k] - d.m) for k in range(4) if k != d.t),),
        ),
    ),
)

LOG_SOFTMAX = DerivationCheck(
    draw=_scores,
    left=lambda d: np.log(_softmax_by_torch(d)),
    lines=(
        Line(
            value=lambda d: np.log(np.exp(d.z) / _exp_sum(d)),
            wrong=(lambda d: np.log(np.exp(d.z)) / _exp_sum(d),),
        ),
        Line(
            value=lambda d: np.log(np.exp(d.z)) - np.log(_exp_sum(d)),
            wrong=(
                lambda d: np.log(np.exp(d.z)) / np.log(_exp_sum(d)),
                # The logarithm of a sum is no sum of logarithms.
                lambda d: np.log(np.exp(d.z)) - sum(np.log(np.exp(z)) for z in d.z),
            ),
        ),
        Line(
            value=lambda d: d.z - np.log(_exp_sum(d)),
            wrong=(lambda d: d.z + np.log(_exp_sum(d)), lambda d: d.z - _exp_sum(d)),
        ),
    ),
)

LOG_SUM_EXP = DerivationCheck(
    draw=_scores,
    left=lambda d: np.log(_exp_sum(d)),
    lines=(
        Line(
            value=lambda d: np.log(sum(np.exp(d.m) * np.exp(z - d.m) for z in d.z)),
            wrong=(lambda d: np.log(sum(np.exp(d.m) + np.exp(z - d.m) for z in d.z)),),
        ),
        Line(
            value=lambda d: np.log(np.exp(d.m) * _shifted_sum(d)),
            wrong=(lambda d: np.log(np.exp(d.m) ** 4 * _shifted_sum(d)),),
        ),
        Line(
            value=lambda d: np.log(np.exp(d.m)) + np.log(_shifted_sum(d)),
            wrong=(lambda d: np.log(np.exp(d.m)) * np.log(_shifted_sum(d)),),
        ),
        Line(
            value=lambda d: d.m + np.log(_shifted_sum(d)),
            wrong=(
                lambda d: np.log(_shifted_sum(d)),
                lambda d: d.m * np.log(_shifted_sum(d)),
            ),
        ),
    ),
)

STABLE_LOG_SOFTMAX = DerivationCheck(
    draw=_scores,
    left=lambda d: np.log(_softmax_by_torch(d)),
    lines=(
        Line(
            value=lambda d: d.z - np.log(_exp_sum(d)),
            wrong=(lambda d: np.exp(d.z) - np.log(_exp_sum(d)),),
        ),
        Line(
            value=lambda d: d.z - (d.m + np.log(_shifted_sum(d))),
            wrong=(lambda d: d.z - np.log(_shifted_sum(d)),),
        ),
        Line(
            value=lambda d: (d.z - d.m) - np.log(_shifted_sum(d)),
            wrong=(
                # The sign inside the brackets forgotten.
                lambda d: (d.z - d.m) + np.log(_shifted_sum(d)),
            ),
        ),
    ),
)

# --- slopes -------------------------------------------------------------------------------


def _lse(t: SimpleNamespace) -> torch.Tensor:
    """ln Σ_k exp(z_k) by torch's own function."""
    found: torch.Tensor = t.z.logsumexp(dim=0)
    return found


def _plain_lse(t: SimpleNamespace) -> torch.Tensor:
    """The same as it is written."""
    found: torch.Tensor = t.z.exp().sum().log()
    return found


LSE_SLOPE = DerivationCheck(
    draw=_scores,
    left=Derivative(_lse, at="z"),
    lines=(
        Line(
            value=lambda d: 1 / _exp_sum(d) * by_autograd(lambda t: t.z.exp().sum(), "z", d),
            wrong=(lambda d: _exp_sum(d) * by_autograd(lambda t: t.z.exp().sum(), "z", d),),
        ),
        Line(
            value=lambda d: 1 / _exp_sum(d) * np.exp(d.z),
            # All terms instead of the one that holds z_j.
            wrong=(lambda d: 1 / _exp_sum(d) * np.full(4, _exp_sum(d)),),
        ),
        Line(value=lambda d: d.p, wrong=(lambda d: d.p * (1 - d.p), lambda d: np.log(d.p))),
    ),
)


def _log_softmax(t: SimpleNamespace) -> torch.Tensor:
    """ln p by torch's own function."""
    found: torch.Tensor = t.z.log_softmax(dim=0)
    return found


LOG_SOFTMAX_SLOPE = DerivationCheck(
    draw=_scores,
    left=Derivative(_log_softmax, at="z"),
    lines=(
        Line(
            value=lambda d: (
                by_autograd(lambda t: 1.0 * t.z, "z", d) - by_autograd(_plain_lse, "z", d)
            ),
            wrong=(
                lambda d: (
                    by_autograd(lambda t: 1.0 * t.z, "z", d) + by_autograd(_plain_lse, "z", d)
                ),
            ),
        ),
        Line(
            value=lambda d: np.eye(4) - by_autograd(_plain_lse, "z", d)[None, :],
            wrong=(lambda d: 1 - np.tile(by_autograd(_plain_lse, "z", d), (4, 1)),),
        ),
        Line(
            value=lambda d: np.eye(4) - d.p[None, :],
            wrong=(
                # p_i for p_j.
                lambda d: np.eye(4) - d.p[:, None],
                # The Jacobian of softmax, without the logarithm.
                lambda d: d.p[:, None] * (np.eye(4) - d.p[None, :]),
            ),
        ),
    ),
)

# --- the sigmoid --------------------------------------------------------------------------


def _negative(rng: np.random.Generator) -> Draw:
    """Six negative inputs."""
    return Draw(z=-rng.uniform(0.1, 4, size=6))


def _both_signs(rng: np.random.Generator) -> Draw:
    """Six inputs, three of each sign."""
    return Draw(z=rng.uniform(0.1, 4, size=6) * np.array([1, 1, 1, -1, -1, -1]))


LOG_SIGMOID = DerivationCheck(
    draw=_negative,
    left=lambda d: -np.log(sigmoid(d.z)),
    lines=(
        Line(
            value=lambda d: -np.log(1 / (1 + np.exp(-d.z))),
            wrong=(lambda d: -np.log(1 / (1 + np.exp(d.z))),),
        ),
        Line(
            value=lambda d: np.log(1 + np.exp(-d.z)),
            wrong=(lambda d: -np.log(1 + np.exp(-d.z)), lambda d: -d.z),
        ),
        Line(
            value=lambda d: np.log(np.exp(-d.z) * (np.exp(d.z) + 1)),
            wrong=(lambda d: np.log(np.exp(-d.z) * (np.exp(-d.z) + 1)),),
        ),
        Line(
            value=lambda d: -d.z + np.log(1 + np.exp(d.z)),
            wrong=(lambda d: d.z + np.log(1 + np.exp(d.z)),),
        ),
    ),
)

STABLE_SOFTPLUS = DerivationCheck(
    draw=_both_signs,
    left=lambda d: -np.log(sigmoid(d.z)),
    lines=(
        Line(
            value=lambda d: np.where(
                d.z >= 0, np.log(1 + np.exp(-d.z)), -d.z + np.log(1 + np.exp(d.z))
            ),
            wrong=(
                lambda d: np.where(
                    d.z >= 0, np.log(1 + np.exp(d.z)), -d.z + np.log(1 + np.exp(-d.z))
                ),
            ),
        ),
        Line(
            value=lambda d: np.maximum(0, -d.z) + np.log(1 + np.exp(-np.abs(d.z))),
            wrong=(
                lambda d: np.maximum(0, d.z) + np.log(1 + np.exp(-np.abs(d.z))),
                lambda d: np.log(1 + np.exp(-np.abs(d.z))),
            ),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "stable_softmax": STABLE_SOFTMAX,
        "tame_sum": TAME_SUM,
        "log_softmax": LOG_SOFTMAX,
        "log_sum_exp": LOG_SUM_EXP,
        "stable_log_softmax": STABLE_LOG_SOFTMAX,
        "lse_slope": LSE_SLOPE,
        "log_softmax_slope": LOG_SOFTMAX_SLOPE,
        "log_sigmoid": LOG_SIGMOID,
        "stable_softplus": STABLE_SOFTPLUS,
    },
)
