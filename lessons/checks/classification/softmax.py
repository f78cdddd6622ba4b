"""The checks of `classification/softmax`: scores, probabilities, the loss in its forms."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Draw,
    Line,
)
from lessons.checks.nets import sigmoid

FEATURES, CLASSES, SAMPLES = 4, 3, 5
"""The features count the constant 1 in front."""


def batch(rng: np.random.Generator, classes: int = CLASSES) -> Draw:
    """Five samples, each class at least once, and a class `q`.

    `X` (4, 5) holds one sample a column, 1 in its first row; `Theta` (4, k) one class a column;
    scores `O`, their powers `E` and probabilities `P` are (k, 5), the row of sums `S` is (5,).
    `y` (5,) counts classes from 0; `Y` (k, 5) is one-hot.
    """
    X = rng.normal(size=(FEATURES, SAMPLES))
    X[0] = 1
    Theta = rng.normal(size=(FEATURES, classes))
    O = Theta.T @ X
    E = np.exp(O)
    y = rng.permutation(np.arange(SAMPLES) % classes)
    Y = (np.arange(classes)[:, None] == y).astype(np.float64)
    q = int(rng.integers(classes))
    S = E.sum(axis=0)
    return Draw(X=X, Theta=Theta, O=O, E=E, S=S, P=E / S, y=y, Y=Y, k=classes, q=q)


def _two_classes(rng: np.random.Generator) -> Draw:
    return batch(rng, 2)


def _own(values: Array, d: Draw) -> Array:
    """The entry of each sample's own class, shape (5,)."""
    return np.asarray(values[d.y, np.arange(SAMPLES)])


def _losses_of(d: Draw) -> Array:
    """The loss of each sample, by PyTorch's own function."""
    import torch

    found: Array = torch.nn.functional.cross_entropy(
        torch.tensor(d.O.T), torch.tensor(d.y), reduction="none"
    ).numpy()
    return found


# --- one score a class --------------------------------------------------------------------


def _scores_by_sum(d: Draw, first: int) -> Array:
    """Σ_r θ_rj x_r from feature `first` on, for every class and sample."""
    return np.asarray(
        [
            [sum(d.Theta[r, j] * d.X[r, i] for r in range(first, FEATURES)) for i in range(SAMPLES)]
            for j in range(d.k)
        ]
    )


def _scores_by_class(d: Draw) -> Array:
    return np.asarray([[d.Theta[:, j] @ d.X[:, i] for i in range(SAMPLES)] for j in range(d.k)])


def _torch_scores(d: Draw) -> Array:
    """nn.Linear's function with weights and bias apart, turned back to columns."""
    import torch

    weights, bias = torch.tensor(d.Theta[1:].T), torch.tensor(d.Theta[0])
    found: Array = torch.nn.functional.linear(torch.tensor(d.X[1:].T), weights, bias).T.numpy()
    return found


SCORES = DerivationCheck(
    draw=batch,
    left=_torch_scores,
    lines=(
        Line(
            lambda d: _scores_by_sum(d, 1) + d.Theta[0][:, None],
            (lambda d: _scores_by_sum(d, 1),),
        ),
        Line(lambda d: _scores_by_sum(d, 0), (lambda d: _scores_by_sum(d, 1),)),
        Line(_scores_by_class, (lambda d: -_scores_by_class(d),)),
        Line(
            lambda d: d.Theta.T @ d.X,
            (lambda d: d.Theta[: d.k] @ d.X[: d.k], lambda d: d.Theta[1:].T @ d.X[1:]),
        ),
    ),
)


# --- softmax ------------------------------------------------------------------------------

SUMS_TO_ONE = DerivationCheck(
    draw=batch,
    left=lambda d: np.add.reduce(d.P),
    lines=(
        Line(
            lambda d: sum(np.exp(d.O[j]) / np.exp(d.O).sum(axis=0) for j in range(d.k)),
            # Divided by the sum over the whole batch.
            (lambda d: sum(np.exp(d.O[j]) / np.exp(d.O).sum() for j in range(d.k)),),
        ),
        Line(
            lambda d: np.exp(d.O).sum(axis=0) / np.exp(d.O).sum(axis=0),
            (lambda d: np.exp(d.O.sum(axis=0)) / np.exp(d.O).sum(axis=0),),
        ),
        Line(lambda d: np.ones(SAMPLES), (lambda d: np.ones(SAMPLES) / d.k,)),
    ),
)

