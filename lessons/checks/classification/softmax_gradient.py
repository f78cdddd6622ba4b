"""The checks of `classification/softmax`: its gradient, step by step and as a matrix."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Derivative,
    Draw,
    Line,
)
from lessons.checks.classification.softmax import FEATURES, SAMPLES, batch
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _scores(t: SimpleNamespace) -> torch.Tensor:
    scores: torch.Tensor = t.Theta.T @ t.X
    return scores


def _loss(t: SimpleNamespace) -> torch.Tensor:
    """The mean cross entropy, by PyTorch's own function."""
    import torch

    return torch.nn.functional.cross_entropy(_scores(t).T, t.y)


# --- derivative of one power, and of their sum --------------------------------------------


def _for_q(derivative: Array, d: Draw) -> Array:
    """What belongs to θ_q: the last axis counts classes."""
    return np.asarray(derivative[..., d.q])


def _powers_by_theta(d: Draw) -> Array:
    """∇_{θ_q} e^{o_j} of all classes and samples by autograd, shape (k, 5, 4)."""
    return by_autograd(lambda t: _scores(t).exp(), "Theta", d)[..., d.q]


def _is_q(d: Draw) -> Array:
    """I{q = j} as a column over the classes, shape (k, 1, 1)."""
    return np.asarray(np.arange(d.k) == d.q, dtype=np.float64)[:, None, None]


def _power_by_cases(d: Draw) -> Array:
    rows = np.zeros((d.k, SAMPLES, FEATURES))
    for j in range(d.k):
        for i in range(SAMPLES):
            rows[j, i] = d.E[j, i] * d.X[:, i] if j == d.q else 0
    return rows


POWER_SLOPE = DerivationCheck(
    draw=batch,
    left=Derivative(lambda t: _scores(t).exp(), at="Theta", pick=_for_q),
    lines=(
        Line(
            lambda d: d.E[..., None] * by_autograd(_scores, "Theta", d)[..., d.q],
            (lambda d: by_autograd(_scores, "Theta", d)[..., d.q],),
        ),
        Line(_power_by_cases, (lambda d: d.E[..., None] * d.X.T,)),
        Line(
            lambda d: d.E[..., None] * _is_q(d) * d.X.T,
            # Every score taken for one of class q: the clash of the two letters.
            (lambda d: d.E[..., None] * d.X.T, lambda d: d.E[..., None] * (1 - _is_q(d)) * d.X.T),
        ),
        Line(
            lambda d: (d.E[..., None] * _is_q(d) * d.X.T).sum(axis=0),
            (lambda d: (d.E[..., None] * d.X.T).sum(axis=0),),
            left=Derivative(lambda t: _scores(t).exp().sum(0), at="Theta", pick=_for_q),
        ),
        Line(
            lambda d: d.E[d.q][:, None] * d.X.T,
            (lambda d: d.S[:, None] * d.X.T, lambda d: d.O[d.q][:, None] * d.X.T),
        ),
    ),
)


# --- the whole gradient -------------------------------------------------------------------

Term: TypeAlias = Callable[[Draw, int, int], Array]


def _double_sum(term: Term) -> Callable[[Draw], Array]:
    """−1/m Σ_i Σ_j I{y = j} term(i, j), a vector of four."""

    def value(d: Draw) -> Array:
        total = np.zeros(FEATURES)
        for i in range(SAMPLES):
            for j in range(d.k):
                total += (1.0 if d.y[i] == j else 0.0) * term(d, i, j)
        return -total / SAMPLES

    return value


def _single_sum(term: Callable[[Draw, int], Array]) -> Callable[[Draw], Array]:
    """−1/m Σ_i term(i), a vector of four."""

    def value(d: Draw) -> Array:
        total = np.zeros(FEATURES)
        for i in range(SAMPLES):
            total += term(d, i)
        return -total / SAMPLES

    return value


