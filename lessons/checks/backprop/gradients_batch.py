"""The checks of `backprop/gradients` that speak of a batch and of the layout of nn.Linear."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    DerivationCheck,
    Derivative,
    Draw,
    Line,
    Option,
)
from lessons.checks.nets import sigmoid, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _weights(d: Draw) -> str:
    return f"W{d.l}"


def _biases(d: Draw) -> str:
    return f"b{d.l}"


# --- a batch -------------------------------------------------------------------------------


def _batch(rng: np.random.Generator) -> Draw:
    """Three layers of 4 units and a batch of 4 samples; `l` is 1 or 2.

    `A1` holds the inputs and `Y` the targets, one column a sample.
    """
    draw = Draw(A1=rng.normal(size=(4, 4)), Y=rng.uniform(size=(4, 4)), l=int(rng.integers(1, 3)))
    for layer in (1, 2):
        W, b = rng.normal(size=(4, 4)), rng.normal(size=4)
        Z = W.T @ getattr(draw, f"A{layer}") + b[:, None]
        vars(draw).update({f"W{layer}": W, f"b{layer}": b})
        vars(draw).update({f"Z{layer + 1}": Z, f"A{layer + 1}": sigmoid(Z)})
    D3 = (draw.A3 - draw.Y) * sigmoid_slope(draw.Z3)
    draw.D3, draw.D2 = D3, (draw.W2 @ D3) * sigmoid_slope(draw.Z2)
    return draw


def _batch_loss(t: SimpleNamespace) -> torch.Tensor:
    """The sum of the losses of all samples."""
    import torch

    A = t.A1
    for layer in (1, 2):
        A = torch.sigmoid(getattr(t, f"W{layer}").T @ A + getattr(t, f"b{layer}")[:, None])
    loss: torch.Tensor = 0.5 * ((A - t.Y) ** 2).sum()
    return loss


def _outputs(d: Draw) -> Array:
    """What layer l sends, one column a sample."""
    return np.asarray(getattr(d, f"A{d.l}"))


def _blames(d: Draw) -> Array:
    """The deltas of layer l + 1, one column a sample."""
    return np.asarray(getattr(d, f"D{d.l + 1}"))


def _sample_gradient(d: Draw, s: int) -> Array:
    """∂L_s/∂W of sample s alone, by autograd."""
    one = Draw(**{**vars(d), "A1": d.A1[:, [s]], "Y": d.Y[:, [s]]})
    return by_autograd(_batch_loss, _weights(d), one)


BATCH_GRADIENT = DerivationCheck(
    draw=_batch,
    left=Derivative(_batch_loss, at=_weights),
    lines=(
        Line(
            value=lambda d: np.sum([_sample_gradient(d, s) for s in range(4)], axis=0),
            # The mean, where the loss is the sum.
            wrong=(lambda d: np.mean([_sample_gradient(d, s) for s in range(4)], axis=0),),
        ),
        Line(
            value=lambda d: np.sum(
                [np.outer(_outputs(d)[:, s], _blames(d)[:, s]) for s in range(4)], axis=0
            ),
            # The sums multiplied, instead of the products summed.
            wrong=(lambda d: np.outer(_outputs(d).sum(axis=1), _blames(d).sum(axis=1)),),
        ),
        Line(
            value=lambda d: _outputs(d) @ _blames(d).T,
            wrong=(lambda d: _outputs(d).T @ _blames(d), lambda d: _outputs(d) @ _blames(d)),
        ),
        Line(
            value=lambda d: (_outputs(d).T).T @ _blames(d).T,
            # X and D multiplied without a transpose.
            wrong=(lambda d: _outputs(d).T @ _blames(d).T,),
        ),
    ),
)

BATCH_BIAS = DerivationCheck(
    draw=_batch,
    left=Derivative(_batch_loss, at=_biases),
    lines=(
        Line(
            value=lambda d: np.sum([_blames(d)[:, s] for s in range(4)], axis=0),
            # The sum over the units, instead of the samples.
            wrong=(lambda d: np.sum([_blames(d)[s] for s in range(4)], axis=0),),
        ),
        Line(
            value=lambda d: _blames(d) @ np.ones(4),
            wrong=(lambda d: _blames(d) @ np.ones(4) / 4,),
        ),
        Line(
            value=lambda d: (_blames(d).T).T @ np.ones(4),
            wrong=(lambda d: _blames(d).T @ np.ones(4),),
        ),
    ),
)

BATCH_DELTA = DerivationCheck(
    draw=_batch,
    left=lambda d: (
        by_autograd(
            lambda t: (
                0.5 * (((t.W2.T @ t.Z2.sigmoid() + t.b2[:, None]).sigmoid() - t.Y) ** 2).sum()
            ),
            "Z2",
            d,
        ).T
    ),
    lines=(
        Line(
            value=lambda d: ((d.W2 @ d.D3) * sigmoid_slope(d.Z2)).T,
            wrong=(lambda d: ((d.W2.T @ d.D3) * sigmoid_slope(d.Z2)).T,),
        ),
        Line(
            value=lambda d: (d.D3.T @ d.W2.T) * sigmoid_slope(d.Z2).T,
            # The order kept, where it must turn round; the slopes not transposed.
            wrong=(
                lambda d: (d.W2.T @ d.D3.T) * sigmoid_slope(d.Z2).T,
                lambda d: (d.D3.T @ d.W2.T) * sigmoid_slope(d.Z2),
            ),
        ),
    ),
)


def _with_torch_layout(rng: np.random.Generator) -> Draw:
    """A batch whose weights of layer l also stand as `V`, the weight of an nn.Linear."""
    draw = _batch(rng)
    draw.V = getattr(draw, f"W{draw.l}").T.copy()
    return draw


def _loss_of_layout(t: SimpleNamespace) -> torch.Tensor:
    """The loss where layer l is computed as nn.Linear does, from V."""
    import torch
    from torch.nn import functional

    rows = t.A1.T
    for layer in (1, 2):
        W = t.V if layer == t.l else getattr(t, f"W{layer}").T
        rows = torch.sigmoid(functional.linear(rows, W, getattr(t, f"b{layer}")))
    loss: torch.Tensor = 0.5 * ((rows - t.Y.T) ** 2).sum()
    return loss


LAYOUT_GRADIENT = DerivationCheck(
    draw=_with_torch_layout,
    left=Derivative(_loss_of_layout, at="V"),
    lines=(
        Line(
            value=lambda d: by_autograd(_batch_loss, _weights(d), d).T,
            wrong=(lambda d: by_autograd(_batch_loss, _weights(d), d),),
        ),
        Line(
            value=lambda d: ((_outputs(d).T).T @ _blames(d).T).T,
            wrong=(lambda d: (_outputs(d).T).T @ _blames(d).T,),
        ),
        Line(
            value=lambda d: (_blames(d).T).T @ _outputs(d).T,
            wrong=(
                lambda d: _blames(d).T @ _outputs(d).T,
                lambda d: -(_blames(d).T).T @ _outputs(d).T,
            ),
        ),
    ),
)


def _batch_shape() -> int:
    """Which option is the shape of X^T D."""
    X, D = np.zeros((256, 784)), np.zeros((256, 10))
    return ((10, 784), (784, 10), (256, 10)).index((X.T @ D).shape)


BOOK = CheckBook(
    "backprop",
    derivations={
        "batch_gradient": BATCH_GRADIENT,
        "batch_bias": BATCH_BIAS,
        "batch_delta": BATCH_DELTA,
        "layout_gradient": LAYOUT_GRADIENT,
    },
    predicts={
        "gradients_batch_shape": ChoiceQuestion(
            options=(
                Option(
                    r"$10 \times 784$",
                    r"That is $D^\top X$, the gradient in PyTorch's layout.",
                    slip="row-for-column",
                    line=r"\frac{\partial L}{\partial W^{(l)}} = D^\top X",
                    right_line=r"\frac{\partial L}{\partial W^{(l)}} = X^\top D",
                ),
                Option(
                    r"$784 \times 10$",
                    r"The same shape as $W^{(l)}$. The 256 samples are summed away inside of the "
                    "product.",
                    right=True,
                ),
                Option(
                    r"$256 \times 10$",
                    r"That is the shape of $D$ itself: one row a sample. The product with $X^\top$ "
                    "sums over the samples.",
                ),
            ),
            proof=_batch_shape,
        ),
    },
)
