"""The faulty and the repaired programs of `functions/activations`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.parts import Array
from lessons.judge.evidence import (
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
)


def faulty_relu_gradient(X: Array, W: Array, G: Array) -> Array:
    """The gradient for W, as autograd; G comes from above."""
    Z = X @ W
    D = G.copy()
    D[Z < 0] = 0
    return X.T @ D


def relu_gradient(X: Array, W: Array, G: Array) -> Array:
    """The gradient for W, as autograd; G comes from above."""
    Z = X @ W
    D = G.copy()
    D[Z <= 0] = 0
    return X.T @ D


def _relu_gradient(run: Program) -> Evidence:
    import torch

    rng = np.random.default_rng(3)
    # Whole numbers, so that some sums are exactly 0.
    X, W = (rng.integers(-2, 3, size=shape).astype(np.float64) for shape in ((6, 3), (3, 4)))
    G = rng.normal(size=(6, 4))
    found = run(X, W, G)
    leaf = torch.tensor(W, requires_grad=True)
    torch.relu(torch.tensor(X) @ leaf).backward(torch.tensor(G))
    assert leaf.grad is not None
    off = np.abs(found - leaf.grad.numpy())
    Z = X @ W
    facts = (
        Fact(
            "sums Z below 0, at 0, above 0", f"{(Z < 0).sum()}, {(Z == 0).sum()}, {(Z > 0).sum()}"
        ),
        Fact("entries that disagree", f"{int((off > 1e-9).sum())} of {off.size}"),
        Fact(
            "units without a 0 agree",
            "yes" if (off[:, (Z != 0).all(axis=0)] < 1e-9).all() else "no",
        ),
    )
    return Evidence(Measure("farthest from autograd", float(off.max()), 1e-9), facts)


MISTAKES: Mapping[str, MistakeValues] = {
    "relu-at-zero": MistakeValues("relu_gradient", _relu_gradient),
}
