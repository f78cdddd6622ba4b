"""The checks of `functions/entropy`: the split of the cross entropy, KL ≥ 0, one-hot labels."""

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
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def entropy(p: Array) -> float:
    """H(p) = −Σ p_i ln p_i, classes that never happen left out."""
    return float(0.0 - sum(share * np.log(share) for share in p if share > 0))


def cross(p: Array, q: Array) -> float:
    """H(p, q) = −Σ p_i ln q_i."""
    return float(-sum(share * np.log(other) for share, other in zip(p, q, strict=True)))


def divergence(p: Array, q: Array) -> float:
    """D(p‖q) = Σ p_i ln(p_i / q_i)."""
    return float(sum(share * np.log(share / other) for share, other in zip(p, q, strict=True)))


def _shares(rng: np.random.Generator, size: int) -> Array:
    """Probabilities, none of them near 0."""
    raw = rng.uniform(0.2, 1, size=size)
    return np.asarray(raw / raw.sum())


def _two(rng: np.random.Generator) -> Draw:
    """Two sets of probabilities over four classes that are far enough from each other."""
    p, q = _shares(rng, 4), _shares(rng, 4)
    while np.abs(p - q).max() < 0.08:
        q = _shares(rng, 4)
    return Draw(p=p, q=q)


def _any_size(rng: np.random.Generator) -> Draw:
    """A number of classes K."""
    return Draw(K=int(rng.integers(2, 12)))


def _uniform_by_torch(d: Draw) -> float:
    """The entropy of K equally probable classes by torch's own distribution."""
    import torch

    shares = torch.full((d.K,), 1 / d.K, dtype=torch.float64)
    return float(torch.distributions.Categorical(probs=shares).entropy())


UNIFORM_ENTROPY = DerivationCheck(
    draw=_any_size,
    left=_uniform_by_torch,
    lines=(
        Line(
            value=lambda d: -sum(1 / d.K * np.log(1 / d.K) for _ in range(d.K)),
            wrong=(lambda d: sum(1 / d.K * np.log(1 / d.K) for _ in range(d.K)),),
        ),
        Line(
            value=lambda d: -d.K * (1 / d.K) * np.log(1 / d.K),
            wrong=(lambda d: -(1 / d.K) * np.log(1 / d.K),),
        ),
        Line(
            value=lambda d: -np.log(1 / d.K),
            wrong=(lambda d: -d.K * np.log(1 / d.K),),
        ),
        Line(value=lambda d: np.log(d.K), wrong=(lambda d: -np.log(d.K), lambda d: 1 / d.K)),
    ),
)


def _cross_by_torch(d: Draw) -> float:
    """H(p, q) by torch's own function, which takes scores: ln q are such scores."""
    import torch
    from torch.nn import functional

    scores, target = torch.tensor(np.log(d.q))[None], torch.tensor(d.p)[None]
    return float(functional.cross_entropy(scores, target))


CROSS_ENTROPY_SPLIT = DerivationCheck(
    draw=_two,
    left=_cross_by_torch,
    lines=(
        Line(
            value=lambda d: -np.sum(d.p * np.log(d.q)),
            wrong=(lambda d: -np.sum(d.q * np.log(d.p)), lambda d: np.sum(d.p * np.log(d.q))),
        ),
        Line(
            value=lambda d: -np.sum(d.p * np.log(d.p * (d.q / d.p))),
            wrong=(lambda d: -np.sum(d.p * np.log(d.q / d.p)),),
        ),
        Line(
            value=lambda d: -np.sum(d.p * (np.log(d.p) + np.log(d.q / d.p))),
            wrong=(lambda d: -np.sum(d.p * (np.log(d.p) * np.log(d.q / d.p))),),
        ),
        Line(
            value=lambda d: -np.sum(d.p * np.log(d.p)) - np.sum(d.p * np.log(d.q / d.p)),
            # The sign not carried to the second sum.
            wrong=(lambda d: -np.sum(d.p * np.log(d.p)) + np.sum(d.p * np.log(d.q / d.p)),),
        ),
        Line(
            value=lambda d: -np.sum(d.p * np.log(d.p)) + np.sum(d.p * np.log(d.p / d.q)),
            wrong=(lambda d: -np.sum(d.p * np.log(d.p)) - np.sum(d.p * np.log(d.p / d.q)),),
        ),
        Line(
            value=lambda d: entropy(d.p) + divergence(d.p, d.q),
            wrong=(
                lambda d: entropy(d.q) + divergence(d.p, d.q),
                lambda d: entropy(d.p) - divergence(d.p, d.q),
            ),
        ),
    ),
)

# --- the line above the logarithm, and KL ≥ 0 ---------------------------------------------


