"""Programs that show sentences of `linear/model` to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from engine.activations import Array
from lessons.course.linear.model.facts import COUNTED_FEATURES
from lessons.proof.claims import Claim

_TRUTH = np.array([2.0, 3.4, 4.2])


@lru_cache(maxsize=1)
def _data() -> tuple[Array, Array]:
    """The samples of the program of this lesson with a column of ones, and their labels."""
    import torch

    from engine.recipes.linear import synthetic_data

    generator = torch.Generator().manual_seed(0)
    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 1000, generator)
    A = np.column_stack([X.numpy(), np.ones(len(X))]).astype(np.float64)
    return A, y.numpy().astype(np.float64)


def _descended(A: Array, y: Array, start: Array, rate: float, steps: int) -> Array:
    """Parameters after some steps of gradient descent."""
    theta = start.copy()
    for _ in range(steps):
        theta -= rate * A.T @ (A @ theta - y) / len(y)
    return theta


def _loss(A: Array, y: Array, theta: Array) -> float:
    return float(((A @ theta - y) ** 2).mean() / 2)


def _best(A: Array, y: Array) -> Array:
    """The parameters with the least loss."""
    return np.asarray(np.linalg.lstsq(A, y, rcond=None)[0], dtype=np.float64)


def linear_layer_count() -> bool:
    """nn.Linear(12, 1) has d + 1 parameters."""
    from torch import nn

    layer = nn.Linear(COUNTED_FEATURES, 1)
    return sum(part.numel() for part in layer.parameters()) == COUNTED_FEATURES + 1


def doubled_column() -> bool:
    """With a column twice, moving one weight up and its twin down changes no prediction."""
    A, y = _data()
    doubled = np.column_stack([A, A[:, 0]])
    best = _best(doubled, y)
    along = np.array([1.0, 0.0, 0.0, -1.0])
    across = np.array([1.0, 0.0, 0.0, 1.0])
    least = _loss(doubled, y, best)
    same = all(
        np.isclose(_loss(doubled, y, best + far * along), least) for far in (-3.0, 0.5, 10.0)
    )
    higher = all(_loss(doubled, y, best + far * across) > least + 1e-3 for far in (-0.5, 0.5))
    return same and higher and bool(np.linalg.matrix_rank(doubled.T @ doubled) < doubled.shape[1])


def flat_bottom() -> bool:
    """With a column twice, two starts end at different parameters with the same loss."""
    A, y = _data()
    doubled = np.column_stack([A, A[:, 0]])
    starts = (np.zeros(4), np.array([5.0, 0.0, 0.0, -1.0]))
    ends = [_descended(doubled, y, start, 0.3, 300) for start in starts]
    first, second = (_loss(doubled, y, end) for end in ends)
    return bool(np.abs(ends[0] - ends[1]).max() > 1 and np.isclose(first, second, rtol=1e-9))


def any_start() -> bool:
    """Five starts, one end with a rate below 2/λ; a growing loss with a rate above it."""
    A, y = _data()
    limit = 2 / np.linalg.eigvalsh(A.T @ A / len(y))[-1]
    best = _best(A, y)
    starts = np.random.default_rng(0).normal(scale=20, size=(5, 3))
    together = all(np.allclose(_descended(A, y, start, 0.5 * limit, 200), best) for start in starts)
    apart = all(
        _loss(A, y, _descended(A, y, start, 1.1 * limit, 50)) > _loss(A, y, start)
        for start in starts
    )
    return bool(together and apart)


def near_truth() -> bool:
    """The closed form on the data of the program is less than 0.0003 away from the truth."""
    A, y = _data()
    off = np.abs(_best(A, y) - _TRUTH)
    return bool(off.max() < 0.0003 and off.min() > 0)


def inverse_loses_digits() -> bool:
    """Two features that differ by a millionth: lstsq against the inverse of AᵀA, no noise."""
    rng = np.random.default_rng(0)
    first = rng.normal(size=200)
    A = np.column_stack([first, first + 1e-6 * rng.normal(size=200), np.ones(200)])
    y = A @ _TRUTH
    by_inverse = np.linalg.inv(A.T @ A) @ A.T @ y
    by_lstsq = _best(A, y)
    off = [float(np.abs(found - _TRUTH).max()) for found in (by_inverse, by_lstsq)]
    return off[0] > 100 * off[1]


def cube() -> bool:
    """Multiplications of an elimination with many unknowns: eight times as many for twice them."""

    def multiplications(unknowns: int) -> int:
        return sum((left - 1) * (left + 1) for left in range(unknowns, 0, -1))

    return abs(multiplications(2000) / multiplications(1000) - 8) < 0.05


CLAIMS: Mapping[str, Claim] = {
    "linear-layer-count": linear_layer_count,
    "doubled-column": doubled_column,
    "flat-bottom": flat_bottom,
    "any-start": any_start,
    "near-truth": near_truth,
    "inverse-loses-digits": inverse_loses_digits,
    "cube": cube,
}
