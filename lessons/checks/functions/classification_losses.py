"""The checks of `functions/classification-losses`: BCE, CE, and their slopes on the scores."""

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
from lessons.checks.nets import sigmoid
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _pairs(rng: np.random.Generator) -> Draw:
    """Six scores z with their probabilities p, and labels of both kinds."""
    z = rng.uniform(0.2, 2.5, size=6) * rng.choice([-1, 1], size=6)
    return Draw(z=z, p=sigmoid(z), y=np.array([1.0, 0, 1, 0, 1, 0]))


# --- two classes --------------------------------------------------------------------------


def _bce_by_torch(d: Draw) -> Array:
    """BCE of each sample by torch's own function."""
    import torch
    from torch.nn import functional

    p, y = torch.tensor(d.p), torch.tensor(d.y)
    return np.asarray(functional.binary_cross_entropy(p, y, reduction="none").numpy())


BCE_CASES = DerivationCheck(
    draw=_pairs,
    left=_bce_by_torch,
    lines=(
        Line(
            value=lambda d: np.where(
                d.y == 1,
                -(1 * np.log(d.p) + 0 * np.log(1 - d.p)),
                -(0 * np.log(d.p) + 1 * np.log(1 - d.p)),
            ),
            wrong=(
                lambda d: np.where(
                    d.y == 1,
                    -(1 * np.log(d.p) + 1 * np.log(1 - d.p)),
                    -(0 * np.log(d.p) + 1 * np.log(1 - d.p)),
                ),
            ),
        ),
        Line(
            value=lambda d: np.where(d.y == 1, -np.log(d.p), -np.log(1 - d.p)),
            wrong=(
                lambda d: np.where(d.y == 1, -np.log(1 - d.p), -np.log(d.p)),
                lambda d: np.where(d.y == 1, np.log(d.p), np.log(1 - d.p)),
                lambda d: np.where(d.y == 1, -np.log(d.p), 0),
            ),
        ),
    ),
)


def _bce_of_probability(t: SimpleNamespace) -> torch.Tensor:
    """BCE summed: entry i acts on term i only."""
    from torch.nn import functional

    return functional.binary_cross_entropy(t.p, t.y, reduction="sum")


BCE_SLOPE = DerivationCheck(
    draw=_pairs,
    left=Derivative(_bce_of_probability, at="p"),
    lines=(
        Line(
            value=lambda d: -(d.y * (1 / d.p) + (1 - d.y) * (-1 / (1 - d.p))),
            # The inner derivative of 1 − ŷ forgotten.
            wrong=(lambda d: -(d.y * (1 / d.p) + (1 - d.y) * (1 / (1 - d.p))),),
        ),
        Line(
            value=lambda d: -d.y / d.p + (1 - d.y) / (1 - d.p),
            wrong=(lambda d: d.y / d.p + (1 - d.y) / (1 - d.p),),
        ),
        Line(
            value=lambda d: (-d.y * (1 - d.p) + (1 - d.y) * d.p) / (d.p * (1 - d.p)),
            wrong=(
                lambda d: (-d.y + (1 - d.y)) / (d.p * (1 - d.p)),
                lambda d: (-d.y * d.p + (1 - d.y) * (1 - d.p)) / (d.p * (1 - d.p)),
            ),
        ),
        Line(
            value=lambda d: (d.p - d.y) / (d.p * (1 - d.p)),
            wrong=(lambda d: (d.y - d.p) / (d.p * (1 - d.p)), lambda d: d.p - d.y),
        ),
    ),
)


def _bce_of_score(t: SimpleNamespace) -> torch.Tensor:
    """BCE from scores, summed."""
    from torch.nn import functional

    return functional.binary_cross_entropy_with_logits(t.z, t.y, reduction="sum")


def _sigmoid_slope(d: Draw) -> Array:
    """dŷ/dz by autograd."""
    return by_autograd(lambda t: t.z.sigmoid().sum(), "z", d)


BCE_SCORE_SLOPE = DerivationCheck(
    draw=_pairs,
    left=Derivative(_bce_of_score, at="z"),
    lines=(
        Line(
            value=lambda d: by_autograd(_bce_of_probability, "p", d) * _sigmoid_slope(d),
            wrong=(lambda d: by_autograd(_bce_of_probability, "p", d) + _sigmoid_slope(d),),
        ),
        Line(
            value=lambda d: (d.p - d.y) / (d.p * (1 - d.p)) * _sigmoid_slope(d),
            wrong=(lambda d: (d.p - d.y) * _sigmoid_slope(d),),
        ),
        Line(
            value=lambda d: (d.p - d.y) / (d.p * (1 - d.p)) * (d.p * (1 - d.p)),
            wrong=(lambda d: (d.p - d.y) / (d.p * (1 - d.p)) * (1 - d.p**2),),
        ),
        Line(
            value=lambda d: d.p - d.y,
            wrong=(
                lambda d: d.y - d.p,
                # The slope that the squared loss has.
                lambda d: (d.p - d.y) * d.p * (1 - d.p),
            ),
        ),
    ),
)

