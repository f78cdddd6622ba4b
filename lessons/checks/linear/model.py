"""The checks of `linear/model`: the model, its loss, the gradient, the normal equations."""

from __future__ import annotations

from functools import partial
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

FEATURES, SAMPLES = 3, 7


def data(rng: np.random.Generator) -> Draw:
    """Seven samples of three features, and parameters that do not fit them yet.

    X (7, 3), w (3,), b, y (7,); A (7, 4) is X with a column of ones, theta (4,) is w with b below;
    k is one parameter; x (3,) one sample; v (4,) a step.
    """
    X, w = rng.normal(size=(SAMPLES, FEATURES)), rng.normal(size=FEATURES)
    b, y = float(rng.normal()), rng.normal(size=SAMPLES)
    return Draw(
        X=X,
        w=w,
        b=b,
        y=y,
        x=X[0],
        A=np.column_stack([X, np.ones(SAMPLES)]),
        theta=np.append(w, b),
        k=int(rng.integers(FEATURES + 1)),
        v=rng.normal(size=FEATURES + 1),
    )


# --- the model ----------------------------------------------------------------------------


def _linear_by_torch(d: Draw) -> float:
    """The prediction for one sample by torch's own layer."""
    import torch
    from torch.nn import functional

    found = functional.linear(
        torch.tensor(d.x), torch.tensor(d.w)[None], torch.tensor([d.b], dtype=torch.float64)
    )
    return float(found)


INNER_PRODUCT = DerivationCheck(
    draw=data,
    left=_linear_by_torch,
    lines=(
        Line(
            value=lambda d: d.w[0] * d.x[0] + d.w[1] * d.x[1] + d.w[2] * d.x[2] + d.b,
            wrong=(lambda d: d.w[0] * d.x[0] + d.w[1] * d.x[1] + d.w[2] * d.x[2],),
        ),
        Line(
            value=lambda d: sum(d.w[j] * d.x[j] for j in range(FEATURES)) + d.b,
            # The bias inside the sum, so that it is added once a feature.
            wrong=(lambda d: sum(d.w[j] * d.x[j] + d.b for j in range(FEATURES)),),
        ),
        Line(
            value=lambda d: np.inner(d.w, d.x) + d.b,
            wrong=(lambda d: np.sum(d.w) * np.sum(d.x) + d.b,),
        ),
        Line(
            value=lambda d: (d.w[:, None].T @ d.x[:, None])[0, 0] + d.b,
            # A column times a row: a matrix.
            wrong=(lambda d: d.w[:, None] @ d.x[:, None].T + d.b,),
        ),
    ),
)


def _one_pair(rng: np.random.Generator) -> Draw:
    """A prediction and a true value that are not too near."""
    y = float(rng.normal())
    return Draw(y=y, y_hat=np.array(y + rng.uniform(0.2, 2) * rng.choice([-1, 1])))


SQUARED_SLOPE = DerivationCheck(
    draw=_one_pair,
    left=Derivative(lambda t: 0.5 * (t.y_hat - t.y) ** 2, at="y_hat"),
    lines=(
        Line(
            value=lambda d: by_autograd(lambda t: 0.5 * (t.y_hat - t.y) ** 2, "y_hat", d),
            wrong=(lambda d: by_autograd(lambda t: (t.y_hat - t.y) ** 2, "y_hat", d),),
        ),
        Line(
            value=lambda d: 0.5 * 2 * (d.y_hat - d.y),
            wrong=(lambda d: 0.5 * (d.y_hat - d.y), lambda d: 0.5 * 2 * (d.y_hat - d.y) ** 2),
        ),
        Line(
            value=lambda d: d.y_hat - d.y,
            wrong=(lambda d: d.y - d.y_hat, lambda d: 2 * (d.y_hat - d.y)),
        ),
    ),
)

BIAS_COLUMN = DerivationCheck(
    draw=data,
    left=lambda d: np.array([np.inner(row, d.w) + d.b for row in d.X]),
    lines=(
        Line(
            value=lambda d: np.array(
                [sum(d.X[i, j] * d.w[j] for j in range(FEATURES)) + d.b for i in range(SAMPLES)]
            ),
            wrong=(
                lambda d: np.array(
                    [sum(d.X[j, i % 3] * d.w[j] for j in range(FEATURES)) + d.b for i in range(7)]
                ),
            ),
        ),
        Line(
            value=lambda d: np.array(
                [sum(d.X[i, j] * d.w[j] for j in range(FEATURES)) + 1 * d.b for i in range(SAMPLES)]
            ),
            wrong=(
                lambda d: np.array(
                    [sum(d.X[i, j] * d.w[j] for j in range(FEATURES)) + 0 * d.b for i in range(7)]
                ),
            ),
        ),
        Line(
            value=lambda d: np.array(
                [sum(d.A[i, k] * d.theta[k] for k in range(FEATURES + 1)) for i in range(SAMPLES)]
            ),
            # The sum stops at d, so that the bias is left out.
            wrong=(
                lambda d: np.array(
                    [sum(d.A[i, k] * d.theta[k] for k in range(FEATURES)) for i in range(SAMPLES)]
                ),
            ),
        ),
        Line(
            value=lambda d: d.A @ d.theta,
            # The ones before the features, where the bias stands behind the weights.
            wrong=(lambda d: np.column_stack([np.ones(SAMPLES), d.X]) @ d.theta,),
        ),
    ),
)

# --- the loss and its gradient ------------------------------------------------------------


def _mean_loss(t: SimpleNamespace) -> torch.Tensor:
    """Half of torch's mean squared error, from theta."""
    from torch.nn import functional

    return 0.5 * functional.mse_loss(t.A @ t.theta, t.y)


