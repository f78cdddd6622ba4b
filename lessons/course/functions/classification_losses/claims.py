"""Programs that show sentences of `functions/classification-losses` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.labs.classification_losses import START, answer
from lessons.course.functions.classification_losses.facts import CLASSES, GIVEN, LABELS, SCORES
from lessons.proof.claims import Claim


def four_fifths() -> bool:
    """The loss of the first sample, divided by the sum of all three losses."""
    given = zip(LABELS, GIVEN, strict=True)
    losses = [-math.log(p if label == 1 else 1 - p) for label, p in given]
    return 0.795 < losses[0] / sum(losses) < 0.805


def slope_unlimited() -> bool:
    """The slope on the probability by autograd, for y = 1 and a probability of 0.1 to the n."""
    import torch
    from torch.nn import functional

    sizes = []
    for power in range(1, 9):
        p = torch.tensor(0.1**power, dtype=torch.float64, requires_grad=True)
        loss = functional.binary_cross_entropy(p, torch.ones((), dtype=torch.float64))
        sizes.append(-float(torch.autograd.grad(loss, p)[0]))
    return bool(np.allclose(sizes, [10.0**power for power in range(1, 9)]))


def squared_steepest() -> bool:
    """The slope of the squared loss on the score, for y = 1: where it is largest, and its ends."""
    p = np.linspace(0.0, 1.0, 30_001)
    sizes = (1 - p) * p * (1 - p)
    at = int(sizes.argmax())
    falls = bool((np.diff(sizes[:at]) > 0).all() and (np.diff(sizes[at:]) < 0).all())
    return falls and math.isclose(p[at], 1 / 3, abs_tol=1e-4) and sizes[0] == sizes[-1] == 0


def sigmoid_rounds() -> bool:
    """torch.sigmoid(20) in float32, and the logarithm of what is left."""
    import torch

    p = torch.sigmoid(torch.tensor(20.0))
    return float(p) == 1.0 and float(torch.log(1 - p)) == -math.inf


def bce_clamps() -> bool:
    """binary_cross_entropy of an exact 1 with the label 0."""
    import torch
    from torch.nn import functional

    return float(functional.binary_cross_entropy(torch.ones(()), torch.zeros(()))) == 100.0


def with_logits() -> bool:
    """binary_cross_entropy_with_logits in float32, for the label 0 and the score 200."""
    import torch
    from torch.nn import functional

    loss = functional.binary_cross_entropy_with_logits(torch.tensor(200.0), torch.zeros(()))
    return float(loss) == 200.0


def softmax_inside() -> bool:
    """cross_entropy of the two samples, and the loss by hand with softmax applied."""
    import torch
    from torch.nn import functional

    z, t = torch.tensor(SCORES, dtype=torch.float64), torch.tensor(CLASSES)
    by_hand = -torch.softmax(z, dim=1)[[0, 1], t].log().mean()
    return math.isclose(float(functional.cross_entropy(z, t)), float(by_hand))


def label_too_high() -> bool:
    """cross_entropy of three scores with the label 3, on the CPU."""
    import torch
    from torch.nn import functional

    try:
        functional.cross_entropy(torch.tensor(SCORES[:1]), torch.tensor([3]))
    except IndexError:
        return True
    return False


def lab_twice() -> bool:
    """The lab with 5 and with 50 as the score of the true class."""
    seen = [
        answer(START["ce_logits"].written(f"{score} 0 0; 0 {score} 0 : 0 1")) for score in (5, 50)
    ]
    last = seen[-1]
    once = f"{last.mean:.6f}" == "0.000000" and seen[0].mean > last.mean
    twice = seen[0].twice_mean > last.twice_mean and math.isclose(last.twice_mean, last.floor)
    fades = abs(seen[0].twice_slopes[0][0]) > 1e6 * abs(last.twice_slopes[0][0])
    return once and twice and fades and last.floor > 0.5


def prediction_minus_truth() -> bool:
    """The slopes of BCE, CE and MSE on their scores by autograd."""
    import torch
    from torch.nn import functional

    z = torch.tensor([0.7, -1.2, 2.0], dtype=torch.float64, requires_grad=True)
    truth = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    pairs = (
        (functional.binary_cross_entropy_with_logits(z, truth), torch.sigmoid(z), 1 / 3),
        (functional.cross_entropy(z, truth), torch.softmax(z, dim=0), 1.0),
        (functional.mse_loss(z, truth), z, 2 / 3),
    )
    return all(
        torch.allclose(torch.autograd.grad(loss, z, retain_graph=True)[0], c * (p - truth))
        for loss, p, c in pairs
    )


def nll() -> bool:
    """cross_entropy of 50 random samples, and nll_loss of their log-softmax."""
    import torch
    from torch.nn import functional

    made = torch.Generator().manual_seed(0)
    z = torch.randn(50, 7, generator=made)
    t = torch.randint(7, (50,), generator=made)
    by_parts = functional.nll_loss(torch.log_softmax(z, dim=1), t)
    return bool(torch.allclose(functional.cross_entropy(z, t), by_parts))


CLAIMS: Mapping[str, Claim] = {
    "four-fifths": four_fifths,
    "slope-unlimited": slope_unlimited,
    "squared-steepest": squared_steepest,
    "sigmoid-rounds": sigmoid_rounds,
    "bce-clamps": bce_clamps,
    "with-logits": with_logits,
    "softmax-inside": softmax_inside,
    "label-too-high": label_too_high,
    "lab-twice": lab_twice,
    "prediction-minus-truth": prediction_minus_truth,
    "nll": nll,
}
