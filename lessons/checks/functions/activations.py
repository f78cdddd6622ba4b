"""The checks of `functions/activations` for the smooth functions: sigmoid, tanh, softplus."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Derivative,
    Draw,
    Line,
)
from lessons.checks.nets import sigmoid
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def inputs(rng: np.random.Generator) -> Draw:
    """Six inputs z, three of each sign, away from the kink at 0, and a step h that is smaller."""
    z = rng.uniform(0.1, 2.5, size=6) * np.array([1, 1, 1, -1, -1, -1])
    h = rng.uniform(0.01, 0.09, size=6) * rng.choice([-1, 1], size=6)
    return Draw(z=z, h=h, alpha=float(rng.uniform(0.05, 0.5)))


def _positive(rng: np.random.Generator) -> Draw:
    """Six positive inputs."""
    return Draw(z=rng.uniform(0.1, 3, size=6))


def negative(rng: np.random.Generator) -> Draw:
    """Six negative inputs."""
    return Draw(z=-rng.uniform(0.1, 3, size=6))


def slope(of: Callable[[SimpleNamespace], torch.Tensor]) -> Derivative:
    """f′ at each z: the gradient of the sum, because entry i acts on f(z_i) only."""
    return Derivative(lambda t: of(t).sum(), at="z")


def slope_value(of: Callable[[SimpleNamespace], torch.Tensor], d: Draw) -> Array:
    """The same by autograd, for lines that still hold a derivative."""
    return by_autograd(lambda t: of(t).sum(), "z", d)


# --- sigmoid ------------------------------------------------------------------------------

SIGMOID_SLOPE = DerivationCheck(
    draw=inputs,
    left=slope(lambda t: t.z.sigmoid()),
    lines=(
        Line(
            value=lambda d: slope_value(lambda t: (1 + (-t.z).exp()) ** -1, d),
            wrong=(lambda d: slope_value(lambda t: (1 + t.z.exp()) ** -1, d),),
        ),
        Line(
            value=lambda d: (
                -((1 + np.exp(-d.z)) ** -2.0) * slope_value(lambda t: 1 + (-t.z).exp(), d)
            ),
            wrong=(
                lambda d: -((1 + np.exp(-d.z)) ** -2.0),
                lambda d: (1 + np.exp(-d.z)) ** -2.0 * slope_value(lambda t: 1 + (-t.z).exp(), d),
            ),
        ),
        Line(
            value=lambda d: -((1 + np.exp(-d.z)) ** -2.0) * -np.exp(-d.z),
            wrong=(lambda d: -((1 + np.exp(-d.z)) ** -2.0) * np.exp(-d.z),),
        ),
        Line(
            value=lambda d: np.exp(-d.z) / (1 + np.exp(-d.z)) ** 2,
            wrong=(
                lambda d: -np.exp(-d.z) / (1 + np.exp(-d.z)) ** 2,
                lambda d: np.exp(-d.z) / (1 + np.exp(-d.z)),
            ),
        ),
        Line(
            value=lambda d: 1 / (1 + np.exp(-d.z)) * (np.exp(-d.z) / (1 + np.exp(-d.z))),
            wrong=(lambda d: 1 / (1 + np.exp(-d.z)) + np.exp(-d.z) / (1 + np.exp(-d.z)),),
        ),
        Line(
            value=lambda d: 1 / (1 + np.exp(-d.z)) * (1 - 1 / (1 + np.exp(-d.z))),
            wrong=(lambda d: 1 / (1 + np.exp(-d.z)) * (1 + 1 / (1 + np.exp(-d.z))),),
        ),
        Line(
            value=lambda d: sigmoid(d.z) * (1 - sigmoid(d.z)),
            wrong=(
                # σ of the output, where σ of the input belongs.
                lambda d: sigmoid(sigmoid(d.z)) * (1 - sigmoid(sigmoid(d.z))),
                lambda d: 1 - sigmoid(d.z) ** 2,
            ),
        ),
    ),
)

# --- tanh ---------------------------------------------------------------------------------


def _up(z: Array) -> Array:
    """e^z − e^{−z}: what stands above the line of tanh."""
    return np.exp(z) - np.exp(-z)


def _down(z: Array) -> Array:
    """e^z + e^{−z}: what stands below it."""
    return np.exp(z) + np.exp(-z)


TANH_SLOPE = DerivationCheck(
    draw=inputs,
    left=slope(lambda t: t.z.tanh()),
    lines=(
        Line(
            value=lambda d: slope_value(
                lambda t: (t.z.exp() - (-t.z).exp()) / (t.z.exp() + (-t.z).exp()), d
            ),
            wrong=(
                lambda d: slope_value(
                    lambda t: (t.z.exp() + (-t.z).exp()) / (t.z.exp() - (-t.z).exp()), d
                ),
            ),
        ),
        Line(
            value=lambda d: (_down(d.z) * _down(d.z) - _up(d.z) * _up(d.z)) / _down(d.z) ** 2,
            wrong=(
                # The product rule's plus, where the quotient rule has a minus.
                lambda d: (_down(d.z) * _down(d.z) + _up(d.z) * _up(d.z)) / _down(d.z) ** 2,
                lambda d: (_down(d.z) * _down(d.z) - _up(d.z) * _up(d.z)) / _down(d.z),
            ),
        ),
        Line(
            value=lambda d: 1 - _up(d.z) ** 2 / _down(d.z) ** 2,
            wrong=(lambda d: 1 - _up(d.z) / _down(d.z),),
        ),
        Line(
            value=lambda d: 1 - np.tanh(d.z) ** 2,
            wrong=(
                lambda d: np.tanh(d.z) * (1 - np.tanh(d.z)),
                lambda d: 1 - np.tanh(d.z),
            ),
        ),
    ),
)

TANH_SIGMOID = DerivationCheck(
    draw=inputs,
    left=lambda d: np.tanh(d.z),
    lines=(
        Line(
            value=lambda d: (np.exp(d.z) - np.exp(-d.z)) / (np.exp(d.z) + np.exp(-d.z)),
            wrong=(lambda d: (np.exp(-d.z) - np.exp(d.z)) / (np.exp(d.z) + np.exp(-d.z)),),
        ),
        Line(
            value=lambda d: (1 - np.exp(-2 * d.z)) / (1 + np.exp(-2 * d.z)),
            wrong=(lambda d: (1 - np.exp(-d.z)) / (1 + np.exp(-d.z)),),
        ),
        Line(
            value=lambda d: (2 - (1 + np.exp(-2 * d.z))) / (1 + np.exp(-2 * d.z)),
            wrong=(lambda d: (2 - (1 - np.exp(-2 * d.z))) / (1 + np.exp(-2 * d.z)),),
        ),
        Line(
            value=lambda d: 2 * sigmoid(2 * d.z) - 1,
            wrong=(
                lambda d: 2 * sigmoid(d.z) - 1,
                lambda d: sigmoid(2 * d.z) - 1,
            ),
        ),
    ),
)

# --- softplus -----------------------------------------------------------------------------


def _softplus(t: SimpleNamespace) -> torch.Tensor:
    """Softplus by torch's own function."""
    from torch.nn import functional

    return functional.softplus(t.z)


