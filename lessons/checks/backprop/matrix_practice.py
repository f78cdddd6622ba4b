"""The checks of `backprop/matrix-calculus` that practise the method, up to a layer's gradients."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.backprop.matrix_calculus import along, differential, draw_matrices
from lessons.checks.base import Array, CheckBook, DerivationCheck, Derivative, Draw, Line
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


TRACE_OF_PRODUCT = DerivationCheck(
    draw=draw_matrices,
    left=differential(lambda t: (t.A @ t.X).trace()),
    lines=(
        Line(
            value=lambda d: np.trace(d.A @ d.dX),
            wrong=(lambda d: np.trace(d.A @ d.X),),
        ),
        Line(
            left=Derivative(lambda t: (t.A @ t.X).trace(), at="X"),
            value=lambda d: d.A.T,
            # Reshaped where it should be transposed.
            wrong=(lambda d: d.A.reshape(3, 4),),
        ),
    ),
)

SQUARED_NORM = DerivationCheck(
    draw=draw_matrices,
    left=differential(lambda t: (t.X**2).sum()),
    lines=(
        Line(
            value=lambda d: np.trace(by_autograd(along(lambda t: t.X.T @ t.X), "h", d)),
            wrong=(lambda d: np.sum(by_autograd(along(lambda t: t.X.T @ t.X), "h", d)),),
        ),
        Line(
            value=lambda d: np.trace(d.dX.T @ d.X) + np.trace(d.X.T @ d.dX),
            wrong=(lambda d: np.trace(d.dX.T @ d.dX),),
        ),
        Line(
            value=lambda d: np.trace(d.X.T @ d.dX) + np.trace(d.X.T @ d.dX),
            wrong=(lambda d: np.trace(d.X.T @ d.dX) - np.trace(d.X.T @ d.dX),),
        ),
        Line(
            value=lambda d: np.trace(2 * d.X.T @ d.dX),
            wrong=(lambda d: np.trace(d.X.T @ d.dX),),
        ),
        Line(
            left=Derivative(lambda t: (t.X**2).sum(), at="X"),
            value=lambda d: 2 * d.X,
            # The transpose not undone, its numbers poured into the shape of X.
            wrong=(lambda d: 2 * d.X.T.reshape(3, 4),),
        ),
    ),
)


# --- a layer -------------------------------------------------------------------------------


def _layer(rng: np.random.Generator) -> Draw:
    """A batch X (5 × 3) of rows, weights W (3 × 2), targets Y; D = ∂L/∂Z for Z = XW."""
    draw = Draw(
        X=rng.normal(size=(5, 3)),
        W=rng.normal(size=(3, 2)),
        Y=rng.uniform(size=(5, 2)),
        dX=rng.normal(size=(5, 3)),
        dW=rng.normal(size=(3, 2)),
        h=np.asarray(0.0),
    )
    draw.Z = draw.X @ draw.W
    draw.D = by_autograd(lambda t: _loss_of_z(t.Z, t), "Z", draw)
    return draw


def _loss_of_z(Z: torch.Tensor, t: SimpleNamespace) -> torch.Tensor:
    """L = ½‖σ(Z) − Y‖²."""
    loss: torch.Tensor = 0.5 * ((Z.sigmoid() - t.Y) ** 2).sum()
    return loss


def _loss(t: SimpleNamespace) -> torch.Tensor:
    return _loss_of_z(t.X @ t.W, t)


def _moved_weights(t: SimpleNamespace) -> torch.Tensor:
    found: torch.Tensor = t.X @ (t.W + t.h * t.dW)
    return found


def _moved_by(d: Draw) -> Array:
    """How Z moves when W moves by dW, by autograd."""
    return by_autograd(_moved_weights, "h", d)


LAYER_WEIGHTS = DerivationCheck(
    draw=_layer,
    left=Derivative(lambda t: _loss_of_z(_moved_weights(t), t), at="h"),
    lines=(
        Line(
            value=lambda d: np.trace(d.D.T @ _moved_by(d)),
            wrong=(lambda d: np.trace(d.D.T @ d.Z),),
        ),
        Line(
            value=lambda d: np.trace(d.D.T @ d.X @ d.dW),
            wrong=(lambda d: -np.trace(d.D.T @ d.X @ d.dW),),
        ),
        Line(
            left=Derivative(_loss, at="W"),
            value=lambda d: (d.D.T @ d.X).T,
            wrong=(lambda d: (d.D.T @ d.X).reshape(3, 2),),
        ),
        Line(
            value=lambda d: d.X.T @ d.D,
            # The mean over the samples, where the loss is a sum.
            wrong=(lambda d: d.X.T @ d.D / 5,),
        ),
    ),
)

LAYER_INPUTS = DerivationCheck(
    draw=_layer,
    left=Derivative(lambda t: _loss_of_z((t.X + t.h * t.dX) @ t.W, t), at="h"),
    lines=(
        Line(
            value=lambda d: np.trace(d.D.T @ d.dX @ d.W),
            wrong=(lambda d: np.trace(d.D.T @ d.X @ d.W),),
        ),
        Line(
            value=lambda d: np.trace(d.W @ d.D.T @ d.dX),
            wrong=(lambda d: np.trace(d.W[::-1] @ d.D.T @ d.dX),),
        ),
        Line(
            left=Derivative(_loss, at="X"),
            value=lambda d: (d.W @ d.D.T).T,
            wrong=(lambda d: (d.W @ d.D.T).reshape(5, 3),),
        ),
        Line(
            value=lambda d: d.D @ d.W.T,
            wrong=(lambda d: d.D @ d.W.reshape(2, 3),),
        ),
    ),
)


BOOK = CheckBook(
    "backprop",
    derivations={
        "trace_of_product": TRACE_OF_PRODUCT,
        "squared_norm": SQUARED_NORM,
        "layer_weights": LAYER_WEIGHTS,
        "layer_inputs": LAYER_INPUTS,
    },
)
