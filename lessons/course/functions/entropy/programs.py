"""The programs that `functions/entropy` shows and runs."""

from __future__ import annotations

import torch
from torch.nn import functional


def entropies() -> None:
    """Print entropy, cross entropy and divergence, then PyTorch's."""
    p = torch.tensor([0.5, 0.3, 0.2]).double()
    q = torch.tensor([0.2, 0.5, 0.3]).double()
    entropy = -(p * p.log()).sum()
    cross = -(p * q.log()).sum()
    divergence = (p * (p / q).log()).sum()
    print(f"H(p) {entropy:.6f} + KL {divergence:.6f}", end=" ")
    print(f"= {entropy + divergence:.6f}, H(p, q) {cross:.6f}")
    by_torch = functional.kl_div(q.log(), p, reduction="sum")
    print(f"kl_div(q.log(), p) {by_torch:.6f}")
