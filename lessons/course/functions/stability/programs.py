"""The programs that `functions/stability` shows and runs."""

from __future__ import annotations

import torch


def naive_softmax() -> None:
    """Print softmax as the formula stands, beside PyTorch's own."""
    for base in (0.0, 50.0, 100.0):
        z = torch.tensor([base, base + 1, base + 2])
        naive = z.exp() / z.exp().sum()
        print("scores ", z.tolist())
        print("  naive  ", [round(p, 4) for p in naive.tolist()])
        stable = torch.softmax(z, 0)
        print("  stable ", [round(p, 4) for p in stable.tolist()])


def log_of_zero() -> None:
    """Print the logarithm of a probability that rounds to 0."""
    z = torch.tensor([0.0, 200.0], requires_grad=True)
    for log_p in (torch.softmax(z, 0).log(), torch.log_softmax(z, 0)):
        (slope,) = torch.autograd.grad(log_p[0], z)
        print(f"ln p = {log_p[0].item()}  gradient {slope.tolist()}")
