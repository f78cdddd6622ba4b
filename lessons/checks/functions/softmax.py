"""The checks of `functions/softmax`: its sum, its shift, its Jacobian."""

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
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def softmax(z: Array) -> Array:
    """p_i = e^{z_i} / Σ_k e^{z_k}, as it is written."""
    return np.asarray(np.exp(z) / np.sum(np.exp(z)))


def softmax_torch(t: SimpleNamespace) -> torch.Tensor:
    """The same by torch's own function."""
    found: torch.Tensor = t.z.softmax(dim=0)
    return found


def by_torch(d: Draw) -> Array:
    """The same as an array."""
    import torch

    return np.asarray(softmax_torch(SimpleNamespace(z=torch.tensor(d.z))).numpy())


def scores(rng: np.random.Generator) -> Draw:
    """Scores of four classes, two different classes i and j, a shift c, and weights g."""
    z = rng.uniform(-1.5, 1.5, size=4)
    i, j = (int(index) for index in rng.choice(4, size=2, replace=False))
    g = rng.uniform(0.5, 2, size=4)
    return Draw(z=z, p=softmax(z), e=np.exp(z), S=float(np.sum(np.exp(z))), i=i, j=j, g=g, c=0.7)


def kronecker(d: Draw) -> Array:
    """δ_ij as a table."""
    return np.eye(len(d.z))


# --- the sum, the ratio, the shift --------------------------------------------------------

SOFTMAX_SUM = DerivationCheck(
    draw=scores,
    left=lambda d: np.sum(by_torch(d)),
    lines=(
        Line(
            value=lambda d: sum(np.exp(z) / np.sum(np.exp(d.z)) for z in d.z),
            wrong=(lambda d: sum(z / np.sum(np.exp(d.z)) for z in d.z),),
        ),
        Line(
            value=lambda d: np.sum(np.exp(d.z)) / np.sum(np.exp(d.z)),
            wrong=(
                lambda d: np.sum(np.exp(d.z)) / (len(d.z) * np.sum(np.exp(d.z))),
                lambda d: np.sum(np.exp(d.z)) / np.exp(np.sum(d.z)),
            ),
        ),
        Line(value=lambda _: 1.0, wrong=(lambda d: float(len(d.z)),)),
    ),
)

SOFTMAX_RATIO = DerivationCheck(
    draw=scores,
    left=lambda d: by_torch(d)[d.i] / by_torch(d)[d.j],
    lines=(
        Line(
            value=lambda d: (np.exp(d.z[d.i]) / d.S) / (np.exp(d.z[d.j]) / d.S),
            wrong=(lambda d: (np.exp(d.z[d.j]) / d.S) / (np.exp(d.z[d.i]) / d.S),),
        ),
        Line(
            value=lambda d: np.exp(d.z[d.i]) / np.exp(d.z[d.j]),
            wrong=(lambda d: d.z[d.i] / d.z[d.j],),
        ),
        Line(
            value=lambda d: np.exp(d.z[d.i] - d.z[d.j]),
            wrong=(
                lambda d: np.exp(d.z[d.i] / d.z[d.j]),
                lambda d: np.exp(d.z[d.j] - d.z[d.i]),
            ),
        ),
    ),
)

SOFTMAX_SHIFT = DerivationCheck(
    draw=scores,
    left=lambda d: np.exp(d.z[d.i] + d.c) / sum(np.exp(z + d.c) for z in d.z),
    lines=(
        Line(
            value=lambda d: (
                np.exp(d.c) * np.exp(d.z[d.i]) / sum(np.exp(d.c) * np.exp(z) for z in d.z)
            ),
            wrong=(
                lambda d: (
                    (np.exp(d.c) + np.exp(d.z[d.i])) / sum(np.exp(d.c) + np.exp(z) for z in d.z)
                ),
            ),
        ),
        Line(
            value=lambda d: np.exp(d.c) * np.exp(d.z[d.i]) / (np.exp(d.c) * np.sum(np.exp(d.z))),
            wrong=(
                # e^c pulled out once for each of the four terms.
                lambda d: np.exp(d.c) * np.exp(d.z[d.i]) / (np.exp(4 * d.c) * np.sum(np.exp(d.z))),
            ),
        ),
        Line(
            value=lambda d: np.exp(d.z[d.i]) / np.sum(np.exp(d.z)),
            wrong=(lambda d: np.exp(d.c) * np.exp(d.z[d.i]) / np.sum(np.exp(d.z)),),
        ),
        Line(value=lambda d: d.p[d.i], wrong=(lambda d: d.p[d.i] + d.c, lambda d: d.p[d.j])),
    ),
)

# --- the Jacobian -------------------------------------------------------------------------


def _sum_slope(d: Draw, index: int) -> float:
    """∂S / ∂z of one class, by autograd."""
    return float(by_autograd(lambda t: t.z.exp().sum(), "z", d)[index])


