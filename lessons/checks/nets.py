"""Random small networks for the checks, in NumPy and, where autograd is asked, in torch."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import Array, Draw

if TYPE_CHECKING:
    import torch


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^{−z})."""
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z: Array) -> Array:
    """σ′(z) = σ(z)(1 − σ(z))."""
    return sigmoid(z) * (1 - sigmoid(z))


def layers(rng: np.random.Generator, *widths: int) -> Draw:
    """A sigmoid network with a sample, forward computed.

    For layers l = 1 … n: `a1` is the input; `W1` (S_1, S_2), `b1` (S_2,) lead from layer 1 to
    layer 2, where `z2`, `a2` stand, and so on; `y` is the target. In the notation of the lessons
    W[i, j] of the formulas, unit j into unit i, is `W1[j, i]`: column i holds unit i's weights.
    """
    draw = Draw(n=len(widths), a1=rng.normal(size=widths[0]), y=rng.uniform(size=widths[-1]))
    for layer, (sends, receives) in enumerate(pairwise(widths), start=1):
        # Small weights keep the units from saturating: tiny slopes drown in rounding.
        W = rng.normal(scale=0.6, size=(sends, receives))
        b = rng.normal(scale=0.6, size=receives)
        z = W.T @ getattr(draw, f"a{layer}") + b
        vars(draw).update({f"W{layer}": W, f"b{layer}": b})
        vars(draw).update({f"z{layer + 1}": z, f"a{layer + 1}": sigmoid(z)})
    return draw


def loss_from(draw: SimpleNamespace, layer: int) -> torch.Tensor:
    """L = ½‖a − y‖² in torch, computed from `z` of a layer (2 … n) onwards."""
    import torch

    a = torch.sigmoid(getattr(draw, f"z{layer}"))
    for below in range(layer, draw.n):
        a = torch.sigmoid(getattr(draw, f"W{below}").T @ a + getattr(draw, f"b{below}"))
    loss: torch.Tensor = 0.5 * ((a - draw.y) ** 2).sum()
    return loss