SIGMOID_COMPLEMENT = DerivationCheck(
    draw=_pairs,
    left=lambda d: 1 - d.p,
    lines=(
        Line(
            value=lambda d: 1 - 1 / (1 + np.exp(-d.z)),
            wrong=(lambda d: 1 - 1 / (1 + np.exp(d.z)),),
        ),
        Line(
            value=lambda d: np.exp(-d.z) / (1 + np.exp(-d.z)),
            wrong=(lambda d: -np.exp(-d.z) / (1 + np.exp(-d.z)),),
        ),
        Line(
            value=lambda d: 1 / (np.exp(d.z) + 1),
            wrong=(lambda d: np.exp(d.z) / (np.exp(d.z) + 1),),
        ),
        Line(value=lambda d: sigmoid(-d.z), wrong=(lambda d: -sigmoid(d.z),)),
    ),
)

BCE_LOGITS = DerivationCheck(
    draw=_pairs,
    left=_bce_by_torch,
    lines=(
        Line(
            value=lambda d: -d.y * np.log(sigmoid(d.z)) - (1 - d.y) * np.log(sigmoid(-d.z)),
            wrong=(lambda d: -d.y * np.log(sigmoid(d.z)) - (1 - d.y) * np.log(sigmoid(d.z)),),
        ),
        Line(
            value=lambda d: d.y * np.log(1 + np.exp(-d.z)) + (1 - d.y) * np.log(1 + np.exp(d.z)),
            wrong=(lambda d: d.y * np.log(1 + np.exp(d.z)) + (1 - d.y) * np.log(1 + np.exp(-d.z)),),
        ),
        Line(
            value=lambda d: (
                d.y * (np.log(1 + np.exp(d.z)) - d.z) + (1 - d.y) * np.log(1 + np.exp(d.z))
            ),
            wrong=(
                lambda d: (
                    d.y * (np.log(1 + np.exp(d.z)) + d.z) + (1 - d.y) * np.log(1 + np.exp(d.z))
                ),
            ),
        ),
        Line(
            value=lambda d: np.log(1 + np.exp(d.z)) - d.y * d.z,
            wrong=(
                lambda d: np.log(1 + np.exp(d.z)) - d.z,
                lambda d: np.log(1 + np.exp(d.z)) + d.y * d.z,
            ),
        ),
    ),
)

# --- many classes -------------------------------------------------------------------------


def softmax_rows(Z: Array) -> Array:
    """Softmax of each row."""
    e = np.exp(Z)
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _classified(rng: np.random.Generator) -> Draw:
    """Four samples of three classes: scores Z, true classes t; i is one sample, z its scores."""
    Z, i = rng.uniform(-1.5, 1.5, size=(4, 3)), int(rng.integers(4))
    t = rng.integers(3, size=4)
    return Draw(Z=Z, t=t, Y=np.eye(3)[t], i=i, z=Z[i], P=softmax_rows(Z))


def _ce_of_one(d: Draw) -> float:
    """CE of sample i by torch's own function."""
    import torch
    from torch.nn import functional

    return float(functional.cross_entropy(torch.tensor(d.z), torch.tensor(d.t[d.i])))


def _true_class(d: Draw) -> int:
    """The true class of sample i."""
    return int(d.t[d.i])


CE_LOGITS = DerivationCheck(
    draw=_classified,
    left=_ce_of_one,
    lines=(
        Line(
            value=lambda d: -np.log(softmax_rows(d.z)[_true_class(d)]),
            wrong=(
                lambda d: np.log(softmax_rows(d.z)[_true_class(d)]),
                # The neighbouring class.
                lambda d: -np.log(softmax_rows(d.z)[_true_class(d) - 1]),
            ),
        ),
        Line(
            value=lambda d: -np.log(np.exp(d.z[_true_class(d)]) / sum(np.exp(z) for z in d.z)),
            wrong=(lambda d: -np.log(d.z[_true_class(d)] ** 2 / sum(z**2 for z in d.z)),),
        ),
        Line(
            value=lambda d: np.log(sum(np.exp(z) for z in d.z)) - d.z[_true_class(d)],
            wrong=(
                lambda d: d.z[_true_class(d)] - np.log(sum(np.exp(z) for z in d.z)),
                lambda d: sum(np.exp(z) for z in d.z) - d.z[_true_class(d)],
            ),
        ),
    ),
)


