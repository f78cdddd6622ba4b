"""The derivations of `mlp/from-scratch`: gradients of a batch of rows, and a step too long."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import Array, CheckBook, DerivationCheck, Derivative, Draw, Line
from lessons.checks.nets import sigmoid, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch

SAMPLES, PIXELS, UNITS, CLASSES = 5, 4, 3, 3


def _batch(rng: np.random.Generator) -> Draw:
    """Five samples as rows through a layer of sigmoid units to three scores."""
    X = rng.normal(size=(SAMPLES, PIXELS))
    W1, B1 = rng.normal(size=(PIXELS, UNITS)), rng.normal(size=UNITS)
    W2, B2 = rng.normal(size=(UNITS, CLASSES)), rng.normal(size=CLASSES)
    Y = np.eye(CLASSES)[rng.integers(CLASSES, size=SAMPLES)]
    Z2 = X @ W1 + B1
    A2 = sigmoid(Z2)
    Z3 = A2 @ W2 + B2
    exps = np.exp(Z3)
    return Draw(X=X, W1=W1, B1=B1, W2=W2, B2=B2, Y=Y, Z2=Z2, A2=A2, Z3=Z3, exps=exps)


def _loss_of_scores(Z3: torch.Tensor, Y: torch.Tensor) -> torch.Tensor:
    import torch

    return torch.nn.functional.cross_entropy(Z3, Y)


def _from_scores(t: SimpleNamespace) -> torch.Tensor:
    return _loss_of_scores(t.Z3, t.Y)


def _from_hidden_sums(t: SimpleNamespace) -> torch.Tensor:
    return _loss_of_scores(t.Z2.sigmoid() @ t.W2 + t.B2, t.Y)


def _from_images(t: SimpleNamespace) -> torch.Tensor:
    return _loss_of_scores((t.X @ t.W1 + t.B1).sigmoid() @ t.W2 + t.B2, t.Y)


def _probabilities(d: Draw) -> Array:
    return np.asarray(d.exps / d.exps.sum(axis=1, keepdims=True))


def _output_deltas(d: Draw) -> Array:
    return by_autograd(_from_scores, "Z3", d)


def _hidden_deltas(d: Draw) -> Array:
    return by_autograd(_from_hidden_sums, "Z2", d)


GRADIENTS = DerivationCheck(
    draw=_batch,
    left=Derivative(_from_scores, at="Z3"),
    lines=(
        Line(
            lambda d: (_probabilities(d) - d.Y) / SAMPLES,
            (
                lambda d: (d.Y - _probabilities(d)) / SAMPLES,
                lambda d: _probabilities(d) - d.Y,
            ),
        ),
        Line(
            lambda d: d.A2.T @ _output_deltas(d),
            (lambda d: d.Z2.T @ _output_deltas(d), lambda d: d.A2.T @ _output_deltas(d) / SAMPLES),
            left=Derivative(_from_images, at="W2"),
        ),
        Line(
            lambda d: _output_deltas(d) @ d.W2.T * sigmoid_slope(d.Z2),
            (
                # As many units as classes, so the weights also fit without the transpose.
                lambda d: _output_deltas(d) @ d.W2 * sigmoid_slope(d.Z2),
                lambda d: _output_deltas(d) @ d.W2.T,
                lambda d: _output_deltas(d) @ d.W2.T * sigmoid_slope(d.A2),
            ),
            left=Derivative(_from_hidden_sums, at="Z2"),
        ),
        Line(
            lambda d: d.X.T @ _hidden_deltas(d),
            (lambda d: d.X.T @ (_hidden_deltas(d) / sigmoid_slope(d.Z2)),),
            left=Derivative(_from_images, at="W1"),
        ),
    ),
)


def _parabola(rng: np.random.Generator) -> Draw:
    """A place on a parabola, its curvature, and a learning rate."""
    return Draw(w=rng.normal(size=()), c=rng.uniform(0.5, 5), eta=rng.uniform(0.1, 1))


def _step_by_torch(d: Draw) -> float:
    """Where torch.optim.SGD moves the weight."""
    import torch

    w = torch.tensor(float(d.w), dtype=torch.float64, requires_grad=True)
    (0.5 * float(d.c) * w**2).backward()
    torch.optim.SGD([w], lr=float(d.eta)).step()
    return w.item()


def _slope(d: Draw) -> float:
    return float(by_autograd(lambda t: 0.5 * t.c * t.w**2, "w", d))


OVERSHOOT = DerivationCheck(
    draw=_parabola,
    left=_step_by_torch,
    lines=(
        Line(lambda d: d.w - d.eta * _slope(d), (lambda d: d.w + d.eta * _slope(d),)),
        Line(
            lambda d: d.w - d.eta * d.c * d.w,
            (lambda d: d.w - 0.5 * d.eta * d.c * d.w, lambda d: d.w - d.eta * d.c),
        ),
        Line(lambda d: (1 - d.eta * d.c) * d.w, (lambda d: (1 + d.eta * d.c) * d.w,)),
    ),
)

BOOK = CheckBook(
    "mlp", derivations={"scratch_gradients": GRADIENTS, "scratch_overshoot": OVERSHOOT}
)
