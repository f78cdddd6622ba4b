"""The checks of `linear/likelihood`: from normal noise to the squared loss, line by line."""

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

SAMPLES = 6


def data(rng: np.random.Generator) -> Draw:
    """Six samples of three features with normal noise, looked at with parameters that are near.

    X (6, 3), w (3,), b, sigma, y (6,); e (6,) are the errors.
    """
    X, w, b = rng.normal(size=(SAMPLES, 3)), rng.normal(size=3), float(rng.normal())
    sigma = float(rng.uniform(0.6, 1.6))
    y = X @ (w + 0.3) + b + sigma * rng.normal(size=SAMPLES)
    return Draw(X=X, w=w, b=b, sigma=np.array(sigma), y=y, e=y - X @ w - b)


def _log_densities(d: Draw) -> Array:
    """ln p(y_i | x_i) by torch's own normal distribution."""
    import torch

    middle = torch.tensor(d.X @ d.w + d.b)
    normal = torch.distributions.Normal(middle, torch.tensor(d.sigma))
    return np.asarray(normal.log_prob(torch.tensor(d.y)).numpy())


def _densities(d: Draw) -> Array:
    """p(y_i | x_i) by the same."""
    return np.asarray(np.exp(_log_densities(d)))


def _noise_density(noise: Array, sigma: float) -> Array:
    """The density of normal noise, by torch."""
    import torch

    normal = torch.distributions.Normal(0.0, torch.tensor(sigma))
    return np.asarray(normal.log_prob(torch.tensor(noise)).exp().numpy())


DENSITY_OF_Y = DerivationCheck(
    draw=data,
    left=_densities,
    lines=(
        Line(
            value=lambda d: _noise_density(d.e, d.sigma),
            wrong=(lambda d: _noise_density(d.y, d.sigma),),
        ),
        Line(
            value=lambda d: (
                1 / np.sqrt(2 * np.pi * d.sigma**2) * np.exp(-(d.e**2) / (2 * d.sigma**2))
            ),
            wrong=(
                lambda d: 1 / np.sqrt(2 * np.pi * d.sigma**2) * np.exp(d.e**2 / (2 * d.sigma**2)),
                lambda d: 1 / np.sqrt(2 * np.pi * d.sigma**2) * np.exp(-(d.e**2) / d.sigma**2),
            ),
        ),
        Line(
            value=lambda d: (
                1
                / np.sqrt(2 * np.pi * d.sigma**2)
                * np.exp(-((d.y - d.X @ d.w - d.b) ** 2) / (2 * d.sigma**2))
            ),
            wrong=(
                # The bias added where it has to be taken away.
                lambda d: (
                    1
                    / np.sqrt(2 * np.pi * d.sigma**2)
                    * np.exp(-((d.y - d.X @ d.w + d.b) ** 2) / (2 * d.sigma**2))
                ),
            ),
        ),
    ),
)


def _factors(d: Draw) -> list[float]:
    """The n factors of the product, as they are written."""
    return [
        float(1 / np.sqrt(2 * np.pi * d.sigma**2) * np.exp(-(e**2) / (2 * d.sigma**2))) for e in d.e
    ]


LIKELIHOOD_PRODUCT = DerivationCheck(
    draw=data,
    left=lambda d: np.exp(np.sum(_log_densities(d))),
    lines=(
        Line(
            value=lambda d: np.prod(_densities(d)),
            wrong=(lambda d: np.sum(_densities(d)),),
        ),
        Line(
            value=lambda d: np.prod(_factors(d)),
            wrong=(lambda d: np.prod([factor * np.sqrt(2 * np.pi) for factor in _factors(d)]),),
        ),
        Line(
            value=lambda d: (
                (2 * np.pi * d.sigma**2) ** (-SAMPLES / 2)
                * np.prod([np.exp(-(e**2) / (2 * d.sigma**2)) for e in d.e])
            ),
            wrong=(
                # The factor pulled out once for all samples.
                lambda d: (
                    (2 * np.pi * d.sigma**2) ** (-1 / 2)
                    * np.prod([np.exp(-(e**2) / (2 * d.sigma**2)) for e in d.e])
                ),
            ),
        ),
        Line(
            value=lambda d: (
                (2 * np.pi * d.sigma**2) ** (-SAMPLES / 2)
                * np.exp(-1 / (2 * d.sigma**2) * np.sum(d.e**2))
            ),
            wrong=(
                lambda d: (
                    (2 * np.pi * d.sigma**2) ** (-SAMPLES / 2)
                    * np.exp(-1 / (2 * d.sigma**2) * np.prod(d.e**2))
                ),
                lambda d: (
                    (2 * np.pi * d.sigma**2) ** (-SAMPLES / 2)
                    * np.exp(-1 / (2 * d.sigma**2) * np.sum(d.e) ** 2)
                ),
            ),
        ),
    ),
)


