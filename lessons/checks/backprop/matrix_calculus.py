"""The checks of `backprop/matrix-calculus`: tr(AXBX) by indices and by differentials."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    DerivationCheck,
    Derivative,
    Draw,
    Hints,
    Line,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch

TensorFunction = Callable[[SimpleNamespace], "torch.Tensor"]


def draw_matrices(rng: np.random.Generator) -> Draw:
    """X and dX are 3 × 4, A and B are 4 × 3; `h` is how far X moves along dX, here 0."""
    return Draw(
        X=rng.normal(size=(3, 4)),
        dX=rng.normal(size=(3, 4)),
        A=rng.normal(size=(4, 3)),
        B=rng.normal(size=(4, 3)),
        h=np.asarray(0.0),
        r=int(rng.integers(3)),
        s=int(rng.integers(4)),
    )


def along(of: TensorFunction) -> TensorFunction:
    """The function of `h` that moves X along dX: its derivative at h = 0 is the differential."""

    def moved(t: SimpleNamespace) -> torch.Tensor:
        return of(SimpleNamespace(**{**vars(t), "X": t.X + t.h * t.dX}))

    return moved


def differential(of: TensorFunction) -> Derivative:
    """The differential of `of` where X moves by dX."""
    return Derivative(along(of), at="h")


def _f(t: SimpleNamespace) -> torch.Tensor:
    """tr(AXBX)."""
    return cast("torch.Tensor", (t.A @ t.X @ t.B @ t.X).trace())


def _entry(derivative: Array, d: Draw) -> Array:
    return np.asarray(derivative[..., d.r, d.s])


# --- by indices ----------------------------------------------------------------------------


def _written_out(t: SimpleNamespace, *, second: str = "X") -> torch.Tensor:
    """Σ A_ij X_jk B_kl X_li over all four indices; `second` names the last factor."""
    import torch

    return torch.einsum("ij,jk,kl,li->", t.A, t.X, t.B, getattr(t, second))


def _two_sums(d: Draw) -> tuple[float, float]:
    """Σ_il A_ir B_sl X_li and Σ_jk A_sj X_jk B_kr."""
    first = sum(d.A[i, d.r] * d.B[d.s, l] * d.X[l, i] for i in range(4) for l in range(3))
    second = sum(d.A[d.s, j] * d.X[j, k] * d.B[k, d.r] for j in range(3) for k in range(4))
    return float(first), float(second)


TRACE_BY_INDICES = DerivationCheck(
    draw=draw_matrices,
    left=Derivative(_f, at="X", pick=_entry),
    lines=(
        Line(
            value=lambda d: by_autograd(_written_out, "X", d)[d.r, d.s],
            # The second X taken for a constant.
            wrong=(
                lambda d: by_autograd(lambda t: _written_out(t, second="dX"), "X", d)[d.r, d.s],
            ),
        ),
        Line(
            value=lambda d: sum(_two_sums(d)),
            # One of the two places forgotten.
            wrong=(lambda d: _two_sums(d)[0], lambda d: _two_sums(d)[1]),
        ),
        Line(
            value=lambda d: (d.B @ d.X @ d.A)[d.s, d.r] + (d.A @ d.X @ d.B)[d.s, d.r],
            wrong=(
                # Row and column exchanged.
                lambda d: (d.B @ d.X @ d.A)[d.r, d.s % 3] + (d.A @ d.X @ d.B)[d.r, d.s % 3],
                lambda d: 2 * (d.A @ d.X @ d.B)[d.s, d.r],
            ),
        ),
        Line(
            value=lambda d: (d.A.T @ d.X.T @ d.B.T + d.B.T @ d.X.T @ d.A.T)[d.r, d.s],
            wrong=(lambda d: (d.A.T @ d.X.T @ d.B.T - d.B.T @ d.X.T @ d.A.T)[d.r, d.s],),
        ),
    ),
)


# --- what a differential is ----------------------------------------------------------------


def _any_function(t: SimpleNamespace) -> torch.Tensor:
    """A function of X that is no polynomial, to stand for any."""
    return cast("torch.Tensor", _f(t) + t.X.sin().sum())


def _gradient(d: Draw) -> Array:
    return by_autograd(_any_function, "X", d)


DIFFERENTIAL = DerivationCheck(
    draw=draw_matrices,
    left=differential(_any_function),
    lines=(
        Line(
            value=lambda d: sum(
                _gradient(d)[r, c] * d.dX[r, c] for r in range(3) for c in range(4)
            ),
            # Only the entries of the first row.
            wrong=(lambda d: sum(_gradient(d)[0, c] * d.dX[0, c] for c in range(4)),),
        ),
        Line(
            value=lambda d: sum((_gradient(d).T @ d.dX)[c, c] for c in range(4)),
            # All entries of the product, instead of its diagonal.
            wrong=(lambda d: np.sum(_gradient(d).T @ d.dX),),
        ),
        Line(
            value=lambda d: np.trace(_gradient(d).T @ d.dX),
            # Reshaped where it should be transposed.
            wrong=(lambda d: np.trace(_gradient(d).reshape(4, 3) @ d.dX),),
        ),
    ),
)


# --- tr(AXBX) by differentials -------------------------------------------------------------

TRACE_BY_DIFFERENTIALS = DerivationCheck(
    draw=draw_matrices,
    left=differential(_f),
    lines=(
        Line(
            value=lambda d: np.trace(by_autograd(along(lambda t: t.A @ t.X @ t.B @ t.X), "h", d)),
            wrong=(lambda d: np.sum(by_autograd(along(lambda t: t.A @ t.X @ t.B @ t.X), "h", d)),),
        ),
        Line(
            value=lambda d: np.trace(d.A @ d.dX @ d.B @ d.X + d.A @ d.X @ d.B @ d.dX),
            # Both X moved at once; one of them forgotten.
            wrong=(
                lambda d: np.trace(d.A @ d.dX @ d.B @ d.dX),
                lambda d: np.trace(d.A @ d.dX @ d.B @ d.X),
            ),
        ),
        Line(
            value=lambda d: np.trace(d.A @ d.dX @ d.B @ d.X) + np.trace(d.A @ d.X @ d.B @ d.dX),
            wrong=(lambda d: np.trace(d.A @ d.dX @ d.B @ d.X) * np.trace(d.A @ d.X @ d.B @ d.dX),),
        ),
        Line(
            value=lambda d: np.trace(d.B @ d.X @ d.A @ d.dX) + np.trace(d.A @ d.X @ d.B @ d.dX),
            # Two factors exchanged, which is no turn of the cycle.
            wrong=(lambda d: np.trace(d.A @ d.X @ d.B @ d.dX) + np.trace(d.A @ d.X @ d.B @ d.dX),),
        ),
        Line(
            value=lambda d: np.trace((d.B @ d.X @ d.A + d.A @ d.X @ d.B) @ d.dX),
            wrong=(lambda d: np.trace((d.B @ d.X @ d.A - d.A @ d.X @ d.B) @ d.dX),),
        ),
        Line(
            left=Derivative(_f, at="X"),
            value=lambda d: (d.B @ d.X @ d.A + d.A @ d.X @ d.B).T,
            # Reshaped where it should be transposed.
            wrong=(lambda d: (d.B @ d.X @ d.A + d.A @ d.X @ d.B).reshape(3, 4),),
        ),
        Line(
            value=lambda d: (d.B @ d.X @ d.A).T + (d.A @ d.X @ d.B).T,
            wrong=(lambda d: (d.B @ d.X @ d.A).T,),
        ),
        Line(
            value=lambda d: d.A.T @ d.X.T @ d.B.T + d.B.T @ d.X.T @ d.A.T,
            # The order not turned round in one of the terms.
            wrong=(lambda d: d.B.T @ d.X.T @ d.A.T + d.B.T @ d.X.T @ d.A.T,),
        ),
    ),
)


# --- questions -----------------------------------------------------------------------------


def _counting() -> Draw:
    """X = 0 … 11 as 3 × 4."""
    return Draw(X=np.arange(12.0).reshape(3, 4))


def _squared_norm_slope(r: int, c: int) -> float:
    """Entry (r, c), from 0, of the gradient of tr(XᵀX) at X = 0 … 11, by autograd."""
    return float(by_autograd(lambda t: (t.X.T @ t.X).trace(), "X", _counting())[r, c])


def _turns() -> int:
    """Which of three traces equals tr(A dX B X) on random numbers."""
    d = draw_matrices(np.random.default_rng(0))
    wanted = np.trace(d.A @ d.dX @ d.B @ d.X)
    offered = (
        np.trace(d.A @ d.X @ d.B @ d.dX),
        np.trace(d.B @ d.X @ d.A @ d.dX),
        np.trace(d.B @ d.dX @ d.A @ d.X),
    )
    return [abs(value - wanted) < 1e-12 for value in offered].index(True)


def _shape_of_gradient() -> int:
    """Which option is the shape of the gradient by X."""
    d = draw_matrices(np.random.default_rng(0))
    return ((4, 3), (3, 4), (4, 4)).index(by_autograd(_f, "X", d).shape)


BOOK = CheckBook(
    "backprop",
    derivations={
        "trace_by_indices": TRACE_BY_INDICES,
        "differential": DIFFERENTIAL,
        "trace_by_differentials": TRACE_BY_DIFFERENTIALS,
    },
    predicts={
        "matrix_gradient_shape": ChoiceQuestion(
            options=(
                Option(
                    r"$4 \times 3$",
                    r"That is the shape of $A$ and $B$. There is one derivative for each entry of "
                    r"$X$, and it stands where the entry stands.",
                ),
                Option(
                    r"$3 \times 4$",
                    r"One derivative for each entry of $X$, at the same place.",
                    right=True,
                ),
                Option(
                    r"$4 \times 4$",
                    r"That is the shape of $AXBX$. Its trace is one number, and that number has "
                    r"one derivative for each entry of $X$.",
                ),
            ),
            proof=_shape_of_gradient,
        ),
        "matrix_turn": ChoiceQuestion(
            options=(
                Option(
                    r"$\mathrm{tr}(A\,X\,B\,dX)$",
                    r"Here $X$ and $dX$ have changed places. The trace lets you take factors from "
                    "the front to the end, nothing else.",
                ),
                Option(
                    r"$\mathrm{tr}(B\,X\,A\,dX)$",
                    r"$A\,dX$ went from the front to the end: $\mathrm{tr}(UV) = \mathrm{tr}(VU)$ "
                    r"with $U = A\,dX$ and $V = BX$.",
                    right=True,
                ),
                Option(
                    r"$\mathrm{tr}(B\,dX\,A\,X)$",
                    r"Here $A$ and $B$ have changed places. The order round the circle must stay.",
                ),
            ),
            proof=_turns,
        ),
        "matrix_entry": NumberQuestion(
            answer=lambda: _squared_norm_slope(1, 2),
            explanation=r"$2 X_{23} = 2 \cdot 6$.",
            slips=(
                Slip(
                    "no-two",
                    lambda: _squared_norm_slope(1, 2) / 2,
                    r"That is $X_{23}$ itself. The square brings a factor 2.",
                    line=r"\frac{\partial\, \mathrm{tr}(X^\top X)}{\partial X_{23}} = X_{23}",
                    right=r"\frac{\partial\, \mathrm{tr}(X^\top X)}{\partial X_{23}} = 2 X_{23}",
                ),
                Slip(
                    "row-for-column",
                    lambda: _squared_norm_slope(2, 1),
                    "You exchanged row and column. The first index names the row.",
                    line=r"\frac{\partial\, \mathrm{tr}(X^\top X)}{\partial X_{23}} = 2 X_{32}",
                    right=r"\frac{\partial\, \mathrm{tr}(X^\top X)}{\partial X_{23}} = 2 X_{23}",
                ),
                Slip(
                    "counted-from-0",
                    lambda: _squared_norm_slope(2, 3),
                    "You counted from 0, as code does. In formulas the first row is row 1.",
                    line=r"\frac{\partial\, \mathrm{tr}(X^\top X)}{\partial X_{23}} = 2 X_{34}",
                    right=r"\frac{\partial\, \mathrm{tr}(X^\top X)}{\partial X_{23}} = 2 X_{23}",
                ),
            ),
            hints=Hints(
                idea="a sum of squares moves with one entry as that entry's own square does.",
                formula=r"$\frac{\partial\, \mathrm{tr}(X^\top X)}{\partial X_{23}} = 2 X_{23}$",
                numbers="2 · 6, with 6 in row 2 and column 3",
            ),
        ),
    },
)
