"""Programs that show sentences of `classification/softmax` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lessons.course.classification.softmax.facts import SAME_HARD
from lessons.proof.claims import Claim


def equally_far() -> bool:
    """The distances between the one-hot vectors of ten classes."""
    eye = np.eye(10)
    apart = [np.linalg.norm(eye[i] - eye[j]) for i in range(10) for j in range(i)]
    return bool(np.allclose(apart, apart[0]))


def index_or_one_hot() -> bool:
    """cross_entropy of 20 random samples, with class numbers and with one-hot vectors."""
    import torch
    from torch.nn import functional

    made = torch.Generator().manual_seed(0)
    scores = torch.randn(20, 5, generator=made)
    numbers = torch.randint(5, (20,), generator=made)
    vectors = functional.one_hot(numbers, 5).float()
    by_number, by_vector = (functional.cross_entropy(scores, y) for y in (numbers, vectors))
    return bool(torch.allclose(by_number, by_vector))


def shift() -> bool:
    """Softmax of random scores, before and after 3.7 is added to all of them."""
    import torch

    scores = torch.randn(50, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return bool(torch.allclose(scores.softmax(dim=1), (scores + 3.7).softmax(dim=1)))


def same_class() -> bool:
    """The place of the highest score and of the highest probability of 1000 random samples."""
    import torch

    scores = torch.randn(1000, 10, generator=torch.Generator().manual_seed(0))
    return bool((scores.argmax(dim=1) == scores.softmax(dim=1).argmax(dim=1)).all())


def same_hard() -> bool:
    """The hard predictions of the two soft ones of the text, and their losses for class 1."""
    places = {int(np.argmax(p)) for p in SAME_HARD}
    losses = [f"{-math.log(p[0]):.2f}" for p in SAME_HARD]
    return places == {0} and losses == ["0.92", "0.11"]


def autograd_agrees() -> bool:
    """The gradient of cross_entropy for all parameters, by autograd and by the product."""
    import torch
    from torch.nn import functional

    made = torch.Generator().manual_seed(0)
    X = torch.randn(30, 4, generator=made, dtype=torch.float64)
    X[:, 0] = 1.0
    labels = torch.randint(3, (30,), generator=made)
    theta = torch.randn(4, 3, generator=made, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(functional.cross_entropy(X @ theta, labels), theta)
    with torch.no_grad():
        errors = (X @ theta).softmax(dim=1) - functional.one_hot(labels, 3)
        return bool(torch.allclose(found, X.T @ errors / 30))


def loss_rounds() -> bool:
    """cross_entropy in float32 and float64 with nine margins of 20, and in float32 with 5."""
    import torch
    from torch.nn import functional

    scores, first = torch.zeros(10), torch.tensor(0)
    scores[0] = 20.0
    small = float(functional.cross_entropy(scores, first))
    exact = float(functional.cross_entropy(scores.double(), first))
    near = float(functional.cross_entropy(scores / 4, first))
    return small == 0.0 < exact < near


def columns_shift() -> bool:
    """Softmax of 50 random samples, before and after a vector is added to every column."""
    rng = np.random.default_rng(0)
    X, theta, added = rng.normal(size=(50, 6)), rng.normal(size=(6, 4)), rng.normal(size=(6, 1))
    powers = [np.exp(X @ found) for found in (theta, theta + added)]
    before, after = (found / found.sum(axis=1, keepdims=True) for found in powers)
    return bool(np.allclose(before, after))


CLAIMS: Mapping[str, Claim] = {
    "equally-far": equally_far,
    "index-or-one-hot": index_or_one_hot,
    "shift": shift,
    "same-class": same_class,
    "same-hard": same_hard,
    "autograd-agrees": autograd_agrees,
    "loss-rounds": loss_rounds,
    "columns-shift": columns_shift,
}