def mean_loss(d: Draw) -> float:
    """L = (1/n) Σ ½ e_i²."""
    return float(np.mean(0.5 * d.e**2))


NEGATIVE_LOG_LIKELIHOOD = DerivationCheck(
    draw=data,
    left=lambda d: -np.sum(_log_densities(d)),
    lines=(
        Line(
            value=lambda d: -np.log(np.prod(_densities(d))),
            wrong=(lambda d: np.log(np.prod(_densities(d))),),
        ),
        Line(
            value=lambda d: -sum(np.log(p) for p in _densities(d)),
            # The logarithm of the sum for the sum of the logarithms.
            wrong=(lambda d: -np.log(sum(_densities(d))),),
        ),
        Line(
            value=lambda d: (
                -sum(
                    np.log(
                        (2 * np.pi * d.sigma**2) ** (-1 / 2) * np.exp(-(e**2) / (2 * d.sigma**2))
                    )
                    for e in d.e
                )
            ),
            wrong=(
                lambda d: (
                    -sum(
                        np.log(
                            (2 * np.pi * d.sigma**2) ** (1 / 2) * np.exp(-(e**2) / (2 * d.sigma**2))
                        )
                        for e in d.e
                    )
                ),
            ),
        ),
        Line(
            value=lambda d: (
                -sum(-1 / 2 * np.log(2 * np.pi * d.sigma**2) - e**2 / (2 * d.sigma**2) for e in d.e)
            ),
            wrong=(
                lambda d: (
                    -sum(
                        -1 / 2 * np.log(2 * np.pi * d.sigma**2) + e**2 / (2 * d.sigma**2)
                        for e in d.e
                    )
                ),
            ),
        ),
        Line(
            value=lambda d: sum(
                1 / 2 * np.log(2 * np.pi * d.sigma**2) + e**2 / (2 * d.sigma**2) for e in d.e
            ),
            wrong=(
                lambda d: sum(
                    1 / 2 * np.log(2 * np.pi * d.sigma**2) - e**2 / (2 * d.sigma**2) for e in d.e
                ),
            ),
        ),
        Line(
            value=lambda d: (
                SAMPLES / 2 * np.log(2 * np.pi * d.sigma**2)
                + 1 / (2 * d.sigma**2) * sum(e**2 for e in d.e)
            ),
            wrong=(
                lambda d: (
                    1 / 2 * np.log(2 * np.pi * d.sigma**2)
                    + 1 / (2 * d.sigma**2) * sum(e**2 for e in d.e)
                ),
            ),
        ),
        Line(
            value=lambda d: (
                SAMPLES / 2 * np.log(2 * np.pi * d.sigma**2) + SAMPLES / d.sigma**2 * mean_loss(d)
            ),
            wrong=(
                lambda d: (
                    SAMPLES / 2 * np.log(2 * np.pi * d.sigma**2)
                    + SAMPLES / (2 * d.sigma**2) * mean_loss(d)
                ),
                lambda d: (
                    SAMPLES / 2 * np.log(2 * np.pi * d.sigma**2) + 1 / d.sigma**2 * mean_loss(d)
                ),
            ),
        ),
    ),
)

# --- gradients ----------------------------------------------------------------------------


def _negative_log(t: SimpleNamespace) -> torch.Tensor:
    """−ln P by torch's own normal distribution."""
    import torch

    found: torch.Tensor = -torch.distributions.Normal(t.X @ t.w + t.b, t.sigma).log_prob(t.y).sum()
    return found


def _loss(t: SimpleNamespace) -> torch.Tensor:
    """L in torch."""
    found: torch.Tensor = (0.5 * (t.y - t.X @ t.w - t.b) ** 2).mean()
    return found


def _constant(t: SimpleNamespace) -> torch.Tensor:
    """(n/2) ln(2πσ²), which no weight can move."""
    found: torch.Tensor = SAMPLES / 2 * (2 * np.pi * t.sigma**2).log() + 0 * t.w.sum()
    return found


SAME_GRADIENT = DerivationCheck(
    draw=data,
    left=Derivative(_negative_log, at="w"),
    lines=(
        Line(
            value=lambda d: (
                by_autograd(_constant, "w", d) + SAMPLES / d.sigma**2 * by_autograd(_loss, "w", d)
            ),
            wrong=(
                lambda d: (
                    by_autograd(_constant, "w", d)
                    + 1 / (2 * d.sigma**2) * by_autograd(_loss, "w", d)
                ),
            ),
        ),
        Line(
            value=lambda d: SAMPLES / d.sigma**2 * by_autograd(_loss, "w", d),
            wrong=(lambda d: by_autograd(_loss, "w", d),),
        ),
        Line(
            value=lambda d: -1 / d.sigma**2 * sum(e * x for e, x in zip(d.e, d.X, strict=True)),
            wrong=(
                # The sign of the inner derivative forgotten.
                lambda d: 1 / d.sigma**2 * sum(e * x for e, x in zip(d.e, d.X, strict=True)),
                lambda d: (
                    -1 / (SAMPLES * d.sigma**2) * sum(e * x for e, x in zip(d.e, d.X, strict=True))
                ),
            ),
        ),
    ),
)