ODDS = DerivationCheck(
    draw=batch,
    left=lambda d: _own(d.P, d) / d.P,
    lines=(
        Line(
            lambda d: (_own(d.E, d) / d.S) / (d.E / d.S),
            (lambda d: (_own(d.E, d) / d.S) / d.E,),
        ),
        Line(lambda d: _own(d.E, d) / d.E, (lambda d: d.E / _own(d.E, d),)),
        Line(
            lambda d: np.exp(_own(d.O, d) - d.O),
            (lambda d: np.exp(d.O - _own(d.O, d)), lambda d: np.exp(_own(d.O, d)) - np.exp(d.O)),
        ),
    ),
)


# --- the loss -----------------------------------------------------------------------------


def _mean_over(d: Draw, term: Callable[[int, int], float]) -> float:
    """−1/m Σ_i Σ_j I{y = j} term(i, j)."""
    total = 0.0
    for i in range(SAMPLES):
        for j in range(d.k):
            total += (1.0 if d.y[i] == j else 0.0) * term(i, j)
    return -total / SAMPLES


LOSS = DerivationCheck(
    draw=batch,
    left=lambda d: np.mean(_losses_of(d)),
    lines=(
        Line(
            lambda d: -np.log(np.prod(_own(d.P, d))) / SAMPLES,
            (lambda d: -np.log(np.sum(_own(d.P, d))) / SAMPLES,),
        ),
        Line(
            lambda d: -np.log(np.prod(np.prod(d.P**d.Y, axis=0))) / SAMPLES,
            (lambda d: -np.log(np.prod(np.prod(d.P ** (1 - d.Y), axis=0))) / SAMPLES,),
        ),
        Line(
            lambda d: _mean_over(d, lambda i, j: math.log(d.P[j, i])),
            (
                # Without the indicator, all classes count.
                lambda d: -np.log(d.P).sum() / SAMPLES,
                lambda d: -_mean_over(d, lambda i, j: math.log(d.P[j, i])),
            ),
        ),
        Line(
            lambda d: _mean_over(d, lambda i, j: math.log(d.E[j, i] / np.exp(d.O[:, i]).sum())),
            (
                lambda d: _mean_over(d, lambda i, j: math.log(d.E[j, i] / d.E.sum())),
                # Labels counted from 1 in a table counted from 0.
                lambda d: _mean_over(
                    d, lambda i, j: math.log(d.E[(j + 1) % d.k, i] / np.exp(d.O[:, i]).sum())
                ),
            ),
        ),
    ),
)


# --- vectors, matrices, the trace ---------------------------------------------------------

TRACE = DerivationCheck(
    draw=batch,
    left=lambda d: np.mean(_losses_of(d)),
    lines=(
        Line(
            lambda d: (
                -sum(d.Y[j, i] * math.log(d.P[j, i]) for i in range(SAMPLES) for j in range(d.k))
                / SAMPLES
            ),
            (
                lambda d: (
                    -sum(
                        d.P[j, i] * math.log(d.P[j, i]) for i in range(SAMPLES) for j in range(d.k)
                    )
                    / SAMPLES
                ),
            ),
        ),
        Line(
            lambda d: -sum(d.Y[:, i] @ np.log(d.P[:, i]) for i in range(SAMPLES)) / SAMPLES,
            # Vectors multiplied before the logarithm is taken of all of it, over the batch.
            (lambda d: -math.log(sum(d.Y[:, i] @ d.P[:, i] for i in range(SAMPLES))) / SAMPLES,),
        ),
        Line(
            lambda d: -np.trace(d.Y.T @ np.log(d.P)) / SAMPLES,
            (
                # The sum of the whole product instead of its diagonal.
                lambda d: -np.sum(d.Y.T @ np.log(d.P)) / SAMPLES,
                # The transpose on the other factor: the sum runs over samples.
                lambda d: -np.trace(d.Y @ np.log(d.P).T) / d.k,
            ),
        ),
    ),
)


