"""The checks of `backprop/update-loop`: why a step helps, old weights, a shared bias."""

from __future__ import annotations

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
from lessons.checks.nets import layers, loss_from, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch

PARAMETERS = ("W1", "b1", "W2", "b2")


# --- one small step ------------------------------------------------------------------------


def _loss(t: SimpleNamespace) -> torch.Tensor:
    """L of a network of three layers, from its input onwards."""
    a2 = (t.W1.T @ t.a1 + t.b1).sigmoid()
    loss: torch.Tensor = 0.5 * (((t.W2.T @ a2 + t.b2).sigmoid() - t.y) ** 2).sum()
    return loss


def _stepped(t: SimpleNamespace) -> torch.Tensor:
    """L after every parameter has moved by −η times its gradient."""
    moved = {name: getattr(t, name) - t.eta * getattr(t, f"g{name}") for name in PARAMETERS}
    return _loss(SimpleNamespace(**{**vars(t), **moved}))


def _at_zero(rng: np.random.Generator) -> Draw:
    """A network with the gradients of its four parameters; η is 0."""
    draw = layers(rng, 3, 4, 2)
    for name in PARAMETERS:
        vars(draw)[f"g{name}"] = by_autograd(_loss, name, draw)
    draw.eta = np.asarray(0.0)
    return draw


def _small_step(rng: np.random.Generator) -> Draw:
    """The same with a small η."""
    draw = _at_zero(rng)
    draw.eta = np.asarray(1e-6)
    return draw


def _gradient(d: Draw) -> Array:
    """All partial derivatives in one row."""
    return np.concatenate([np.ravel(getattr(d, f"g{name}")) for name in PARAMETERS])


def _movement(d: Draw) -> Array:
    """d(θ_k − η g_k)/dη for every parameter, by autograd."""
    parts = []
    for name in PARAMETERS:

        def moved(t: SimpleNamespace, name: str = name) -> torch.Tensor:
            found: torch.Tensor = getattr(t, name) - t.eta * getattr(t, f"g{name}")
            return found

        parts.append(np.ravel(by_autograd(moved, "eta", d)))
    return np.concatenate(parts)


STEP_SLOPE = DerivationCheck(
    draw=_at_zero,
    left=Derivative(_stepped, at="eta"),
    lines=(
        Line(
            value=lambda d: np.sum(_gradient(d) * _movement(d)),
            # The biases forgotten.
            wrong=(
                lambda d: sum(
                    np.sum(-(getattr(d, f"g{name}") ** 2)) for name in PARAMETERS if name[0] == "W"
                ),
            ),
        ),
        Line(
            value=lambda d: np.sum(_gradient(d) * (-_gradient(d))),
            wrong=(lambda d: np.sum(_gradient(d) * _gradient(d)),),
        ),
        Line(
            value=lambda d: -sum(g**2 for g in _gradient(d)),
            wrong=(lambda d: -sum(abs(g) for g in _gradient(d)),),
        ),
        Line(
            value=lambda d: -(np.linalg.norm(_gradient(d)) ** 2),
            # The square of the length forgotten; the half of the loss put here.
            wrong=(
                lambda d: -np.linalg.norm(_gradient(d)),
                lambda d: -0.5 * np.linalg.norm(_gradient(d)) ** 2,
            ),
        ),
    ),
)


def _change(d: Draw) -> float:
    """L(θ − η∇L) − L(θ), both computed in full."""
    import torch

    tensors = {
        name: torch.tensor(value) if isinstance(value, np.ndarray) else value
        for name, value in vars(d).items()
    }
    t = SimpleNamespace(**tensors)
    return float(_stepped(t) - _loss(t))


STEP_CHANGE = DerivationCheck(
    draw=_small_step,
    left=_change,
    lines=(
        # The sign ≈ drops terms with η², so the residual is about η = 1e-6 times the curvature.
        Line(
            value=lambda d: -d.eta * sum(g**2 for g in _gradient(d)),
            wrong=(lambda d: d.eta * sum(g**2 for g in _gradient(d)),),
            tolerance=1e-4,
        ),
        Line(
            value=lambda d: -d.eta * np.linalg.norm(_gradient(d)) ** 2,
            wrong=(
                lambda d: -(d.eta**2) * np.linalg.norm(_gradient(d)) ** 2,
                lambda d: -2 * d.eta * np.linalg.norm(_gradient(d)) ** 2,
            ),
            tolerance=1e-4,
        ),
    ),
)


# --- old weights ---------------------------------------------------------------------------


def draw_with_rate(rng: np.random.Generator) -> Draw:
    """Three layers of 4 units with the deltas of the output, and a learning rate."""
    draw = layers(rng, 4, 4, 4)
    draw.delta = (draw.a3 - draw.y) * sigmoid_slope(draw.z3)
    draw.eta = float(rng.uniform(0.5, 2.0))
    return draw


