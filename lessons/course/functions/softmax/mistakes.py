"""The faulty and the repaired programs of `functions/softmax`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from lessons.course.parts import Array, central_slopes
from lessons.judge.evidence import (
    Curve,
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
)


def faulty_softmax_slopes(Z: Tensor) -> Tensor:
    """How the first probability moves with its own score."""
    Z = Z.clone().requires_grad_()
    P = torch.softmax(Z, dim=1)
    (G,) = torch.autograd.grad(P.sum(), Z)
    return G[:, 0]


def softmax_slopes(Z: Tensor) -> Tensor:
    """How the first probability moves with its own score."""
    Z = Z.clone().requires_grad_()
    P = torch.softmax(Z, dim=1)
    (G,) = torch.autograd.grad(P[:, 0].sum(), Z)
    return G[:, 0]


def _softmax_slopes(run: Program) -> Evidence:
    import torch

    scores = np.linspace(-6.0, 6.0, 61)
    rest = torch.tensor([0.5, -0.5], dtype=torch.float64)
    Z = torch.stack([torch.cat([torch.tensor([score]), rest]) for score in scores])
    slopes = run(Z).numpy()

    def first(values: Array) -> float:
        return float((np.exp(values) / (np.exp(values) + np.exp([0.5, -0.5]).sum())).sum())

    central = central_slopes(first, scores)
    facts = (
        Fact("slope at the score 0", f"{slopes[30]:.4f}"),
        Fact("by central differences", f"{central[30]:.4f}"),
        Fact("largest slope of all 61", f"{np.abs(slopes).max():.4f}"),
    )
    measure = Measure(
        "farthest from central differences", float(np.abs(slopes - central).max()), 1e-8
    )
    curve = Curve(tuple(scores), tuple(map(float, slopes)), "score", "slope", y_limits=(0, 0.3))
    return Evidence(measure, facts, curve)


MISTAKES: Mapping[str, MistakeValues] = {
    "softmax-sum-gradient": MistakeValues("softmax_slopes", _softmax_slopes),
}
