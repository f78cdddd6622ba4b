"""Short programs of the chapter on linear regression."""

from __future__ import annotations

import torch

from engine.recipes.linear import synthetic_data


def look_at_data() -> None:
    """Print three samples, and what the labels would be without noise."""
    generator = torch.Generator().manual_seed(0)
    w, b = torch.tensor([2.0, 3.4]), 4.2
    X, y = synthetic_data(w, b, 1000, generator)
    print("X", tuple(X.shape), " y", tuple(y.shape))
    for features, label in zip(X[:3], y[:3], strict=True):
        x1, x2 = features.tolist()
        exact = 2.0 * x1 + 3.4 * x2 + b
        print(f"x = ({x1:+.4f}, {x2:+.4f})  y = {label:+.4f}  without noise {exact:+.4f}")


def closed_form() -> None:
    """Print the parameters that solve the normal equations."""
    generator = torch.Generator().manual_seed(0)
    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 1000, generator)
    A = torch.cat([X, torch.ones(1000, 1)], dim=1).double()
    y = y.double()
    theta = torch.linalg.lstsq(A, y[:, None]).solution[:, 0]
    residual = A @ theta - y
    print("w =", theta[:2].tolist(), " b =", theta[2].item())
    print(f"largest slope {(A.T @ residual / 1000).abs().max():.1e}")
    print(f"mean loss {(residual**2).mean() / 2:.3e}")


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
