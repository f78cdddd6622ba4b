"""Programs that show sentences of `backprop/forward` to be true."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.backprop.forward.facts import SIZES
from lessons.course.backprop.forward.mistakes import faulty_loss_and_slopes, loss_and_slopes
from lessons.course.parts import sigmoid
from lessons.proof.claims import Claim


def layers_collapse() -> bool:
    """Three layers without activation beside one layer of the right weights; with it, they bend."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(3, 3)), rng.normal(size=3)) for _ in range(3)]
    X = rng.normal(size=(20, 3))
    A, weight, bias = X, np.eye(3), np.zeros(3)
    for W, b in layers:
        A, weight, bias = A @ W + b, weight @ W, bias @ W + b
    (W, b), (above, over), _ = layers
    first, half, last = (
        sigmoid(at * X @ W + b) @ above + over for at in (0.0, 0.5, 1.0)
    )  # on a straight line, the middle is the mean of the ends
    return np.allclose(A, X @ weight + bias) and not np.allclose(half, (first + last) / 2)


def same_count() -> bool:
    """The parameters of two nn.Linear of the sizes in the question: 203530."""
    from torch import nn

    first, hidden, last = SIZES.values()
    net = nn.Sequential(nn.Linear(first, hidden), nn.Sigmoid(), nn.Linear(hidden, last))
    return sum(each.numel() for each in net.parameters()) == 203_530


def counts_twice() -> bool:
    """The faulty loss less the right one: half of the second square."""
    a, y = np.array([0.3, 0.9]), np.array([0.1, 0.4])
    faulty, right = (f(a, y)[0] for f in (faulty_loss_and_slopes, loss_and_slopes))
    return bool(np.isclose(faulty - right, 0.5 * (a[1] - y[1]) ** 2))


CLAIMS: Mapping[str, Claim] = {
    "layers-collapse": layers_collapse,
    "same-count": same_count,
    "counts-twice": counts_twice,
}