def _mean_ce(t: SimpleNamespace) -> torch.Tensor:
    """The mean CE of all samples by torch's own function."""
    from torch.nn import functional

    return functional.cross_entropy(t.Z, t.t)


def _written_ce(t: SimpleNamespace, i: int) -> torch.Tensor:
    """ℓ of one sample as it is written."""
    found: torch.Tensor = t.Z[i].exp().sum().log() - t.Z[i, t.t[i]]
    return found


def _written_mean(t: SimpleNamespace) -> torch.Tensor:
    """(1/n) Σ_s ℓ_s."""
    found: torch.Tensor = sum((_written_ce(t, s) for s in range(1, 4)), _written_ce(t, 0)) / 4
    return found


def _written_sum(t: SimpleNamespace) -> torch.Tensor:
    """Σ_s ℓ_s, not divided."""
    return 4 * _written_mean(t)


def _lse_of_row(t: SimpleNamespace) -> torch.Tensor:
    """ln Σ_k exp(Z_ik) of sample i."""
    found: torch.Tensor = t.Z[t.i].exp().sum().log()
    return found


def _row(gradient: Array, d: Draw) -> Array:
    """The slopes of sample i, for every class j."""
    return np.asarray(gradient[d.i])


CE_BATCH_SLOPE = DerivationCheck(
    draw=_classified,
    left=Derivative(_mean_ce, at="Z", pick=_row),
    lines=(
        Line(
            value=lambda d: by_autograd(_written_mean, "Z", d)[d.i],
            wrong=(lambda d: by_autograd(_written_sum, "Z", d)[d.i],),
        ),
        Line(
            value=lambda d: 1 / 4 * by_autograd(partial(_written_ce, i=d.i), "Z", d)[d.i],
            wrong=(lambda d: by_autograd(partial(_written_ce, i=d.i), "Z", d)[d.i],),
        ),
        Line(
            value=lambda d: 1 / 4 * (by_autograd(_lse_of_row, "Z", d)[d.i] - d.Y[d.i]),
            wrong=(lambda d: 1 / 4 * (by_autograd(_lse_of_row, "Z", d)[d.i] - 1),),
        ),
        Line(
            value=lambda d: 1 / 4 * (d.P[d.i] - d.Y[d.i]),
            wrong=(
                lambda d: 1 / 4 * (d.Y[d.i] - d.P[d.i]),
                # Divided by the number of classes.
                lambda d: 1 / 3 * (d.P[d.i] - d.Y[d.i]),
            ),
        ),
    ),
)


def _class_count(rng: np.random.Generator) -> Draw:
    """A number of classes K."""
    return Draw(K=int(rng.integers(3, 20)))


def _twice(d: Draw) -> float:
    """CE of a one-hot row that is taken for scores, by torch."""
    import torch
    from torch.nn import functional

    row = torch.tensor(np.eye(d.K)[0])
    return float(functional.cross_entropy(row, torch.tensor(0)))


DOUBLE_SOFTMAX = DerivationCheck(
    draw=_class_count,
    left=_twice,
    lines=(
        Line(
            value=lambda d: -np.log(np.exp(1) / (np.exp(1) + (d.K - 1) * np.exp(0))),
            # exp(0) taken for 0.
            wrong=(lambda d: -np.log(np.exp(1) / (np.exp(1) + (d.K - 1) * 0)),),
        ),
        Line(
            value=lambda d: -np.log(np.e / (np.e + d.K - 1)),
            wrong=(lambda d: -np.log(np.e / (np.e + d.K)),),
        ),
        Line(
            value=lambda d: np.log(np.e + d.K - 1) - np.log(np.e),
            wrong=(lambda d: np.log(np.e) - np.log(np.e + d.K - 1),),
        ),
        Line(
            value=lambda d: np.log(np.e + d.K - 1) - 1,
            wrong=(lambda d: np.log(np.e + d.K - 1) - np.e, lambda d: np.log(d.K) - 1),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "bce_cases": BCE_CASES,
        "bce_slope": BCE_SLOPE,
        "bce_score_slope": BCE_SCORE_SLOPE,
        "sigmoid_complement": SIGMOID_COMPLEMENT,
        "bce_logits": BCE_LOGITS,
        "ce_logits": CE_LOGITS,
        "ce_batch_slope": CE_BATCH_SLOPE,
        "double_softmax": DOUBLE_SOFTMAX,
    },
)