SOFTMAX_OWN = DerivationCheck(
    draw=scores,
    left=Derivative(softmax_torch, at="z", pick=lambda jacobian, d: jacobian[d.i, d.i]),
    lines=(
        Line(
            value=lambda d: by_autograd(lambda t: (t.z.exp() / t.z.exp().sum())[t.i], "z", d)[d.i],
            wrong=(
                # S held fixed, as if it did not hold z_i.
                lambda d: by_autograd(lambda t: (t.z.exp() / t.S)[t.i], "z", d)[d.i],
            ),
        ),
        Line(
            value=lambda d: (d.e[d.i] * d.S - d.e[d.i] * _sum_slope(d, d.i)) / d.S**2,
            wrong=(
                lambda d: (d.e[d.i] * d.S + d.e[d.i] * _sum_slope(d, d.i)) / d.S**2,
                lambda d: (d.e[d.i] * d.S - d.e[d.i] * _sum_slope(d, d.i)) / d.S,
            ),
        ),
        Line(
            value=lambda d: (d.e[d.i] * d.S - d.e[d.i] * d.e[d.i]) / d.S**2,
            # The whole sum for its own derivative.
            wrong=(lambda d: (d.e[d.i] * d.S - d.e[d.i] * d.S) / d.S**2,),
        ),
        Line(
            value=lambda d: d.e[d.i] / d.S * ((d.S - d.e[d.i]) / d.S),
            wrong=(lambda d: d.e[d.i] / d.S * ((1 - d.e[d.i]) / d.S),),
        ),
        Line(
            value=lambda d: d.p[d.i] * (1 - d.p[d.i]),
            wrong=(lambda d: d.p[d.i] * (1 + d.p[d.i]), lambda d: -d.p[d.i] * d.p[d.i]),
        ),
    ),
)

SOFTMAX_OTHER = DerivationCheck(
    draw=scores,
    left=Derivative(softmax_torch, at="z", pick=lambda jacobian, d: jacobian[d.i, d.j]),
    lines=(
        Line(
            value=lambda d: (0 * d.S - d.e[d.i] * _sum_slope(d, d.j)) / d.S**2,
            wrong=(
                lambda d: (d.e[d.i] * d.S - d.e[d.i] * _sum_slope(d, d.j)) / d.S**2,
                lambda d: (d.e[d.i] * _sum_slope(d, d.j) - 0 * d.S) / d.S**2,
            ),
        ),
        Line(
            value=lambda d: -d.e[d.i] * d.e[d.j] / d.S**2,
            wrong=(lambda d: -d.e[d.i] * d.e[d.i] / d.S**2,),
        ),
        Line(
            value=lambda d: -(d.e[d.i] / d.S) * (d.e[d.j] / d.S),
            wrong=(lambda d: -d.e[d.i] * (d.e[d.j] / d.S),),
        ),
        Line(
            value=lambda d: -d.p[d.i] * d.p[d.j],
            wrong=(lambda d: d.p[d.i] * d.p[d.j], lambda d: d.p[d.i] * (1 - d.p[d.j])),
        ),
    ),
)


def _cases(d: Draw, sign: float = -1.0) -> Array:
    """p_i(1 − p_i) where i = j, −p_i p_j elsewhere, entry by entry."""
    classes = range(len(d.z))
    rows = [
        [d.p[i] * (1 - d.p[i]) if i == j else sign * d.p[i] * d.p[j] for j in classes]
        for i in classes
    ]
    return np.array(rows)


SOFTMAX_JACOBIAN = DerivationCheck(
    draw=scores,
    left=Derivative(softmax_torch, at="z"),
    lines=(
        Line(value=_cases, wrong=(lambda d: _cases(d, 1.0),)),
        Line(
            value=lambda d: d.p[:, None] * (kronecker(d) - d.p[None, :]),
            wrong=(
                # p_i in both places.
                lambda d: d.p[:, None] * (kronecker(d) - d.p[:, None]),
                lambda d: d.p[:, None] * (1 - d.p[None, :]),
            ),
        ),
        Line(
            value=lambda d: d.p[:, None] * kronecker(d) - d.p[:, None] * d.p[None, :],
            wrong=(lambda d: d.p[:, None] * kronecker(d) + d.p[:, None] * d.p[None, :],),
        ),
    ),
)


def _written_out(d: Draw, sign: float = -1.0) -> Array:
    """The two matrices entry by entry, the second one taken away from the first."""
    size = len(d.z)
    first, second = np.zeros((size, size)), np.zeros((size, size))
    for i in range(size):
        first[i, i] = d.p[i]
        for j in range(size):
            second[i, j] = d.p[i] * d.p[j]
    return np.asarray(first + sign * second)


SOFTMAX_JACOBIAN_MATRIX = DerivationCheck(
    draw=scores,
    left=Derivative(softmax_torch, at="z"),
    lines=(
        Line(value=_written_out, wrong=(lambda d: _written_out(d, 1.0),)),
        Line(
            value=lambda d: np.diag(d.p) - d.p[:, None] @ d.p[None, :],
            wrong=(
                # Row times column: one number, taken from every entry.
                lambda d: np.diag(d.p) - d.p[None, :] @ d.p[:, None],
                lambda d: np.eye(len(d.p)) - d.p[:, None] @ d.p[None, :],
            ),
        ),
    ),
)

BOOK = CheckBook(
    "functions",
    derivations={
        "softmax_sum": SOFTMAX_SUM,
        "softmax_ratio": SOFTMAX_RATIO,
        "softmax_shift": SOFTMAX_SHIFT,
        "softmax_own": SOFTMAX_OWN,
        "softmax_other": SOFTMAX_OTHER,
        "softmax_jacobian": SOFTMAX_JACOBIAN,
        "softmax_jacobian_matrix": SOFTMAX_JACOBIAN_MATRIX,
    },
)