def _positive(rng: np.random.Generator) -> Draw:
    """Positive numbers on both sides of 1, none of them near it."""
    return Draw(x=np.concatenate([rng.uniform(0.1, 0.8, size=3), rng.uniform(1.3, 4, size=3)]))


def _gap(t: SimpleNamespace) -> torch.Tensor:
    """x − 1 − ln x, summed: entry i acts on term i only."""
    found: torch.Tensor = (t.x - 1 - t.x.log()).sum()
    return found


LOG_LINE_SLOPE = DerivationCheck(
    draw=_positive,
    left=Derivative(_gap, at="x"),
    lines=(
        Line(
            value=lambda d: 1 - 1 / d.x,
            wrong=(lambda d: 1 + 1 / d.x, lambda d: 1 - np.log(d.x)),
        ),
        Line(value=lambda d: (d.x - 1) / d.x, wrong=(lambda d: (1 - d.x) / d.x,)),
    ),
)


def _true(_: Draw) -> float:
    """What a line that states an order is compared with: 1.0 stands for true."""
    return 1.0


LOG_LINE = DerivationCheck(
    draw=_positive,
    left=_true,
    lines=(
        # An order, not an equation: its value is 1 where it holds for every x, else 0.
        Line(
            value=lambda d: float(np.all(d.x - 1 - np.log(d.x) >= 1 - 1 - np.log(1))),
            wrong=(
                lambda d: float(np.all(d.x - 1 - np.log(d.x) <= 1 - 1 - np.log(1))),
                lambda d: float(np.all(d.x - 1 - 2 * np.log(d.x) >= 1 - 1 - 2 * np.log(1))),
            ),
        ),
        Line(
            left=lambda _: 1 - 1 - np.log(1),
            value=lambda _: 0.0,
            wrong=(lambda _: 1 - 1 - 1.0,),
            floor=1.0,
        ),
    ),
)

KL_POSITIVE = DerivationCheck(
    draw=_two,
    left=lambda d: -_kl_by_torch(d),
    lines=(
        Line(
            value=lambda d: -np.sum(d.p * np.log(d.p / d.q)),
            # Weighted with q.
            wrong=(lambda d: -np.sum(d.q * np.log(d.p / d.q)),),
        ),
        Line(
            value=lambda d: np.sum(d.p * np.log(d.q / d.p)),
            wrong=(lambda d: -np.sum(d.p * np.log(d.q / d.p)),),
        ),
        # An order again: 1 where it holds, for the sums and for every single term.
        Line(
            left=_true,
            value=lambda d: float(
                np.sum(d.p * np.log(d.q / d.p)) <= np.sum(d.p * (d.q / d.p - 1)) + 1e-15
                and np.all(np.log(d.q / d.p) <= d.q / d.p - 1)
            ),
            wrong=(
                lambda d: float(
                    np.sum(d.p * np.log(d.q / d.p)) >= np.sum(d.p * (d.q / d.p - 1)) - 1e-15
                ),
                lambda d: float(np.sum(d.p * np.log(d.q / d.p)) <= np.sum(d.p * (d.q / d.p - 2))),
            ),
        ),
        Line(
            left=lambda d: np.sum(d.p * (d.q / d.p - 1)),
            value=lambda d: np.sum(d.q - d.p),
            wrong=(lambda d: np.sum(d.q - 1), lambda d: np.sum(d.q + d.p)),
            floor=1.0,
        ),
        Line(
            left=lambda d: np.sum(d.p * (d.q / d.p - 1)),
            value=lambda d: np.sum(d.q) - np.sum(d.p),
            wrong=(lambda d: np.sum(d.q) + np.sum(d.p),),
            floor=1.0,
        ),
        Line(
            left=lambda d: np.sum(d.q) - np.sum(d.p),
            value=lambda _: 1.0 - 1.0,
            # The number of classes for the sum of the probabilities.
            wrong=(lambda d: 1.0 - len(d.p),),
            floor=1.0,
        ),
        Line(
            left=lambda _: 1.0 - 1.0,
            value=lambda _: 0.0,
            wrong=(lambda _: 1.0,),
            floor=1.0,
        ),
    ),
)

# --- one class is certain -----------------------------------------------------------------


def _one_hot(rng: np.random.Generator) -> Draw:
    """A one-hot p over four classes, t the true one, and a model's q."""
    t = int(rng.integers(4))
    return Draw(p=np.eye(4)[t], q=_shares(rng, 4), t=t)


def _others(d: Draw) -> list[int]:
    """All classes but t."""
    return [i for i in range(len(d.p)) if i != d.t]


