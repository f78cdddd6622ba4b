"""The checks of `frameworks/numpy`: every gradient of the two-layer network, samples as rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import Array, CheckBook, DerivationCheck, Derivative, Draw, Line
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch

SIZE = 4
"""Samples, inputs, hidden units and outputs alike: a misplaced transpose then still multiplies."""
CLEAR_OF_ZERO = 0.05
"""The least |Z|: ReLU has no derivative at 0."""


def network(rng: np.random.Generator) -> Draw:
    """X, W1, W2, T and what follows, all (4, 4); the places s, i, j, k with i ≠ j and j ≠ k.

    Each hidden unit is on for two samples at least, and off for one, so that no sum is empty and
    no mask is idle.
    """
    while True:
        X, W1, W2, T = rng.normal(size=(4, SIZE, SIZE))
        Z = X @ W1
        on = (Z > 0).sum(axis=0)
        if np.abs(Z).min() > CLEAR_OF_ZERO and on.min() >= 2 and on.max() < SIZE:
            break
    A = np.maximum(0, Z)
    i, j, k = (int(place) for place in rng.permutation(SIZE)[:3])
    s = int(rng.integers(SIZE))
    return Draw(X=X, W1=W1, W2=W2, T=T, Z=Z, A=A, Y=A @ W2, s=s, i=i, j=j, k=k)


def _from_y(t: SimpleNamespace) -> torch.Tensor:
    """L from the outputs."""
    loss: torch.Tensor = ((t.Y - t.T) ** 2).sum()
    return loss


def from_a(t: SimpleNamespace) -> torch.Tensor:
    """L from the hidden outputs."""
    loss: torch.Tensor = ((t.A @ t.W2 - t.T) ** 2).sum()
    return loss


def _from_z(t: SimpleNamespace) -> torch.Tensor:
    """L from what goes into ReLU."""
    loss: torch.Tensor = ((t.Z.relu() @ t.W2 - t.T) ** 2).sum()
    return loss


def _from_x(t: SimpleNamespace) -> torch.Tensor:
    """L from the features."""
    loss: torch.Tensor = (((t.X @ t.W1).relu() @ t.W2 - t.T) ** 2).sum()
    return loss


def by_y(d: Draw) -> Array:
    """∂L/∂Y, which later lines take as known."""
    return by_autograd(_from_y, "Y", d)


def _by_a(d: Draw) -> Array:
    return by_autograd(from_a, "A", d)


def _by_z(d: Draw) -> Array:
    return by_autograd(_from_z, "Z", d)


# --- the outputs ---------------------------------------------------------------------------


def _double_sum(t: SimpleNamespace) -> object:
    return sum((t.Y[r, q] - t.T[r, q]) ** 2 for r in range(SIZE) for q in range(SIZE))


OUTPUT = DerivationCheck(
    draw=network,
    left=Derivative(_from_y, at="Y", pick=lambda g, d: np.asarray(g[d.s, d.i])),
    lines=(
        Line(
            value=lambda d: by_autograd(_double_sum, "Y", d)[d.s, d.i],
            # The mean over all entries, as nn.MSELoss takes it.
            wrong=(lambda d: by_autograd(_double_sum, "Y", d)[d.s, d.i] / SIZE**2,),
        ),
        Line(
            value=lambda d: by_autograd(lambda t: (t.Y[d.s, d.i] - t.T[d.s, d.i]) ** 2, "Y", d)[
                d.s, d.i
            ],
            # The error itself, not its square.
            wrong=(
                lambda d: by_autograd(lambda t: t.Y[d.s, d.i] - t.T[d.s, d.i], "Y", d)[d.s, d.i],
            ),
        ),
        Line(
            value=lambda d: 2 * (d.Y[d.s, d.i] - d.T[d.s, d.i]),
            wrong=(
                lambda d: d.Y[d.s, d.i] - d.T[d.s, d.i],
                lambda d: 2 * (d.T[d.s, d.i] - d.Y[d.s, d.i]),
            ),
        ),
        Line(
            left=Derivative(_from_y, at="Y"),
            value=lambda d: 2 * (d.Y - d.T),
            wrong=(lambda d: d.Y - d.T, lambda d: 2 * (d.T - d.Y)),
        ),
    ),
)


# --- the second weights --------------------------------------------------------------------


def _slope_of_y(d: Draw, s: int, i: int, at: str) -> Array:
    """∂Y_si/∂at, in the shape of `at`."""
    return by_autograd(lambda t: (t.A @ t.W2)[s, i], at, d)


def _w2_by_samples(d: Draw, samples: int) -> float:
    """Σ_s ∂L/∂Y_si · ∂Y_si/∂W_ij over the first so many samples; W_ij stands at [j, i]."""
    total = 0.0
    for s in range(samples):
        slope = _slope_of_y(d, s, d.i, "W2")
        total += float(by_y(d)[s, d.i] * slope[d.j, d.i])
    return total


SECOND = DerivationCheck(
    draw=network,
    left=Derivative(from_a, at="W2", pick=lambda g, d: np.asarray(g[d.j, d.i])),
    lines=(
        Line(
            value=lambda d: _w2_by_samples(d, SIZE),
            # The last sample forgotten.
            wrong=(lambda d: _w2_by_samples(d, SIZE - 1),),
        ),
        Line(
            value=lambda d: sum(by_y(d)[s, d.i] * d.A[s, d.j] for s in range(SIZE)),
            # The two ends of the weight exchanged.
            wrong=(lambda d: sum(by_y(d)[s, d.j] * d.A[s, d.i] for s in range(SIZE)),),
        ),
        Line(
            left=Derivative(from_a, at="W2"),
            value=lambda d: d.A.T @ by_y(d),
            wrong=(lambda d: d.A @ by_y(d), lambda d: by_y(d).T @ d.A),
        ),
    ),
)


# --- back through the second weights -------------------------------------------------------


def _a_by_outputs(d: Draw, outputs: int) -> float:
    """Σ_i ∂L/∂Y_si · ∂Y_si/∂A_sj over the first so many outputs."""
    total = 0.0
    for i in range(outputs):
        slope = _slope_of_y(d, d.s, i, "A")
        total += float(by_y(d)[d.s, i] * slope[d.s, d.j])
    return total


HIDDEN = DerivationCheck(
    draw=network,
    left=Derivative(from_a, at="A", pick=lambda g, d: np.asarray(g[d.s, d.j])),
    lines=(
        Line(
            value=lambda d: _a_by_outputs(d, SIZE),
            # One output only.
            wrong=(lambda d: _a_by_outputs(d, 1),),
        ),
        Line(
            value=lambda d: sum(by_y(d)[d.s, i] * d.W2[d.j, i] for i in range(SIZE)),
            # A column for a row.
            wrong=(lambda d: sum(by_y(d)[d.s, i] * d.W2[i, d.j] for i in range(SIZE)),),
        ),
    ),
)

HIDDEN_MATRIX = DerivationCheck(
    draw=network,
    left=Derivative(from_a, at="A"),
    lines=(
        Line(
            value=lambda d: by_y(d) @ d.W2.T,
            wrong=(lambda d: by_y(d) @ d.W2, lambda d: d.W2 @ by_y(d)),
        ),
    ),
)


# --- back through ReLU ---------------------------------------------------------------------


def _relu_slopes(d: Draw) -> Array:
    """∂A_sj/∂Z_sj for every s and j."""
    slopes = by_autograd(lambda t: t.Z.relu(), "Z", d)
    return np.array([[slopes[s, j, s, j] for j in range(SIZE)] for s in range(SIZE)])


def _by_cases(d: Draw, on: float, off: float) -> Array:
    """∂L/∂A_sj times `on` where Z_sj > 0 and times `off` elsewhere, entry by entry."""
    into = _by_a(d)
    return np.array(
        [[into[s, j] * (on if d.Z[s, j] > 0 else off) for j in range(SIZE)] for s in range(SIZE)]
    )


RELU = DerivationCheck(
    draw=network,
    left=Derivative(_from_z, at="Z"),
    lines=(
        Line(
            value=lambda d: _by_a(d) * _relu_slopes(d),
            # The derivative of ReLU left out.
            wrong=(lambda d: _by_a(d),),
        ),
        Line(
            value=lambda d: _by_cases(d, 1.0, 0.0),
            wrong=(lambda d: _by_cases(d, 0.0, 1.0),),
        ),
        Line(
            value=lambda d: _by_a(d) * (d.Z > 0),
            # The hidden outputs for their slopes; a product of matrices.
            wrong=(lambda d: _by_a(d) * d.A, lambda d: _by_a(d) @ (d.Z > 0)),
        ),
    ),
)


# --- the first weights ---------------------------------------------------------------------


def _slope_of_z(d: Draw, s: int) -> Array:
    """∂Z_sj/∂W1, in the shape of W1."""
    return by_autograd(lambda t: (t.X @ t.W1)[s, d.j], "W1", d)


def _w1_by_samples(d: Draw, samples: int) -> float:
    """Σ_s ∂L/∂Z_sj · ∂Z_sj/∂W_jk over the first so many samples; W_jk stands at [k, j]."""
    total = 0.0
    for s in range(samples):
        slope = _slope_of_z(d, s)
        total += float(_by_z(d)[s, d.j] * slope[d.k, d.j])
    return total


FIRST = DerivationCheck(
    draw=network,
    left=Derivative(_from_x, at="W1", pick=lambda g, d: np.asarray(g[d.k, d.j])),
    lines=(
        Line(
            value=lambda d: _w1_by_samples(d, SIZE),
            # One sample only.
            wrong=(lambda d: _w1_by_samples(d, 1),),
        ),
        Line(
            value=lambda d: sum(_by_z(d)[s, d.j] * d.X[s, d.k] for s in range(SIZE)),
            wrong=(lambda d: sum(_by_z(d)[s, d.k] * d.X[s, d.j] for s in range(SIZE)),),
        ),
        Line(
            left=Derivative(_from_x, at="W1"),
            value=lambda d: d.X.T @ _by_z(d),
            wrong=(lambda d: d.X @ _by_z(d), lambda d: _by_z(d).T @ d.X),
        ),
    ),
)


# --- rows and columns ----------------------------------------------------------------------

ROWS = DerivationCheck(
    draw=network,
    # One sample after the other, each a column: z = (W^1)^T x.
    left=lambda d: np.stack([d.W1.T @ d.X[s] for s in range(SIZE)]),
    lines=(
        Line(value=lambda d: d.X @ d.W1, wrong=(lambda d: d.W1 @ d.X, lambda d: d.X @ d.W1.T)),
        Line(
            value=lambda d: (d.W1.T @ d.X.T).T,
            # The last transpose forgotten; the order kept.
            wrong=(lambda d: d.W1.T @ d.X.T, lambda d: (d.X.T @ d.W1.T).T),
        ),
    ),
)

OUTER = DerivationCheck(
    draw=network,
    left=Derivative(_from_x, at="W1"),
    lines=(
        Line(
            value=lambda d: d.X.T @ _by_z(d),
            wrong=(lambda d: d.X @ _by_z(d).T,),
        ),
        Line(
            value=lambda d: np.sum([np.outer(d.X[s], _by_z(d)[s]) for s in range(SIZE)], axis=0),
            # The factors exchanged; the sums multiplied.
            wrong=(
                lambda d: np.sum([np.outer(_by_z(d)[s], d.X[s]) for s in range(SIZE)], axis=0),
                lambda d: np.outer(d.X.sum(axis=0), _by_z(d).sum(axis=0)),
            ),
        ),
    ),
)


BOOK = CheckBook(
    "frameworks",
    derivations={
        "numpy_output": OUTPUT,
        "numpy_second": SECOND,
        "numpy_hidden": HIDDEN,
        "numpy_hidden_matrix": HIDDEN_MATRIX,
        "numpy_relu": RELU,
        "numpy_first": FIRST,
        "numpy_rows": ROWS,
        "numpy_outer": OUTER,
    },
)
