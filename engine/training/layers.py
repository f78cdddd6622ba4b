"""What the units of a layer give, whether they can learn, and how large the gradients are."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.training.insight import Histogram, LayerInsight

if TYPE_CHECKING:
    from torch import Tensor

    from engine.training.inside import Activation, Hidden

BINS = 24
MOST_NUMBERS = 20_000
"""How many numbers of a layer a histogram counts: every k-th, where there are more."""
STRAIGHT = 3
"""A function with so few different slopes is made of straight lines."""
FLAT = 0.05
"""An activation is almost flat where its slope is below this share of its steepest."""
MOSTLY = 0.8
"""The share of samples at which a saturated unit is almost flat."""
ROUNDING = 1e-5
"""Units whose z differ by less than this share are alike: sums in another order round otherwise."""
FAINT = 0.01
"""Nor do they differ by this share of how far z varies: a large bias hides different weights."""


def layer_insight(
    name: str, ratio: float | None, gradient: Tensor, hidden: Hidden | None, flat: float
) -> LayerInsight:
    """One layer: its name, update ÷ weight, the gradient of its weights, its activation if any.

    `flat` is what `flat_slope` gives for that activation. The graph of `hidden` must still be
    there.
    """
    plain = LayerInsight(name, ratio, gradients=_of_gradients(gradient.detach()))
    if hidden is None:
        return plain
    import torch

    (slope,) = torch.autograd.grad(hidden.a.sum(), hidden.z, retain_graph=True)
    slope = slope.abs()
    dead = (slope == 0).all(dim=0)
    saturated = (slope < flat).float().mean(dim=0) >= MOSTLY
    return replace(
        plain,
        units=slope.shape[1],
        dead=int(dead.sum()),
        saturated=int((saturated & ~dead).sum()),
        activations=_of_activations(hidden.a.detach()),
        alike=_alike(hidden.z.detach()),
    )


def _alike(z: Tensor) -> int:
    """How many columns of z, (n, units), are those of another one as well, but for rounding.

    Units with the same weights get the same z at every sample, and so the same mean: after sorting
    by it, they are neighbours.
    """
    sorted_z = z[:, z.mean(dim=0).argsort()]
    apart = (sorted_z[:, 1:] - sorted_z[:, :-1]).abs().amax(dim=0)
    largest = sorted_z.abs().amax(dim=0)
    spread = sorted_z.amax(dim=0) - sorted_z.amin(dim=0)
    same = (apart <= ROUNDING * largest[1:]) & (apart <= FAINT * spread[1:])
    alike = largest.new_zeros(len(largest) + 1)
    alike[1:-1] = same.to(alike.dtype)
    return int((alike[1:] + alike[:-1] > 0).sum())


def flat_slope(activation: Activation, like: Tensor) -> float:
    """Below which slope an activation function is almost flat; `like` says in which precision.

    0, so nowhere, for a function made of straight lines, such as ReLU: it does not saturate.
    """
    import torch

    z = torch.linspace(-6, 6, 241, dtype=like.dtype, device=like.device).requires_grad_()
    (slope,) = torch.autograd.grad(activation(z).sum(), z)
    slope = slope.abs()
    return 0.0 if len(slope.unique()) <= STRAIGHT else FLAT * float(slope.max())


def _thinned(values: Tensor) -> Tensor:
    """Every k-th number, of all columns alike: k has no divisor in common with their number."""
    flat, columns = values.flatten(), values.shape[-1]
    step = -(-len(flat) // MOST_NUMBERS)
    while math.gcd(step, columns) > 1:
        step += 1
    return flat[::step]


def _of_activations(values: Tensor) -> Histogram:
    some = _thinned(values).float()
    low, high = float(some.min()), float(some.max())
    if high <= low:
        high = low + max(1.0, abs(low) / 1000)  # beside a large number, 1 is nothing
    return Histogram(low, high, tuple(int(n) for n in some.histc(BINS, low, high).tolist()))


def _of_gradients(gradient: Tensor) -> Histogram:
    some = _thinned(gradient).abs()
    moving = some[some > 0].log10()
    if not len(moving):
        return Histogram(0.0, 1.0, (0,) * BINS, len(some))
    low, high = float(moving.min()), float(moving.max())
    if high <= low:
        high = low + 1.0
    counts = tuple(int(n) for n in moving.histc(BINS, low, high).tolist())
    return Histogram(low, high, counts, len(some) - sum(counts))
