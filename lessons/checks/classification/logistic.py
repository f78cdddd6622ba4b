"""The checks of `classification/logistic`: the mirror of the sigmoid, the loss in its forms."""

from __future__ import annotations

import math

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Draw,
    Line,
)
from lessons.checks.nets import sigmoid

SAMPLES = 6


def samples(rng: np.random.Generator) -> Draw:
    """Six samples of three features, three of each class.

    `X` (6, 3), `w` (3,), `b`, scores `z` (6,), probabilities `p` (6,), labels `y` in {0, 1} and
    `t` in {−1, +1}. Lines about one sample are evaluated for all six.
    """
    X, w, b = rng.normal(size=(SAMPLES, 3)), rng.normal(size=3), rng.normal(size=())
    z = X @ w + b
    y = rng.permutation(np.repeat([0.0, 1.0], SAMPLES // 2))
    return Draw(X=X, w=w, b=b, z=z, p=sigmoid(z), y=y, t=2 * y - 1)


def _losses_of(d: Draw) -> Array:
    """The loss of each sample by PyTorch's own function, from the probabilities."""
    import torch

    found: Array = torch.nn.functional.binary_cross_entropy(
        torch.tensor(d.p), torch.tensor(d.y), reduction="none"
    ).numpy()
    return found


# --- the mirror of the sigmoid ------------------------------------------------------------

MIRROR = DerivationCheck(
    draw=samples,
    left=lambda d: 1 - sigmoid(d.z),
    lines=(
        Line(lambda d: 1 - 1 / (1 + np.exp(-d.z)), (lambda d: 1 - 1 / (1 + np.exp(d.z)),)),
        Line(
            lambda d: np.exp(-d.z) / (1 + np.exp(-d.z)),
            (lambda d: -np.exp(-d.z) / (1 + np.exp(-d.z)),),
        ),
        Line(lambda d: 1 / (np.exp(d.z) + 1), (lambda d: np.exp(-d.z) / (np.exp(d.z) + 1),)),
        Line(lambda d: sigmoid(-d.z), (lambda d: -sigmoid(d.z), lambda d: sigmoid(d.z))),
    ),
)


# --- one formula for both classes ---------------------------------------------------------

BOTH_CLASSES = DerivationCheck(
    draw=samples,
    left=lambda d: 1 / (1 + np.exp(-d.z)),
    lines=(
        Line(lambda d: d.p**1 * (1 - d.p) ** 0, (lambda d: d.p**0 * (1 - d.p) ** 1,)),
        Line(lambda d: d.p, (lambda d: 1 - d.p, lambda d: d.p * (1 - d.p))),
        Line(
            lambda d: d.p**0 * (1 - d.p) ** 1,
            (lambda d: d.p**1 * (1 - d.p) ** 0,),
            left=lambda d: 1 / (1 + np.exp(d.z)),
        ),
        Line(lambda d: 1 - d.p, (lambda d: d.p, lambda d: d.p - 1)),
    ),
)


# --- from the likelihood to the loss ------------------------------------------------------


def _chosen(d: Draw) -> list[float]:
    """P(y | x) of each sample: ŷ for class 1, 1 − ŷ for class 0."""
    return [float(p if y == 1 else 1 - p) for p, y in zip(d.p, d.y, strict=True)]


def _power_form(d: Draw) -> Array:
    return np.asarray(d.p**d.y * (1 - d.p) ** (1 - d.y))


LOSS = DerivationCheck(
    draw=samples,
    left=lambda d: np.mean(_losses_of(d)),
    lines=(
        Line(
            lambda d: -math.log(math.prod(_chosen(d))) / SAMPLES,
            (
                lambda d: -math.log(sum(_chosen(d))) / SAMPLES,
                lambda d: math.log(math.prod(_chosen(d))) / SAMPLES,
            ),
        ),
        Line(
            lambda d: -np.log(np.prod(_power_form(d))) / SAMPLES,
            # The two powers swapped.
            (lambda d: -np.log(np.prod(d.p ** (1 - d.y) * (1 - d.p) ** d.y)) / SAMPLES,),
        ),
        Line(
            lambda d: -np.sum(np.log(_power_form(d))) / SAMPLES,
            (lambda d: -np.log(np.sum(_power_form(d))) / SAMPLES,),
        ),
        Line(
            lambda d: -np.sum(np.log(d.p**d.y) + np.log((1 - d.p) ** (1 - d.y))) / SAMPLES,
            (lambda d: -np.sum(np.log(d.p**d.y) * np.log((1 - d.p) ** (1 - d.y))) / SAMPLES,),
        ),
        Line(
            lambda d: -np.sum(d.y * np.log(d.p) + (1 - d.y) * np.log(1 - d.p)) / SAMPLES,
            (
                lambda d: -np.sum(d.y * np.log(d.p)) / SAMPLES,
                lambda d: -np.sum(d.y * np.log(d.p) - (1 - d.y) * np.log(1 - d.p)) / SAMPLES,
                lambda d: -np.sum(d.y * np.log(d.p) + (1 - d.y) * np.log(1 - d.p)),
            ),
        ),
    ),
)


# --- the loss from the score --------------------------------------------------------------


def _two_terms(d: Draw) -> Array:
    return np.asarray(
        d.y * np.log(1 + np.exp(-d.z)) + (1 - d.y) * np.log(1 + np.exp(d.z)), dtype=np.float64
    )


def _two_terms_swapped(d: Draw) -> Array:
    return np.asarray(
        d.y * np.log(1 + np.exp(d.z)) + (1 - d.y) * np.log(1 + np.exp(-d.z)), dtype=np.float64
    )


LOGIT_FORM = DerivationCheck(
    draw=samples,
    left=_losses_of,
    lines=(
        Line(
            lambda d: -d.y * np.log(sigmoid(d.z)) - (1 - d.y) * np.log(1 - sigmoid(d.z)),
            (lambda d: -d.y * np.log(sigmoid(d.z)) + (1 - d.y) * np.log(1 - sigmoid(d.z)),),
        ),
        Line(
            lambda d: -d.y * np.log(sigmoid(d.z)) - (1 - d.y) * np.log(sigmoid(-d.z)),
            (lambda d: -d.y * np.log(sigmoid(d.z)) - (1 - d.y) * np.log(-sigmoid(-d.z) + 1),),
        ),
        Line(_two_terms, (_two_terms_swapped, lambda d: -_two_terms(d))),
        Line(
            lambda d: np.log(1 + np.exp((-1) ** d.y * d.z)),
            (lambda d: np.log(1 + np.exp((-1) ** (1 + d.y) * d.z)),),
        ),
        Line(
            lambda d: np.log(1 + np.exp((1 - 2 * d.y) * d.z)),
            (
                lambda d: np.log(1 + np.exp((2 * d.y - 1) * d.z)),
                lambda d: np.log(1 + np.exp((1 - d.y) * d.z)),
            ),
        ),
    ),
)

SOFTPLUS_FORM = DerivationCheck(
    draw=samples,
    left=_losses_of,
    lines=(
        Line(_two_terms, (_two_terms_swapped,)),
        Line(
            lambda d: (
                d.y * np.log(np.exp(-d.z) * (np.exp(d.z) + 1)) + (1 - d.y) * np.log(1 + np.exp(d.z))
            ),
            (
                lambda d: (
                    d.y * np.log(np.exp(d.z) * (np.exp(d.z) + 1))
                    + (1 - d.y) * np.log(1 + np.exp(d.z))
                ),
            ),
        ),
        Line(
            lambda d: d.y * (np.log(1 + np.exp(d.z)) - d.z) + (1 - d.y) * np.log(1 + np.exp(d.z)),
            (
                lambda d: (
                    d.y * (np.log(1 + np.exp(d.z)) + d.z) + (1 - d.y) * np.log(1 + np.exp(d.z))
                ),
            ),
        ),
        Line(
            lambda d: np.log(1 + np.exp(d.z)) - d.y * d.z,
            (lambda d: np.log(1 + np.exp(d.z)) - d.z, lambda d: np.log(1 + np.exp(-d.z)) - d.z),
        ),
    ),
)


# --- labels −1 and +1 ---------------------------------------------------------------------

SIGNED_FORM = DerivationCheck(
    draw=samples,
    left=lambda d: np.log1p(np.exp(-d.t * d.z)),
    lines=(
        Line(
            lambda d: np.log(1 + np.exp(-(2 * d.y - 1) * d.z)),
            # The label that is 0 or 1 put where the signed one belongs.
            (lambda d: np.log(1 + np.exp(-d.y * d.z)),),
        ),
        Line(
            lambda d: np.log(1 + np.exp((1 - 2 * d.y) * d.z)),
            (lambda d: np.log(1 + np.exp((1 + 2 * d.y) * d.z)),),
        ),
        Line(
            lambda d: np.log(1 + np.exp((-1) ** d.y * d.z)),
            (lambda d: np.log(1 + np.exp((-1) ** (1 + d.y) * d.z)),),
        ),
        Line(_two_terms, (_two_terms_swapped,)),
        Line(
            lambda d: -d.y * np.log(d.p) - (1 - d.y) * np.log(1 - d.p),
            (lambda d: -(1 - d.y) * np.log(d.p) - d.y * np.log(1 - d.p),),
        ),
    ),
)


BOOK = CheckBook(
    "classification",
    derivations={
        "sigmoid_mirror": MIRROR,
        "both_classes": BOTH_CLASSES,
        "logistic_loss": LOSS,
        "logistic_logit_form": LOGIT_FORM,
        "logistic_softplus_form": SOFTPLUS_FORM,
        "signed_form": SIGNED_FORM,
    },
)