def from_new_weights(d: Draw) -> Array:
    """The slip as a program makes it: move W⁽²⁾, then go back through the moved W⁽²⁾."""
    moved = d.W2 - d.eta * by_autograd(_loss, "W2", d)
    blame = moved @ by_autograd(lambda t: loss_from(t, 3), "z3", d)
    return np.asarray(blame * sigmoid_slope(d.z2))


UPDATED_FIRST = DerivationCheck(
    draw=draw_with_rate,
    left=from_new_weights,
    lines=(
        Line(
            value=lambda d: (
                ((d.W2 - d.eta * np.outer(d.a2, d.delta)) @ d.delta) * sigmoid_slope(d.z2)
            ),
            # The old weights: what is right, but not this slip.
            wrong=(lambda d: (d.W2 @ d.delta) * sigmoid_slope(d.z2),),
        ),
        Line(
            value=lambda d: (
                (d.W2 @ d.delta - d.eta * d.a2 * (d.delta @ d.delta)) * sigmoid_slope(d.z2)
            ),
            wrong=(
                lambda d: (
                    (d.W2 @ d.delta + d.eta * d.a2 * (d.delta @ d.delta)) * sigmoid_slope(d.z2)
                ),
            ),
        ),
        Line(
            value=lambda d: (
                (d.W2 @ d.delta) * sigmoid_slope(d.z2)
                - d.eta * (d.delta @ d.delta) * d.a2 * sigmoid_slope(d.z2)
            ),
            # σ′ only on the first term.
            wrong=(
                lambda d: (
                    (d.W2 @ d.delta) * sigmoid_slope(d.z2) - d.eta * (d.delta @ d.delta) * d.a2
                ),
            ),
        ),
        Line(
            value=lambda d: (
                by_autograd(lambda t: loss_from(t, 2), "z2", d)
                - d.eta * np.linalg.norm(d.delta) ** 2 * d.a2 * sigmoid_slope(d.z2)
            ),
            # The square forgotten; the learning rate forgotten.
            wrong=(
                lambda d: (
                    by_autograd(lambda t: loss_from(t, 2), "z2", d)
                    - d.eta * np.linalg.norm(d.delta) * d.a2 * sigmoid_slope(d.z2)
                ),
                lambda d: (
                    by_autograd(lambda t: loss_from(t, 2), "z2", d)
                    - np.linalg.norm(d.delta) ** 2 * d.a2 * sigmoid_slope(d.z2) * d.eta**2
                ),
            ),
        ),
    ),
)


# --- a bias that a layer shares ------------------------------------------------------------


def _shared(rng: np.random.Generator) -> Draw:
    """The output layer of 3 units with one bias `beta` for all of them."""
    draw = Draw(
        a=rng.normal(size=4),
        W=rng.normal(size=(4, 3)),
        beta=np.asarray(rng.normal()),
        y=rng.uniform(size=3),
    )
    draw.z = draw.W.T @ draw.a + draw.beta
    output = 1 / (1 + np.exp(-draw.z))
    draw.delta = (output - draw.y) * sigmoid_slope(draw.z)
    return draw


def _loss_of_z(t: SimpleNamespace) -> torch.Tensor:
    loss: torch.Tensor = 0.5 * ((t.z.sigmoid() - t.y) ** 2).sum()
    return loss


def _inputs(t: SimpleNamespace) -> torch.Tensor:
    """z of all units, from the one bias."""
    found: torch.Tensor = t.W.T @ t.a + t.beta
    return found


SHARED_BIAS = DerivationCheck(
    draw=_shared,
    left=Derivative(
        lambda t: _loss_of_z(SimpleNamespace(**{**vars(t), "z": _inputs(t)})), at="beta"
    ),
    lines=(
        Line(
            value=lambda d: sum(
                by_autograd(_loss_of_z, "z", d)[i] * by_autograd(_inputs, "beta", d)[i]
                for i in range(3)
            ),
            # One unit only.
            wrong=(
                lambda d: by_autograd(_loss_of_z, "z", d)[0] * by_autograd(_inputs, "beta", d)[0],
            ),
        ),
        Line(
            value=lambda d: sum(d.delta[i] * 1 for i in range(3)),
            # Times the bias itself.
            wrong=(lambda d: sum(d.delta[i] * d.beta for i in range(3)),),
        ),
        Line(
            value=lambda d: np.ones(3) @ d.delta,
            # The mean, instead of the sum.
            wrong=(lambda d: np.ones(3) @ d.delta / 3,),
        ),
    ),
)


BOOK = CheckBook(
    "backprop",
    derivations={
        "step_slope": STEP_SLOPE,
        "step_change": STEP_CHANGE,
        "updated_first": UPDATED_FIRST,
        "shared_bias": SHARED_BIAS,
    },
)
