"""Data made from a known rule, so that what is learned can be compared with the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class LinearData:
    """Samples of y = Xw + b + ε with the w and b that made them."""

    features: Tensor
    """X: (n, d) float32."""
    labels: Tensor
    """y: (n, 1) float32."""
    true_w: tuple[float, ...]
    true_b: float
    noise: float
    """Standard deviation of ε."""


def linear_data(
    true_w: Sequence[float] = (2.0, 3.4),
    true_b: float = 4.2,
    noise: float = 0.01,
    n: int = 1000,
    seed: int = 0,
) -> LinearData:
    """Draw n samples of y = Xw + b + ε with X ~ N(0, 1) and ε ~ N(0, noise²).

    The same seed gives the same samples. Raises ValueError unless n and the number of weights are
    at least 1 and noise is not negative.
    """
    if n < 1 or len(true_w) < 1 or not noise >= 0:
        raise ValueError(f"no samples of {len(true_w)} features, n = {n}, noise = {noise}")
    import torch

    generator = np.random.default_rng(seed)
    features = generator.standard_normal((n, len(true_w)), dtype=np.float32)
    # Summed without a matrix product, whose rounding depends on the machine's library.
    exact = (features.astype(np.float64) * np.asarray(true_w)).sum(axis=1) + true_b
    labels = (exact + noise * generator.standard_normal(n)).astype(np.float32)
    return LinearData(
        features=torch.from_numpy(features),
        labels=torch.from_numpy(labels[:, None]),
        true_w=tuple(map(float, true_w)),
        true_b=float(true_b),
        noise=float(noise),
    )
