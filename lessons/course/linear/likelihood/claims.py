"""Programs that show sentences of `linear/likelihood` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.activations import Array
from lessons.course.linear.likelihood.facts import within
from lessons.proof.claims import Claim


def _density(noise: Array, sigma: float) -> Array:
    return np.asarray(np.exp(-(noise**2) / (2 * sigma**2)) / np.sqrt(2 * np.pi * sigma**2))


def _area(low: float, high: float, sigma: float) -> float:
    """The area below the density between two bounds, from 10 000 strips."""
    ends = np.linspace(low, high, 10_001)
    middles = (ends[1:] + ends[:-1]) / 2
    return float((_density(middles, sigma) * np.diff(ends)).sum())


_SIGMAS = (0.02, 1.0, 30.0)


def same_parts() -> bool:
    """Areas within 1, 2 and 3 standard deviations, for three of them: those of the text."""
    return all(
        math.isclose(_area(-k * sigma, k * sigma, sigma), within(k), abs_tol=1e-6)
        for sigma in _SIGMAS
        for k in (1, 2, 3)
    )


def whole_area() -> bool:
    """The area from −10 to 10 standard deviations is 1, for three of them."""
    return all(
        math.isclose(_area(-10 * sigma, 10 * sigma, sigma), 1.0, abs_tol=1e-9) for sigma in _SIGMAS
    )


def same_row() -> bool:
    """The weights of the program with the least loss and the greatest likelihoods are the same."""
    import torch

    from engine.recipes.linear import synthetic_data

    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 1000, torch.Generator().manual_seed(0))
    rows = []
    for step in (-2, -1, 0, 1, 2):
        error = y - X @ torch.tensor([2.0 + 0.001 * step, 3.4]) - 4.2
        laws = (torch.distributions.Normal(0.0, sigma) for sigma in (0.01, 0.02))
        rows.append(
            [float((error**2).mean()), *(-float(law.log_prob(error).sum()) for law in laws)]
        )
    return len(set(np.argmin(np.array(rows), axis=0).tolist())) == 1


def _line(n: int, rng: np.random.Generator) -> Array:
    return np.column_stack([rng.normal(size=n), np.ones(n)])


def unequal_noise() -> bool:
    """Half of the samples ten times as noisy: the likeliest line is another, and nearer."""
    rng = np.random.default_rng(0)
    off: dict[str, list[float]] = {"squares": [], "likelihood": []}
    for _ in range(200):
        A, truth = _line(100, rng), np.array([2.0, 4.2])
        sigma = np.where(np.arange(100) < 50, 0.1, 1.0)
        y = A @ truth + sigma * rng.normal(size=100)
        by_squares = np.linalg.lstsq(A, y, rcond=None)[0]
        # Each error over its own σ: what the negative log-likelihood adds up.
        likeliest = np.linalg.lstsq(A / sigma[:, None], y / sigma, rcond=None)[0]
        off["squares"].append(float(np.abs(by_squares - truth).max()))
        off["likelihood"].append(float(np.abs(likeliest - truth).max()))
    return bool(np.mean(off["likelihood"]) < np.mean(off["squares"]) / 2)


def variance_too_small() -> bool:
    """Mean of the squared errors over 2000 fits of 10 samples with σ = 1: below 1 for the fit."""
    rng = np.random.default_rng(0)
    fitted, true = [], []
    for _ in range(2000):
        A, noise = _line(10, rng), rng.normal(size=10)
        rest = noise - A @ np.linalg.lstsq(A, noise, rcond=None)[0]
        fitted.append(float((rest**2).mean()))
        true.append(float((noise**2).mean()))
    # Two parameters of ten samples: 8/10 is left.
    return bool(abs(np.mean(fitted) - 0.8) < 0.03 and abs(np.mean(true) - 1) < 0.03)


def heavy_tails() -> bool:
    """The chance to be beyond four standard deviations: Laplace over normal, 50 to 60."""
    normal, laplace = 1 - within(4), math.exp(-4 * math.sqrt(2))
    return 50 < laplace / normal < 60


def wild_prices() -> bool:
    """Three wild labels of 100: the line of the absolute errors moves less than a tenth as far."""
    rng = np.random.default_rng(0)
    A = _line(100, rng)
    y = A @ np.array([2.0, 4.2]) + 0.1 * rng.normal(size=100)
    wild = y.copy()
    wild[:3] += 100.0
    squares = [np.linalg.lstsq(A, labels, rcond=None)[0] for labels in (y, wild)]
    absolute = [_least_absolute(A, labels) for labels in (y, wild)]
    moved = [float(np.abs(after - before).max()) for before, after in (squares, absolute)]
    return moved[1] < moved[0] / 10


def _least_absolute(A: Array, y: Array) -> Array:
    """The line with the least absolute errors, by squares weighted anew 50 times."""
    theta = np.linalg.lstsq(A, y, rcond=None)[0]
    for _ in range(50):
        root = 1 / np.sqrt(np.maximum(np.abs(A @ theta - y), 1e-9))
        theta = np.linalg.lstsq(A * root[:, None], y * root, rcond=None)[0]
    return np.asarray(theta)


CLAIMS: Mapping[str, Claim] = {
    "same-parts": same_parts,
    "whole-area": whole_area,
    "same-row": same_row,
    "unequal-noise": unequal_noise,
    "variance-too-small": variance_too_small,
    "heavy-tails": heavy_tails,
    "wild-prices": wild_prices,
}