ONE_HOT_CROSS = DerivationCheck(
    draw=_one_hot,
    left=_cross_by_torch,
    lines=(
        Line(
            value=lambda d: -np.sum(d.p * np.log(d.q)),
            wrong=(lambda d: -np.sum(np.log(d.q)),),
        ),
        Line(
            value=lambda d: (
                -d.p[d.t] * np.log(d.q[d.t]) - sum(d.p[i] * np.log(d.q[i]) for i in _others(d))
            ),
            wrong=(
                lambda d: (
                    -d.p[d.t] * np.log(d.q[d.t]) - sum(d.q[i] * np.log(d.q[i]) for i in _others(d))
                ),
            ),
        ),
        Line(
            value=lambda d: -1 * np.log(d.q[d.t]) - sum(0 * np.log(d.q[i]) for i in _others(d)),
            wrong=(lambda d: -1 * np.log(d.q[d.t]) - sum(1 * np.log(d.q[i]) for i in _others(d)),),
        ),
        Line(
            value=lambda d: -np.log(d.q[d.t]),
            wrong=(
                lambda d: np.log(d.q[d.t]),
                lambda d: -np.log(1 - d.q[d.t]),
                lambda d: -d.q[d.t],
            ),
        ),
    ),
)


def _kl_by_torch(d: Draw) -> float:
    """D(p‖q) by torch's own function."""
    import torch
    from torch.nn import functional

    return float(functional.kl_div(torch.tensor(np.log(d.q)), torch.tensor(d.p), reduction="sum"))


ONE_HOT_KL = DerivationCheck(
    draw=_one_hot,
    left=_kl_by_torch,
    lines=(
        Line(
            value=lambda d: cross(d.p, d.q) - entropy(d.p),
            wrong=(lambda d: entropy(d.p) - cross(d.p, d.q),),
        ),
        Line(
            value=lambda d: cross(d.p, d.q) - 0,
            # The entropy of equally probable classes, where it is 0.
            wrong=(lambda d: cross(d.p, d.q) - np.log(4),),
        ),
        Line(value=lambda d: -np.log(d.q[d.t]), wrong=(lambda d: np.log(d.q[d.t]),)),
    ),
)


def _scored(rng: np.random.Generator) -> Draw:
    """Scores z of four classes, the model's q = softmax(z), and any true p."""
    z = rng.uniform(-1.5, 1.5, size=4)
    e = np.exp(z)
    return Draw(z=z, q=e / e.sum(), p=_shares(rng, 4))


def _cross_of_scores(t: SimpleNamespace) -> torch.Tensor:
    """H(p, softmax(z)) by torch's own function."""
    from torch.nn import functional

    return functional.cross_entropy(t.z[None], t.p[None])


def _log_slopes(d: Draw) -> Array:
    """∂ ln q_i / ∂ z_j by autograd."""
    return by_autograd(lambda t: t.z.log_softmax(dim=0), "z", d)


CROSS_ENTROPY_SLOPE = DerivationCheck(
    draw=_scored,
    left=Derivative(_cross_of_scores, at="z"),
    lines=(
        Line(
            value=lambda d: -sum(d.p[i] * _log_slopes(d)[i] for i in range(4)),
            wrong=(lambda d: -d.p * np.diag(_log_slopes(d)),),
        ),
        Line(
            value=lambda d: -sum(d.p[i] * (np.eye(4)[i] - d.q) for i in range(4)),
            wrong=(lambda d: -sum(d.p[i] * d.q[i] * (np.eye(4)[i] - d.q) for i in range(4)),),
        ),
        Line(
            value=lambda d: (
                -sum(d.p[i] * np.eye(4)[i] for i in range(4)) + d.q * sum(d.p[i] for i in range(4))
            ),
            wrong=(
                lambda d: (
                    -sum(d.p[i] * np.eye(4)[i] for i in range(4))
                    - d.q * sum(d.p[i] for i in range(4))
                ),
            ),
        ),
        Line(
            value=lambda d: -d.p + d.q * sum(d.p[i] for i in range(4)),
            wrong=(lambda d: -sum(d.p[i] for i in range(4)) + d.q * sum(d.p),),
        ),
        Line(
            value=lambda d: d.q - d.p,
            wrong=(
                lambda d: d.p - d.q,
                # The slope of softmax multiplied in once more.
                lambda d: (d.q - d.p) * d.q * (1 - d.q),
            ),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "uniform_entropy": UNIFORM_ENTROPY,
        "cross_entropy_split": CROSS_ENTROPY_SPLIT,
        "log_line_slope": LOG_LINE_SLOPE,
        "log_line": LOG_LINE,
        "kl_positive": KL_POSITIVE,
        "one_hot_cross": ONE_HOT_CROSS,
        "one_hot_kl": ONE_HOT_KL,
        "cross_entropy_slope": CROSS_ENTROPY_SLOPE,
    },
)
