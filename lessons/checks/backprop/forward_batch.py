"""The checks of `backprop/forward` that speak of a batch and of the layout of nn.Linear."""

from __future__ import annotations

import numpy as np

from lessons.checks.backprop.forward import by_torch, draw_layer
from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    DerivationCheck,
    Draw,
    Line,
    Option,
)

# --- a batch -------------------------------------------------------------------------------


def _batch(rng: np.random.Generator) -> Draw:
    """Five samples; `A` (4, 5) holds them as columns, `X` (5, 4) as rows."""
    draw = draw_layer(rng)
    draw.A = rng.normal(size=(4, 5))
    draw.X = np.stack([draw.A[:, s] for s in range(5)])
    draw.ones = np.ones((5, 1))
    return draw


def _columns(d: Draw, b: Array) -> Array:
    """W^T a + b for each sample, put side by side."""
    return np.column_stack([d.W.T @ d.A[:, s] + b for s in range(5)])


BATCH_COLUMNS = DerivationCheck(
    draw=_batch,
    left=lambda d: np.column_stack([by_torch(d.A[:, s], d.W, d.b) for s in range(5)]),
    lines=(
        Line(
            value=lambda d: _columns(d, d.b),
            wrong=(lambda d: _columns(d, np.zeros(3)),),
        ),
        Line(
            value=lambda d: (
                np.column_stack([d.W.T @ d.A[:, s] for s in range(5)])
                + np.column_stack([d.b for _ in range(5)])
            ),
            wrong=(
                # The bias of the first unit for all of them.
                lambda d: np.column_stack([d.W.T @ d.A[:, s] for s in range(5)]) + d.b[0],
            ),
        ),
        Line(
            value=lambda d: d.W.T @ d.A + d.b[:, None] @ d.ones.T,
            wrong=(
                lambda d: d.W.reshape(3, 4) @ d.A + d.b[:, None] @ d.ones.T,
                lambda d: d.W.T @ d.A - d.b[:, None] @ d.ones.T,
            ),
        ),
    ),
)

BATCH_ROWS = DerivationCheck(
    draw=_batch,
    left=lambda d: by_torch(d.X, d.W, d.b),
    lines=(
        Line(
            value=lambda d: (d.W.T @ d.A + d.b[:, None] @ d.ones.T).T,
            # Reshaped where it should be transposed: the samples are mixed up.
            wrong=(lambda d: (d.W.T @ d.A + d.b[:, None] @ d.ones.T).reshape(5, 3),),
        ),
        Line(
            value=lambda d: d.A.T @ d.W + d.ones @ d.b[None, :],
            wrong=(lambda d: d.A.T @ d.W,),
        ),
        Line(
            value=lambda d: d.X @ d.W + d.ones @ d.b[None, :],
            wrong=(lambda d: d.A.reshape(5, 4) @ d.W + d.ones @ d.b[None, :],),
        ),
    ),
)


def _with_torch_layout(rng: np.random.Generator) -> Draw:
    """A batch whose weights also stand as `V`, the `weight` of an nn.Linear: (out, in)."""
    draw = _batch(rng)
    draw.V = np.array([[draw.W[j, i] for j in range(4)] for i in range(3)])
    return draw


LINEAR_LAYOUT = DerivationCheck(
    draw=_with_torch_layout,
    left=lambda d: by_torch(d.X, d.W, d.b),
    lines=(
        Line(
            value=lambda d: d.X @ d.W + d.b,
            wrong=(lambda d: d.X @ d.W - d.b,),
        ),
        Line(
            value=lambda d: d.X @ (d.W.T).T + d.b,
            wrong=(lambda d: d.X @ d.W.reshape(3, 4).T + d.b,),
        ),
        Line(
            value=lambda d: d.X @ d.V.T + d.b,
            # V reshaped to fit, instead of transposed.
            wrong=(lambda d: d.X @ d.V.reshape(4, 3) + d.b,),
        ),
    ),
)


def _bias_goes_to_rows() -> int:
    """Where a bias lands in a batch of rows: 0 where it is the same for every row."""
    X, W, b = np.eye(5, 4), np.ones((4, 3)), np.arange(1.0, 4.0)
    added = (X @ W + b) - X @ W
    return 0 if bool((added == added[0]).all()) else 1


BOOK = CheckBook(
    "backprop",
    derivations={
        "batch_columns": BATCH_COLUMNS,
        "batch_rows": BATCH_ROWS,
        "linear_layout": LINEAR_LAYOUT,
    },
    predicts={
        "forward_bias_rows": ChoiceQuestion(
            options=(
                Option(
                    "To each row of $XW$: every sample gets the same biases.",
                    "A row is a sample, and its entries are the units: one bias for each.",
                    right=True,
                ),
                Option(
                    "To each column of $XW$: every unit gets the same biases.",
                    "A column holds one unit for all samples. It would need one number per sample, "
                    "and a bias belongs to a unit.",
                ),
            ),
            proof=_bias_goes_to_rows,
        ),
    },
)
