"""The programs that `linear/likelihood` shows and runs."""

from __future__ import annotations

import torch

from engine.recipes.linear import synthetic_data


def areas() -> None:
    """Print areas below a normal density, and how many of a million noises fall there."""
    sigma, width = 0.02, 0.0001
    density = torch.distributions.Normal(0.0, sigma)
    middles = torch.arange(-5 * sigma, 5 * sigma, width, dtype=torch.float64) + width / 2
    strips = density.log_prob(middles).exp() * width
    noise = sigma * torch.randn(1_000_000, generator=torch.Generator().manual_seed(0))
    for deviations in (1, 2, 3, 5):
        inside = middles.abs() < deviations * sigma
        share = (noise.abs() < deviations * sigma).double().mean()
        print(f"within {deviations} sigma   area {strips[inside].sum():.4f}   drawn {share:.4f}")


def likelihood_scan() -> None:
    """Print the squared loss beside the negative log-likelihood."""
    generator = torch.Generator().manual_seed(0)
    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 1000, generator)
    print("w1      mean loss    -ln P, sigma 0.01   -ln P, sigma 0.02")
    for step in (-2, -1, 0, 1, 2):
        w = torch.tensor([2.0 + 0.001 * step, 3.4])
        error = y - X @ w - 4.2
        row = [f"{w[0]:.3f}   {(error**2).mean() / 2:.4e} "]
        for sigma in (0.01, 0.02):
            noise = torch.distributions.Normal(0.0, sigma)
            row.append(f"{-noise.log_prob(error).sum():19.3f}")
        print(" ".join(row))
