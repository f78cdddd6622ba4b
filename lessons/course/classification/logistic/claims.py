"""Programs that show sentences of `classification/logistic` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from engine.labs.accuracy_threshold import HOURS, PASSED, State, accuracy, cross_entropy
from lessons.course.classification.logistic.mistakes import (
    _by_descent,
    _two_classes,
    faulty_logistic_loss,
    logistic_loss,
)
from lessons.course.classification.logistic.programs import UNDERFLOW_PROBABILITY
from lessons.proof.claims import Claim


def towards_class_1() -> bool:
    """The score of 100 random samples after a small step along the weights of 100 models."""
    rng = np.random.default_rng(0)
    w, x, b = rng.normal(size=(100, 5)), rng.normal(size=(100, 5)), rng.normal(size=100)
    before, after = ((w * at).sum(axis=1) + b for at in (x, x + 0.1 * w))
    return bool((after > before).all())


def product_underflows() -> bool:
    """The product of 1000 probabilities in float64, and the mean of their logarithms."""
    p = np.full(1000, UNDERFLOW_PROBABILITY)
    mean = -np.log(p).mean()
    return float(np.prod(p)) == 0.0 and math.isclose(mean, -math.log(UNDERFLOW_PROBABILITY))


def most_called_1() -> bool:
    """The data of the faulty program after 60 updates: called class 1, with both programs."""
    X, y = _two_classes()
    called = [
        float((X @ _by_descent(program, X, y)[2] > 0).mean())
        for program in (faulty_logistic_loss, logistic_loss)
    ]
    return called[0] >= 0.85 and called[1] <= 0.6


def autograd_agrees() -> bool:
    """Autograd of binary_cross_entropy_with_logits for 50 samples of both classes."""
    import torch
    from torch.nn import functional

    made = torch.Generator().manual_seed(0)
    x = torch.randn(50, 3, generator=made, dtype=torch.float64)
    y = (torch.arange(50) % 2).double()
    w = torch.randn(3, generator=made, dtype=torch.float64, requires_grad=True)
    loss = functional.binary_cross_entropy_with_logits(x @ w, y, reduction="none")
    found = [torch.autograd.grad(one, w, retain_graph=True)[0] for one in loss]
    with torch.no_grad():
        wanted = (torch.sigmoid(x @ w) - y)[:, None] * x
    return bool(torch.allclose(torch.stack(found), wanted))


def never_stops() -> bool:
    """The slope for the label 0 at scores from −1 down to −700, in float64: above 0 at each."""
    return all(1 / (1 + math.exp(-z)) > 0 for z in (-1.0, -3.0, -30.0, -100.0, -700.0))


def accuracy_waits() -> bool:
    """The seven rows of the table: how often each measure changes from one to the next."""
    rows = [(accuracy(w, -2.0), cross_entropy(w, -2.0)) for w in np.linspace(0.44, 0.56, 7)]
    changes = [sum(one[at] != other[at] for one, other in pairwise(rows)) for at in (0, 1)]
    return changes == [1, 6]


def comparison_no_grad() -> bool:
    """The accuracy of the eight learners by torch: whether the weight gets a gradient."""
    import torch

    w = torch.tensor(0.46, requires_grad=True)
    p = torch.sigmoid(w * torch.tensor(HOURS) - 2)
    called = p > 0.5
    found = (called == (torch.tensor(PASSED) == 1)).float().mean()
    return p.requires_grad and not called.requires_grad and not found.requires_grad


def lab_steps() -> bool:
    """The lab as it starts: the loss after a step down, and the weight after a step up."""
    start = State()
    return start.descended().loss < start.loss and start.climbed() == start


CLAIMS: Mapping[str, Claim] = {
    "towards-class-1": towards_class_1,
    "product-underflows": product_underflows,
    "most-called-1": most_called_1,
    "autograd-agrees": autograd_agrees,
    "never-stops": never_stops,
    "accuracy-waits": accuracy_waits,
    "comparison-no-grad": comparison_no_grad,
    "lab-steps": lab_steps,
}