# --- the loss from the margins ------------------------------------------------------------

MARGIN_FORM = DerivationCheck(
    draw=batch,
    left=_losses_of,
    lines=(
        Line(
            lambda d: -np.log(_own(np.exp(d.O), d) / np.exp(d.O).sum(axis=0)),
            (lambda d: np.log(_own(np.exp(d.O), d) / np.exp(d.O).sum(axis=0)),),
        ),
        Line(
            lambda d: np.log(np.exp(d.O).sum(axis=0) / _own(np.exp(d.O), d)),
            (lambda d: np.log(_own(np.exp(d.O), d) / np.exp(d.O).sum(axis=0)),),
        ),
        Line(
            lambda d: np.log(np.exp(d.O - _own(d.O, d)).sum(axis=0)),
            (lambda d: np.log(np.exp(_own(d.O, d) - d.O).sum(axis=0)),),
        ),
        Line(
            lambda d: np.log(1 + ((1 - d.Y) * np.exp(d.O - _own(d.O, d))).sum(axis=0)),
            (
                # The own class counted twice.
                lambda d: np.log(1 + np.exp(d.O - _own(d.O, d)).sum(axis=0)),
                lambda d: np.log(((1 - d.Y) * np.exp(d.O - _own(d.O, d))).sum(axis=0)),
            ),
        ),
    ),
)


# --- two classes --------------------------------------------------------------------------

TWO_CLASSES = DerivationCheck(
    draw=_two_classes,
    left=lambda d: _torch_softmax(d)[0],
    lines=(
        Line(
            lambda d: np.exp(d.O[0]) / (np.exp(d.O[0]) + np.exp(d.O[1])),
            (lambda d: np.exp(d.O[1]) / (np.exp(d.O[0]) + np.exp(d.O[1])),),
        ),
        Line(
            lambda d: 1 / (1 + np.exp(d.O[1] - d.O[0])),
            (lambda d: 1 / (1 + np.exp(d.O[0] - d.O[1])), lambda d: 1 / (1 + np.exp(-d.O[0]))),
        ),
        Line(lambda d: sigmoid(d.O[0] - d.O[1]), (lambda d: sigmoid(d.O[1] - d.O[0]),)),
        Line(
            lambda d: sigmoid((d.Theta[:, 0] - d.Theta[:, 1]) @ d.X),
            (lambda d: sigmoid((d.Theta[:, 0] + d.Theta[:, 1]) @ d.X),),
        ),
    ),
)


def _torch_softmax(d: Draw) -> Array:
    import torch

    found: Array = torch.softmax(torch.tensor(d.O), dim=0).numpy()
    return found


def _binary_losses(d: Draw) -> Array:
    """The logistic loss with the score o_1 − o_2; the first class is the one called 1."""
    import torch

    found: Array = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(d.O[0] - d.O[1]), torch.tensor(d.Y[0]), reduction="none"
    ).numpy()
    return found


def _z(d: Draw) -> Array:
    return np.asarray(d.O[0] - d.O[1])


TWO_CLASS_LOSS = DerivationCheck(
    draw=_two_classes,
    left=_binary_losses,
    lines=(
        Line(
            lambda d: np.log(1 + np.exp(((1 - d.Y) * d.O).sum(axis=0) - _own(d.O, d))),
            (lambda d: np.log(1 + np.exp(_own(d.O, d) - ((1 - d.Y) * d.O).sum(axis=0))),),
        ),
        Line(
            lambda d: np.where(d.y == 0, np.log(1 + np.exp(-_z(d))), np.log(1 + np.exp(_z(d)))),
            (lambda d: np.where(d.y == 1, np.log(1 + np.exp(-_z(d))), np.log(1 + np.exp(_z(d)))),),
        ),
    ),
)


BOOK = CheckBook(
    "classification",
    derivations={
        "class_scores": SCORES,
        "sums_to_one": SUMS_TO_ONE,
        "margin_odds": ODDS,
        "softmax_loss": LOSS,
        "trace_form": TRACE,
        "margin_form": MARGIN_FORM,
        "two_classes": TWO_CLASSES,
        "two_class_loss": TWO_CLASS_LOSS,
    },
)
