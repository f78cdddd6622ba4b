"""The checks of `functions/activations` for the functions with a kink: ReLU and its relatives."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from engine.activations import Selu, activation
from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Draw,
    Line,
)
from lessons.checks.functions.activations import inputs, negative, slope, slope_value

if TYPE_CHECKING:
    import torch

LAMBDA, ALPHA = Selu.scale, Selu.alpha


# --- ReLU ---------------------------------------------------------------------------------


def _rise(z: Array | float, h: Array) -> Array:
    """(max(0, z + h) − max(0, z)) / h."""
    return np.asarray((np.maximum(0, z + h) - np.maximum(0, z)) / h)


RELU_SLOPE = DerivationCheck(
    draw=inputs,
    left=slope(lambda t: t.z.relu()),
    lines=(
        Line(
            value=lambda d: _rise(d.z, d.h),
            wrong=(lambda d: (np.maximum(0, d.z) - np.maximum(0, d.z + d.h)) / d.h,),
        ),
        Line(
            value=lambda d: np.where(d.z > 0, ((d.z + d.h) - d.z) / d.h, (0 - 0) / d.h),
            wrong=(lambda d: np.where(d.z < 0, ((d.z + d.h) - d.z) / d.h, (0 - 0) / d.h),),
        ),
        Line(
            value=lambda d: np.where(d.z > 0, 1.0, 0.0),
            wrong=(
                lambda d: np.where(d.z > 0, d.z, 0.0),
                lambda d: np.where(d.z > 0, 1.0, -1.0),
            ),
        ),
    ),
)


def _step(sign: int, rng: np.random.Generator) -> Draw:
    """Three steps from 0, all to one side."""
    return Draw(h=sign * rng.uniform(0.01, 1, size=3))


RELU_RIGHT = DerivationCheck(
    draw=partial(_step, 1),
    left=lambda d: _rise(0.0, d.h),
    lines=(
        Line(
            value=lambda d: (d.h - 0) / d.h,
            wrong=(lambda d: (0 - d.h) / d.h, lambda d: (0 - 0) / d.h),
        ),
        Line(value=lambda d: np.ones_like(d.h), wrong=(lambda d: d.h,)),
    ),
)

RELU_LEFT = DerivationCheck(
    draw=partial(_step, -1),
    left=lambda d: _rise(0.0, d.h),
    lines=(
        Line(
            value=lambda d: (0 - 0) / d.h,
            wrong=(lambda d: (d.h - 0) / d.h,),
            floor=1.0,
        ),
        Line(value=lambda d: np.zeros_like(d.h), wrong=(lambda d: -np.ones_like(d.h),), floor=1.0),
    ),
)

# --- leaky ReLU ---------------------------------------------------------------------------


def _leaky(t: SimpleNamespace) -> torch.Tensor:
    """Leaky ReLU by torch's own function."""
    from torch.nn import functional

    return functional.leaky_relu(t.z, t.alpha)


def _leaky_cases(t: SimpleNamespace) -> torch.Tensor:
    """Leaky ReLU by its two cases."""
    import torch

    return torch.where(t.z > 0, t.z, t.alpha * t.z)


def _leaky_swapped(t: SimpleNamespace) -> torch.Tensor:
    """The cases the wrong way round."""
    import torch

    return torch.where(t.z > 0, t.alpha * t.z, t.z)


LEAKY_SLOPE = DerivationCheck(
    draw=inputs,
    left=slope(_leaky),
    lines=(
        Line(
            value=lambda d: slope_value(_leaky_cases, d),
            wrong=(lambda d: slope_value(_leaky_swapped, d),),
        ),
        Line(
            value=lambda d: np.where(d.z > 0, 1.0, d.alpha),
            wrong=(
                lambda d: np.where(d.z > 0, 1.0, -d.alpha),
                lambda d: np.where(d.z > 0, 1.0, d.alpha * d.z),
            ),
        ),
    ),
)


def _leaky_value(d: Draw) -> Array:
    """Leaky ReLU by torch, as an array."""
    import torch

    tensors = SimpleNamespace(z=torch.tensor(d.z), alpha=d.alpha)
    return np.asarray(_leaky(tensors).numpy())


LEAKY_MAX = DerivationCheck(
    draw=inputs,
    left=_leaky_value,
    lines=(
        Line(
            value=lambda d: np.where(d.z > 0, d.z, d.alpha * d.z),
            wrong=(lambda d: np.where(d.z > 0, d.z, -d.alpha * d.z),),
        ),
        Line(
            value=lambda d: np.maximum(d.alpha * d.z, d.z),
            wrong=(
                lambda d: np.minimum(d.alpha * d.z, d.z),
                lambda d: np.maximum(-d.alpha * d.z, d.z),
            ),
        ),
    ),
)

# --- SELU ---------------------------------------------------------------------------------


def _selu(t: SimpleNamespace) -> torch.Tensor:
    """SELU by torch's own function."""
    import torch

    return torch.selu(t.z)


SELU_SLOPE = DerivationCheck(
    draw=negative,
    left=slope(_selu),
    lines=(
        Line(
            value=lambda d: slope_value(lambda t: LAMBDA * ALPHA * (t.z.exp() - 1), d),
            wrong=(lambda d: slope_value(lambda t: ALPHA * (t.z.exp() - 1), d),),
        ),
        Line(
            value=lambda d: LAMBDA * ALPHA * np.exp(d.z),
            wrong=(lambda d: LAMBDA * ALPHA * (np.exp(d.z) - 1), lambda d: ALPHA * np.exp(d.z)),
        ),
        Line(
            value=lambda d: LAMBDA * ALPHA * (np.exp(d.z) - 1) + LAMBDA * ALPHA,
            wrong=(lambda d: LAMBDA * ALPHA * (np.exp(d.z) - 1) + 1,),
        ),
        Line(
            value=lambda d: activation("selu").value(d.z) + LAMBDA * ALPHA,
            wrong=(
                lambda d: activation("selu").value(d.z) - LAMBDA * ALPHA,
                lambda d: activation("selu").value(d.z) + ALPHA,
            ),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "relu_slope": RELU_SLOPE,
        "relu_right": RELU_RIGHT,
        "relu_left": RELU_LEFT,
        "leaky_slope": LEAKY_SLOPE,
        "leaky_max": LEAKY_MAX,
        "selu_slope": SELU_SLOPE,
    },
)
