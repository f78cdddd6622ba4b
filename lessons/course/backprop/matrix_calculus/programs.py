"""The programs that `backprop/matrix-calculus` shows and runs."""

from __future__ import annotations

import torch


def _short(values: torch.Tensor) -> list[object]:
    """The numbers of a tensor, rounded for reading."""
    found: list[object] = values.detach().double().numpy().round(6).tolist()
    return found


def trace_both_ways() -> None:
    """Print the gradient of tr(AXBX) by autograd and by the formula."""
    generator = torch.Generator().manual_seed(0)
    X = torch.arange(12.0).view(3, 4).requires_grad_()
    A, B = torch.rand(2, 4, 3, generator=generator)

    torch.trace(A @ X @ B @ X).backward()
    with torch.no_grad():
        formula = A.T @ X.T @ B.T + B.T @ X.T @ A.T

    assert X.grad is not None
    print("autograd:")
    for row in _short(X.grad):
        print(" ", row)
    print("formula:")
    for row in _short(formula):
        print(" ", row)
    print("largest difference:", (X.grad - formula).abs().max().item())
