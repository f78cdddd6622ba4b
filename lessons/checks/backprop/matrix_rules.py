"""The checks of `backprop/matrix-calculus` that prove the rules: of the trace, of differentials."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np

from lessons.checks.backprop.matrix_calculus import differential, draw_matrices
from lessons.checks.base import Array, CheckBook, DerivationCheck, Derivative, Draw, Line
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


# --- two rules of the trace ----------------------------------------------------------------


def _factors(rng: np.random.Generator) -> Draw:
    """U (3 × 4) and V (4 × 3) with their small changes, and a square S."""
    return Draw(
        U=rng.normal(size=(3, 4)),
        V=rng.normal(size=(4, 3)),
        dU=rng.normal(size=(3, 4)),
        dV=rng.normal(size=(4, 3)),
        S=rng.normal(size=(3, 3)),
        dS=rng.normal(size=(3, 3)),
        h=np.asarray(0.0),
    )


TRACE_CYCLIC = DerivationCheck(
    draw=_factors,
    left=lambda d: np.trace(d.U @ d.V),
    lines=(
        Line(
            value=lambda d: sum((d.U @ d.V)[i, i] for i in range(3)),
            wrong=(lambda d: np.sum(d.U @ d.V),),
        ),
        Line(
            value=lambda d: sum(d.U[i, j] * d.V[j, i] for i in range(3) for j in range(4)),
            # Entries at the same place, as if V were read row by row.
            wrong=(
                lambda d: sum(
                    d.U[i, j] * d.V.reshape(3, 4)[i, j] for i in range(3) for j in range(4)
                ),
            ),
        ),
        Line(
            value=lambda d: sum(d.V[j, i] * d.U[i, j] for j in range(4) for i in range(3)),
            # The last j left out.
            wrong=(lambda d: sum(d.V[j, i] * d.U[i, j] for j in range(3) for i in range(3)),),
        ),
        Line(
            value=lambda d: sum((d.V @ d.U)[j, j] for j in range(4)),
            wrong=(lambda d: sum((d.V @ d.U)[j, 3 - j] for j in range(4)),),
        ),
        Line(
            value=lambda d: np.trace(d.V @ d.U),
            wrong=(lambda d: -np.trace(d.V @ d.U), lambda d: np.trace(d.V) * np.trace(d.U)),
        ),
    ),
)

TRACE_TRANSPOSE = DerivationCheck(
    draw=_factors,
    left=lambda d: np.trace(d.S.T),
    lines=(
        Line(
            value=lambda d: sum(d.S.T[i, i] for i in range(3)),
            # The other diagonal.
            wrong=(lambda d: sum(d.S.T[i, 2 - i] for i in range(3)),),
        ),
        Line(
            value=lambda d: sum(d.S[i, i] for i in range(3)),
            wrong=(lambda d: sum(d.S[0, i] for i in range(3)),),
        ),
        Line(
            value=lambda d: np.trace(d.S),
            wrong=(lambda d: -np.trace(d.S),),
        ),
    ),
)


# --- rules of the differential -------------------------------------------------------------


def _moved_product(t: SimpleNamespace) -> torch.Tensor:
    return cast("torch.Tensor", (t.U + t.h * t.dU) @ (t.V + t.h * t.dV))


def _moved_entry(t: SimpleNamespace, i: int, j: int) -> torch.Tensor:
    """Entry (i, j) of the moved product, as the sum that it is."""
    total: torch.Tensor = t.h * 0
    for k in range(4):
        total = total + (t.U[i, k] + t.h * t.dU[i, k]) * (t.V[k, j] + t.h * t.dV[k, j])
    return total


DIFFERENTIAL_TRACE = DerivationCheck(
    draw=_factors,
    left=Derivative(lambda t: (t.S + t.h * t.dS).trace(), at="h"),
    lines=(
        Line(
            value=lambda d: by_autograd(
                lambda t: sum((t.S + t.h * t.dS)[i, i] for i in range(3)), "h", d
            ),
            wrong=(lambda d: by_autograd(lambda t: (t.S + t.h * t.dS).sum(), "h", d),),
        ),
        Line(
            value=lambda d: sum(d.dS[i, i] for i in range(3)),
            wrong=(lambda d: sum(d.S[i, i] for i in range(3)),),
        ),
        Line(
            value=lambda d: np.trace(d.dS),
            wrong=(lambda d: np.trace(d.dS) / 3,),
        ),
    ),
)


def _product_rule(d: Draw, *, second: bool = True, swapped: bool = False) -> Array:
    """(Σ_k dU_ik V_kj + U_ik dV_kj) for all i and j; one of the terms may be left out."""
    found = np.zeros((3, 3))
    for i, j in np.ndindex(3, 3):
        for k in range(4):
            term = d.dU[i, k] * d.V[k, j]
            if second:
                term += (d.dU[i, k] if swapped else d.U[i, k]) * d.dV[k, j]
            found[i, j] += term
    return found


DIFFERENTIAL_PRODUCT = DerivationCheck(
    draw=_factors,
    left=Derivative(_moved_product, at="h"),
    lines=(
        Line(
            value=lambda d: np.array(
                [
                    [by_autograd(partial(_moved_entry, i=i, j=j), "h", d) for j in range(3)]
                    for i in range(3)
                ]
            ),
            wrong=(lambda d: _product_rule(d, second=False),),
        ),
        Line(
            value=_product_rule,
            # Both factors moved at once, as if the differential of a product were the product.
            wrong=(lambda d: _product_rule(d, swapped=True),),
        ),
        Line(
            value=lambda d: d.dU @ d.V + d.U @ d.dV,
            # The product of the differentials; one term forgotten.
            wrong=(lambda d: d.dU @ d.dV, lambda d: d.U @ d.dV),
        ),
    ),
)

DIFFERENTIAL_LINEAR = DerivationCheck(
    draw=draw_matrices,
    left=differential(lambda t: t.A @ t.X @ t.B),
    lines=(
        Line(
            value=lambda d: (
                np.zeros((4, 3)) @ d.X @ d.B + d.A @ d.dX @ d.B + d.A @ d.X @ np.zeros((4, 3))
            ),
            wrong=(lambda d: d.A @ d.X @ d.B,),
        ),
        Line(
            value=lambda d: d.A @ d.dX @ d.B,
            # The order of the factors changed.
            wrong=(lambda d: d.B @ d.dX @ d.A,),
        ),
    ),
)


BOOK = CheckBook(
    "backprop",
    derivations={
        "trace_cyclic": TRACE_CYCLIC,
        "trace_transpose": TRACE_TRANSPOSE,
        "differential_trace": DIFFERENTIAL_TRACE,
        "differential_product": DIFFERENTIAL_PRODUCT,
        "differential_linear": DIFFERENTIAL_LINEAR,
    },
)