def _with_inner(
    of: Callable[[SimpleNamespace], torch.Tensor], factor: Callable[[Draw, int, int], float]
) -> Callable[[Draw], Array]:
    """−1/m ΣΣ I{y = j} factor(i, j) ∇_{θ_q} of_ji, the inner derivative by autograd."""

    def value(d: Draw) -> Array:
        inner = by_autograd(of, "Theta", d)[..., d.q]
        return _double_sum(lambda d, i, j: factor(d, i, j) * inner[j, i])(d)

    return value


def _shares(t: SimpleNamespace) -> torch.Tensor:
    powers = _scores(t).exp()
    return powers / powers.sum(0)


def _quotient(sign: float, power: int = 2) -> Callable[[Draw], Array]:
    """The line with the quotient rule, whose two derivatives are taken by autograd."""

    def value(d: Draw) -> Array:
        powers = _powers_by_theta(d)
        sums = by_autograd(lambda t: _scores(t).exp().sum(0), "Theta", d)[..., d.q]

        def term(d: Draw, i: int, j: int) -> Array:
            top = powers[j, i] * d.S[i] + sign * d.E[j, i] * sums[i]
            return np.asarray(d.S[i] / d.E[j, i] * top / d.S[i] ** power)

        return _double_sum(term)(d)

    return value


def _one_if(condition: bool) -> float:
    """The indicator."""
    return 1.0 if condition else 0.0


GRADIENT = DerivationCheck(
    draw=batch,
    left=Derivative(_loss, at="Theta", pick=_for_q),
    lines=(
        Line(
            _with_inner(lambda t: _shares(t).log(), lambda d, i, j: 1.0),
            (
                _with_inner(lambda t: _shares(t).log(), lambda d, i, j: -1.0),
                _with_inner(_scores, lambda d, i, j: 1.0),
            ),
        ),
        Line(
            _with_inner(_shares, lambda d, i, j: d.S[i] / d.E[j, i]),
            (
                _with_inner(_shares, lambda d, i, j: d.E[j, i] / d.S[i]),
                _with_inner(_shares, lambda d, i, j: 1.0),
            ),
        ),
        Line(_quotient(-1.0), (_quotient(1.0), _quotient(-1.0, power=1))),
        Line(
            _double_sum(
                lambda d, i, j: (
                    d.S[i]
                    / d.E[j, i]
                    * (
                        d.E[j, i] * _one_if(j == d.q) * d.X[:, i] * d.S[i]
                        - d.E[j, i] * d.E[d.q, i] * d.X[:, i]
                    )
                    / d.S[i] ** 2
                )
            ),
            (
                # j and q confused: I{q = j} forgotten, then e^{o_j} for e^{o_q}.
                _double_sum(
                    lambda d, i, j: (
                        d.X[:, i]
                        * (d.E[j, i] * d.S[i] - d.E[j, i] * d.E[d.q, i])
                        / (d.E[j, i] * d.S[i])
                    )
                ),
                _double_sum(lambda d, i, j: d.X[:, i] * (_one_if(j == d.q) - d.E[j, i] / d.S[i])),
            ),
        ),
        Line(
            _double_sum(
                lambda d, i, j: (_one_if(j == d.q) * d.S[i] - d.E[d.q, i]) / d.S[i] * d.X[:, i]
            ),
            (
                _double_sum(
                    lambda d, i, j: (
                        (_one_if(j == d.q) * d.S[i] - d.E[d.q, i]) / d.S[i] ** 2 * d.X[:, i]
                    )
                ),
            ),
        ),
        Line(
            _single_sum(
                lambda d, i: (_one_if(d.y[i] == d.q) * d.S[i] - d.E[d.q, i]) / d.S[i] * d.X[:, i]
            ),
            (_single_sum(lambda d, i: (d.S[i] - d.E[d.q, i]) / d.S[i] * d.X[:, i]),),
        ),
        Line(
            _single_sum(lambda d, i: (_one_if(d.y[i] == d.q) - d.E[d.q, i] / d.S[i]) * d.X[:, i]),
            (_single_sum(lambda d, i: (_one_if(d.y[i] == d.q) - d.E[d.q, i]) * d.X[:, i]),),
        ),
        Line(
            _single_sum(lambda d, i: (_one_if(d.y[i] == d.q) - d.P[d.q, i]) * d.X[:, i]),
            (
                _single_sum(lambda d, i: (d.P[d.q, i] - _one_if(d.y[i] == d.q)) * d.X[:, i]),
                _single_sum(lambda d, i: (_one_if(d.y[i] == d.q) - d.P[d.q, i]) * d.Theta[:, d.q]),
            ),
        ),
    ),
)


