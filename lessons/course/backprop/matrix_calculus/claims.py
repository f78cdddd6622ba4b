"""Programs that show sentences of `backprop/matrix-calculus` to be true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from torch import Tensor


def _missing(size: float) -> float:
    """How far tr(AXBX) moves beyond its differential, for a change of X of some size."""
    rng = np.random.default_rng(0)
    X, dX = rng.normal(size=(3, 4)), size * rng.normal(size=(3, 4))
    A, B = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    slope = A.T @ X.T @ B.T + B.T @ X.T @ A.T
    moved = X + dX
    change = np.trace(A @ moved @ B @ moved) - np.trace(A @ X @ B @ X)
    return float(change - (slope * dX).sum())


def first_order() -> bool:
    """What the differential leaves out, for dX and for half of it: a quarter."""
    return all(abs(_missing(size) / _missing(size / 2) - 4) < 1e-3 for size in (0.1, 0.01, 0.001))


def _graph() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """X, A and B as in the program, and tr(AXBX)."""
    import torch

    generator = torch.Generator().manual_seed(0)
    X = torch.arange(12.0).view(3, 4).requires_grad_()
    A, B = torch.rand(2, 4, 3, generator=generator)
    return X, A, B, torch.trace(A @ X @ B @ X)


def _nodes(node: Any) -> Iterator[str]:
    """The names of the operations, from the result back; no leaves."""
    if hasattr(node, "variable"):
        return
    yield node.name().rstrip("0")
    for before, _ in node.next_functions:
        if before is not None:
            yield from _nodes(before)


def step_by_step() -> bool:
    """The operations in the graph of tr(AXBX): a trace and three products."""
    return sorted(_nodes(_graph()[-1].grad_fn)) == ["MmBackward"] * 3 + ["TraceBackward"]


def both_agree() -> bool:
    """X.grad beside the formula, in float32: apart by less than 1 in 100 000."""
    X, A, B, f = _graph()
    f.backward()
    formula = (A.T @ X.T @ B.T + B.T @ X.T @ A.T).detach()
    assert X.grad is not None
    return bool(((X.grad - formula).abs() < 1e-5 * formula.abs()).all())


def batch_rules() -> bool:
    """Two layers on a batch: autograd beside Xᵀ D for W, and D Wᵀ ⊙ σ′ for the deltas before."""
    import torch

    generator = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    z, W, Y = drawn(5, 3).requires_grad_(), drawn(3, 2).requires_grad_(), drawn(5, 2)
    X = torch.sigmoid(z)
    Z = X @ W
    Z.retain_grad()
    (0.5 * (torch.sigmoid(Z) - Y) ** 2).sum().backward()
    assert Z.grad is not None
    assert W.grad is not None
    assert z.grad is not None
    D, slope = Z.grad, X * (1 - X)
    return torch.allclose(W.grad, X.T @ D) and torch.allclose(z.grad, D @ W.T * slope)


CLAIMS: Mapping[str, Claim] = {
    "first-order": first_order,
    "step-by-step": step_by_step,
    "both-agree": both_agree,
    "batch-rules": batch_rules,
}
