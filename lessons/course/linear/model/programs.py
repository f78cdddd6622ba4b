"""The programs that `linear/model` shows and runs."""

from __future__ import annotations

import torch

from engine.recipes.linear import synthetic_data


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