# --- the gradient on the scores -----------------------------------------------------------


def _losses_from_scores(t: SimpleNamespace) -> torch.Tensor:
    import torch

    return torch.nn.functional.cross_entropy(t.O.T, t.y, reduction="none")


def _own_sample(derivative: Array, _: Draw) -> Array:
    """∂ℓ of each sample by its own scores, shape (k, 5)."""
    return np.asarray(np.einsum("iji->ji", derivative))


def _long_form(t: SimpleNamespace) -> torch.Tensor:
    """ln Σ_l e^{o_l} − Σ_j y_j o_j of each sample."""
    found: torch.Tensor = t.O.exp().sum(0).log() - (t.Y * t.O).sum(0)
    return found


SCORE_SLOPE = DerivationCheck(
    draw=batch,
    left=Derivative(_losses_from_scores, at="O", pick=_own_sample),
    lines=(
        Line(
            lambda d: _own_sample(by_autograd(_long_form, "O", d), d),
            (
                lambda d: _own_sample(
                    by_autograd(lambda t: t.O.exp().sum(0).log() - t.O.sum(0), "O", d), d
                ),
            ),
        ),
        Line(
            lambda d: d.E / d.S - d.Y,
            (lambda d: 1 / d.S - d.Y, lambda d: d.E / d.S - 1),
        ),
        Line(lambda d: d.P - d.Y, (lambda d: d.Y - d.P, lambda d: d.P)),
    ),
)


# --- the gradient as a matrix -------------------------------------------------------------


def _outer_products(d: Draw) -> Array:
    total = np.zeros((FEATURES, d.k))
    for i in range(SAMPLES):
        total += np.outer(d.X[:, i], d.P[:, i] - d.Y[:, i])
    return total / SAMPLES


MATRIX_GRADIENT = DerivationCheck(
    draw=batch,
    left=Derivative(_loss, at="Theta"),
    lines=(
        Line(
            lambda d: np.stack(
                [
                    sum((d.P[q, i] - d.Y[q, i]) * d.X[:, i] for i in range(SAMPLES)) / SAMPLES
                    for q in range(d.k)
                ],
                axis=1,
            ),
            (
                lambda d: np.stack(
                    [
                        sum((d.Y[q, i] - d.P[q, i]) * d.X[:, i] for i in range(SAMPLES)) / SAMPLES
                        for q in range(d.k)
                    ],
                    axis=1,
                ),
            ),
        ),
        Line(_outer_products, (lambda d: SAMPLES * _outer_products(d),)),
        Line(
            lambda d: d.X @ (d.P - d.Y).T / SAMPLES,
            (
                lambda d: d.X @ (d.Y - d.P).T / SAMPLES,
                # The whole product transposed.
                lambda d: (d.P - d.Y) @ d.X.T / SAMPLES,
            ),
        ),
    ),
)


BOOK = CheckBook(
    "classification",
    derivations={
        "power_slope": POWER_SLOPE,
        "softmax_gradient": GRADIENT,
        "score_slope": SCORE_SLOPE,
        "matrix_gradient": MATRIX_GRADIENT,
    },
)