def _split_log(t: SimpleNamespace) -> torch.Tensor:
    """(n/2) ln 2π + n ln σ + Σ e² / 2σ²."""
    found: torch.Tensor = (
        SAMPLES / 2 * np.log(2 * np.pi)
        + SAMPLES * t.sigma.log()
        + (t.e**2).sum() / (2 * t.sigma**2)
    )
    return found


def _split_log_once(t: SimpleNamespace) -> torch.Tensor:
    """The same with ln σ in place of ln σ²."""
    found: torch.Tensor = SAMPLES / 2 * t.sigma.log() + (t.e**2).sum() / (2 * t.sigma**2)
    return found


def _noise_data(rng: np.random.Generator) -> Draw:
    """The data, with a σ that is not the best one, where the slope would be 0."""
    draw = data(rng)
    factor = float(rng.choice([0.6, 1.5]))
    draw.sigma = np.array(factor * np.sqrt(np.mean(draw.e**2)))
    return draw


NOISE_SLOPE = DerivationCheck(
    draw=_noise_data,
    left=Derivative(_negative_log, at="sigma"),
    lines=(
        Line(
            value=lambda d: by_autograd(_split_log, "sigma", d),
            wrong=(lambda d: by_autograd(_split_log_once, "sigma", d),),
        ),
        Line(
            value=lambda d: SAMPLES / d.sigma - 1 / d.sigma**3 * sum(e**2 for e in d.e),
            wrong=(
                lambda d: SAMPLES / d.sigma + 1 / d.sigma**3 * sum(e**2 for e in d.e),
                lambda d: SAMPLES / d.sigma - 1 / (2 * d.sigma**3) * sum(e**2 for e in d.e),
            ),
        ),
        Line(
            value=lambda d: (
                SAMPLES / d.sigma**3 * (d.sigma**2 - 1 / SAMPLES * sum(e**2 for e in d.e))
            ),
            wrong=(lambda d: SAMPLES / d.sigma**3 * (d.sigma**2 - sum(e**2 for e in d.e)),),
        ),
        Line(
            value=lambda d: SAMPLES / d.sigma**3 * (d.sigma**2 - 2 * mean_loss(d)),
            wrong=(lambda d: SAMPLES / d.sigma**3 * (d.sigma**2 - mean_loss(d)),),
        ),
    ),
)


def _laplace(rng: np.random.Generator) -> Draw:
    """Six noises and a width s."""
    return Draw(noise=rng.normal(size=SAMPLES), s=float(rng.uniform(0.6, 2)))


def _laplace_by_torch(d: Draw) -> Array:
    """−ln p by torch's own Laplace distribution."""
    import torch

    law = torch.distributions.Laplace(
        torch.tensor(0.0, dtype=torch.float64), torch.tensor(d.s, dtype=torch.float64)
    )
    return np.asarray(-law.log_prob(torch.tensor(d.noise)).numpy())


LAPLACE_LOSS = DerivationCheck(
    draw=_laplace,
    left=_laplace_by_torch,
    lines=(
        Line(
            value=lambda d: -np.log(1 / (2 * d.s)) - np.log(np.exp(-np.abs(d.noise) / d.s)),
            wrong=(lambda d: -np.log(1 / (2 * d.s)) * np.log(np.exp(-np.abs(d.noise) / d.s)),),
        ),
        Line(
            value=lambda d: np.log(2 * d.s) - np.log(np.exp(-np.abs(d.noise) / d.s)),
            wrong=(lambda d: -np.log(2 * d.s) - np.log(np.exp(-np.abs(d.noise) / d.s)),),
        ),
        Line(
            value=lambda d: np.log(2 * d.s) + np.abs(d.noise) / d.s,
            wrong=(
                lambda d: np.log(2 * d.s) - np.abs(d.noise) / d.s,
                lambda d: np.log(2 * d.s) + d.noise / d.s,
            ),
        ),
    ),
)

BOOK = CheckBook(
    "linear",
    derivations={
        "density_of_y": DENSITY_OF_Y,
        "likelihood_product": LIKELIHOOD_PRODUCT,
        "negative_log_likelihood": NEGATIVE_LOG_LIKELIHOOD,
        "same_gradient": SAME_GRADIENT,
        "noise_slope": NOISE_SLOPE,
        "laplace_loss": LAPLACE_LOSS,
    },
)