SOFTPLUS_SLOPE = DerivationCheck(
    draw=inputs,
    left=slope(_softplus),
    lines=(
        Line(
            value=lambda d: slope_value(lambda t: (1 + t.z.exp()).log(), d),
            wrong=(lambda d: slope_value(lambda t: (1 + (-t.z).exp()).log(), d),),
        ),
        Line(
            value=lambda d: 1 / (1 + np.exp(d.z)) * slope_value(lambda t: 1 + t.z.exp(), d),
            wrong=(lambda d: 1 / (1 + np.exp(d.z)),),
        ),
        Line(
            value=lambda d: np.exp(d.z) / (1 + np.exp(d.z)),
            wrong=(lambda d: (1 + np.exp(d.z)) / np.exp(d.z),),
        ),
        Line(
            value=lambda d: 1 / (np.exp(-d.z) + 1),
            wrong=(lambda d: 1 / (np.exp(d.z) + 1),),
        ),
        Line(
            value=lambda d: sigmoid(d.z),
            wrong=(lambda d: sigmoid(-d.z), lambda d: sigmoid(d.z) * (1 - sigmoid(d.z))),
        ),
    ),
)

SOFTPLUS_GAP = DerivationCheck(
    draw=_positive,
    left=lambda d: np.log(1 + np.exp(d.z)),
    lines=(
        Line(
            value=lambda d: np.log(np.exp(d.z) * (np.exp(-d.z) + 1)),
            wrong=(lambda d: np.log(np.exp(d.z) * (np.exp(d.z) + 1)),),
        ),
        Line(
            value=lambda d: np.log(np.exp(d.z)) + np.log(1 + np.exp(-d.z)),
            wrong=(lambda d: np.log(np.exp(d.z)) * np.log(1 + np.exp(-d.z)),),
        ),
        Line(
            value=lambda d: d.z + np.log(1 + np.exp(-d.z)),
            wrong=(lambda d: d.z + np.log(1 + np.exp(d.z)), lambda d: d.z - np.log1p(np.exp(-d.z))),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "sigmoid_slope": SIGMOID_SLOPE,
        "tanh_slope": TANH_SLOPE,
        "tanh_sigmoid": TANH_SIGMOID,
        "softplus_slope": SOFTPLUS_SLOPE,
        "softplus_gap": SOFTPLUS_GAP,
    },
)