def _mean_loss_value(d: Draw) -> float:
    """The same as a number."""
    import torch

    tensors = {name: torch.tensor(getattr(d, name)) for name in ("A", "theta", "y")}
    return float(_mean_loss(SimpleNamespace(**tensors)))


MEAN_LOSS = DerivationCheck(
    draw=data,
    left=_mean_loss_value,
    lines=(
        Line(
            value=lambda d: (
                sum(
                    0.5 * (np.inner(row, d.w) + d.b - y) ** 2
                    for row, y in zip(d.X, d.y, strict=True)
                )
                / SAMPLES
            ),
            wrong=(
                lambda d: sum(
                    0.5 * (np.inner(row, d.w) + d.b - y) ** 2
                    for row, y in zip(d.X, d.y, strict=True)
                ),
            ),
        ),
        Line(
            value=lambda d: (
                1 / (2 * SAMPLES) * sum(((d.A @ d.theta)[i] - d.y[i]) ** 2 for i in range(SAMPLES))
            ),
            wrong=(
                lambda d: (
                    1 / SAMPLES * sum(((d.A @ d.theta)[i] - d.y[i]) ** 2 for i in range(SAMPLES))
                ),
                # The sum squared, where the squares are summed.
                lambda d: (
                    1
                    / (2 * SAMPLES)
                    * sum((d.A @ d.theta)[i] - d.y[i] for i in range(SAMPLES)) ** 2
                ),
            ),
        ),
        Line(
            value=lambda d: 1 / (2 * SAMPLES) * np.linalg.norm(d.A @ d.theta - d.y) ** 2,
            wrong=(
                lambda d: 1 / (2 * SAMPLES) * np.linalg.norm(d.A @ d.theta - d.y),
                lambda d: 1 / (2 * SAMPLES) * np.linalg.norm(d.A @ d.theta + d.y) ** 2,
            ),
        ),
    ),
)


def _errors(d: Draw) -> Array:
    """ŷ_i − y_i."""
    return np.asarray(d.A @ d.theta - d.y)


def _square(t: SimpleNamespace, i: int) -> torch.Tensor:
    """(ŷ_i − y_i)² of one sample."""
    found: torch.Tensor = (t.A[i] @ t.theta - t.y[i]) ** 2
    return found


def _prediction_slope(d: Draw, i: int) -> float:
    """∂ŷ_i / ∂θ_k by autograd."""
    return float(by_autograd(lambda t: t.A[i] @ t.theta, "theta", d)[d.k])


def _sum_of_slopes(d: Draw) -> float:
    """Σ_i ∂/∂θ_k (ŷ_i − y_i)², each one by autograd."""
    total = 0.0
    for i in range(SAMPLES):
        total += float(by_autograd(partial(_square, i=i), "theta", d)[d.k])
    return total


LOSS_GRADIENT = DerivationCheck(
    draw=data,
    left=Derivative(_mean_loss, at="theta", pick=lambda gradient, d: gradient[d.k]),
    lines=(
        Line(
            value=lambda d: 1 / (2 * SAMPLES) * _sum_of_slopes(d),
            wrong=(lambda d: 1 / SAMPLES * _sum_of_slopes(d),),
        ),
        Line(
            value=lambda d: (
                1 / SAMPLES * sum(_errors(d)[i] * _prediction_slope(d, i) for i in range(SAMPLES))
            ),
            wrong=(
                # The half forgotten.
                lambda d: (
                    2 / SAMPLES * sum(_errors(d)[i] * _prediction_slope(d, i) for i in range(7))
                ),
                lambda d: 1 / SAMPLES * sum(_errors(d)[i] ** 2 for i in range(SAMPLES)),
            ),
        ),
        Line(
            value=lambda d: 1 / SAMPLES * sum(_errors(d)[i] * d.A[i, d.k] for i in range(SAMPLES)),
            # Row for column.
            wrong=(
                lambda d: (
                    1 / SAMPLES * sum(_errors(d)[i] * d.A[d.k, i % 4] for i in range(SAMPLES))
                ),
            ),
        ),
        Line(
            value=lambda d: (
                1 / SAMPLES * sum(d.A.T[d.k, i] * _errors(d)[i] for i in range(SAMPLES))
            ),
            wrong=(
                lambda d: 1 / SAMPLES * sum(d.A.T[d.k, i] * -_errors(d)[i] for i in range(SAMPLES)),
            ),
        ),
    ),
)

LOSS_GRADIENT_MATRIX = DerivationCheck(
    draw=data,
    left=Derivative(_mean_loss, at="theta"),
    lines=(
        Line(
            value=lambda d: 1 / SAMPLES * d.A.T @ (d.X @ d.w + d.b - d.y),
            wrong=(
                lambda d: 1 / SAMPLES * d.A.T @ (d.y - d.X @ d.w - d.b),
                lambda d: d.A.T @ (d.X @ d.w + d.b - d.y),
            ),
        ),
        Line(
            value=lambda d: 1 / SAMPLES * d.A.T @ (d.A @ d.theta - d.y),
            wrong=(lambda d: 1 / SAMPLES * d.A.T @ (d.A @ d.theta + d.y),),
        ),
    ),
)

BOOK = CheckBook(
    "linear",
    derivations={
        "inner_product": INNER_PRODUCT,
        "squared_slope": SQUARED_SLOPE,
        "bias_column": BIAS_COLUMN,
        "mean_loss": MEAN_LOSS,
        "loss_gradient": LOSS_GRADIENT,
        "loss_gradient_matrix": LOSS_GRADIENT_MATRIX,
    },
)
