"""The checks of `linear/gradient-descent`: one step, the path, mini-batches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import Array, CheckBook, DerivationCheck, Derivative, Draw, Line
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch

SAMPLES, FEATURES, BATCHES = 12, 3, 4
PER_BATCH = SAMPLES // BATCHES


def squared(values: Array) -> float:
    """‖values‖²."""
    return float(np.linalg.norm(values) ** 2)


# --- one step -----------------------------------------------------------------------------


def _data(rng: np.random.Generator) -> Draw:
    """X (12, 3), y (12,), w (3,), a rate, and the samples cut into four shuffled batches."""
    X, y, w = rng.normal(size=(SAMPLES, FEATURES)), rng.normal(size=SAMPLES), rng.normal(size=3)
    r = X @ w - y
    return Draw(
        X=X,
        y=y,
        w=w,
        r=r,
        g=X.T @ r / SAMPLES,
        lr=float(rng.uniform(0.2, 1.5)),
        batches=rng.permutation(SAMPLES).reshape(BATCHES, PER_BATCH),
    )


def _mean_loss(t: SimpleNamespace) -> torch.Tensor:
    """Half of torch's mean squared error at w."""
    from torch.nn import functional

    return 0.5 * functional.mse_loss(t.X @ t.w, t.y)


def _loss_by_torch(d: Draw, w: Array) -> float:
    import torch

    X, y, at = (torch.tensor(part) for part in (d.X, d.y, w))
    return float(_mean_loss(SimpleNamespace(X=X, y=y, w=at)))


def _loss(d: Draw, w: Array) -> float:
    """1/(2n) ‖Xw − y‖²."""
    return squared(d.X @ w - d.y) / (2 * SAMPLES)


GD_CHANGE = DerivationCheck(
    draw=_data,
    left=lambda d: _loss_by_torch(d, d.w - d.lr * by_autograd(_mean_loss, "w", d)),
    lines=(
        Line(
            value=lambda d: 1 / (2 * SAMPLES) * squared(d.X @ (d.w - d.lr * d.g) - d.y),
            # Along the gradient: uphill.
            wrong=(lambda d: 1 / (2 * SAMPLES) * squared(d.X @ (d.w + d.lr * d.g) - d.y),),
        ),
        Line(
            value=lambda d: 1 / (2 * SAMPLES) * squared(d.r - d.lr * d.X @ d.g),
            wrong=(lambda d: 1 / (2 * SAMPLES) * squared(d.r - d.X @ d.g),),
        ),
        Line(
            value=lambda d: (
                1
                / (2 * SAMPLES)
                * (squared(d.r) - 2 * d.lr * d.r @ d.X @ d.g + d.lr**2 * squared(d.X @ d.g))
            ),
            wrong=(
                # The middle term forgotten, the rate of the last one not squared.
                lambda d: 1 / (2 * SAMPLES) * (squared(d.r) + d.lr**2 * squared(d.X @ d.g)),
                lambda d: (
                    1
                    / (2 * SAMPLES)
                    * (squared(d.r) - 2 * d.lr * d.r @ d.X @ d.g + d.lr * squared(d.X @ d.g))
                ),
            ),
        ),
        Line(
            value=lambda d: (
                _loss(d, d.w)
                - d.lr * (1 / SAMPLES * d.X.T @ d.r) @ d.g
                + d.lr**2 / (2 * SAMPLES) * squared(d.X @ d.g)
            ),
            wrong=(
                lambda d: (
                    _loss(d, d.w)
                    - d.lr * (d.X.T @ d.r) @ d.g
                    + d.lr**2 / (2 * SAMPLES) * squared(d.X @ d.g)
                ),
            ),
        ),
        Line(
            value=lambda d: (
                _loss(d, d.w) - d.lr * squared(d.g) + d.lr**2 / (2 * SAMPLES) * squared(d.X @ d.g)
            ),
            wrong=(
                lambda d: _loss(d, d.w) - d.lr * squared(d.g),
                lambda d: (
                    _loss(d, d.w)
                    - d.lr * float(np.linalg.norm(d.g))
                    + d.lr**2 / (2 * SAMPLES) * squared(d.X @ d.g)
                ),
            ),
        ),
    ),
)

# --- the path -----------------------------------------------------------------------------


def _one_weight(rng: np.random.Generator) -> Draw:
    """x and y of eight samples, a weight, a rate, a number of steps and the path so far.

    λ is the mean of x², best the best weight, by least squares; path holds w_0 … w_t, each from
    the one before by torch's own gradient.
    """
    x, y = rng.normal(1, 1, size=8), rng.normal(size=8)
    w, lr = np.array(rng.uniform(1, 3)), float(rng.uniform(0.1, 0.4))
    draw = Draw(
        x=x,
        y=y,
        w=w,
        lr=lr,
        t=int(rng.integers(2, 5)),
        lam=float(sum(one**2 for one in x) / 8),
        best=float(np.linalg.lstsq(x[:, None], y, rcond=None)[0][0]),
    )
    path = [float(w)]
    for _ in range(draw.t):
        here = Draw(x=x, y=y, w=np.array(path[-1]))
        path.append(path[-1] - lr * float(by_autograd(_line_loss, "w", here)))
    draw.path = np.array(path)
    return draw


def _line_loss(t: SimpleNamespace) -> torch.Tensor:
    """The mean of half the squared errors of a line through the origin."""
    found: torch.Tensor = 0.5 * ((t.w * t.x - t.y) ** 2).mean()
    return found


GD_SLOPE = DerivationCheck(
    draw=_one_weight,
    left=Derivative(_line_loss, at="w"),
    lines=(
        Line(
            value=lambda d: sum((d.w * x - y) * x for x, y in zip(d.x, d.y, strict=True)) / 8,
            # The feature forgotten, as if it were the bias.
            wrong=(lambda d: sum(d.w * x - y for x, y in zip(d.x, d.y, strict=True)) / 8,),
        ),
        Line(
            value=lambda d: (
                d.w * (sum(x**2 for x in d.x) / 8)
                - sum(x * y for x, y in zip(d.x, d.y, strict=True)) / 8
            ),
            # The square of the mean for the mean of the squares.
            wrong=(
                lambda d: (
                    d.w * (sum(d.x) / 8) ** 2
                    - sum(x * y for x, y in zip(d.x, d.y, strict=True)) / 8
                ),
            ),
        ),
        Line(
            value=lambda d: d.lam * d.w - d.lam * d.best,
            wrong=(lambda d: d.lam * d.w - d.best, lambda d: d.lam * d.w + d.lam * d.best),
        ),
        Line(
            value=lambda d: d.lam * (d.w - d.best),
            wrong=(lambda d: d.lam * (d.best - d.w), lambda d: d.w - d.best),
        ),
    ),
)

GD_DISTANCE = DerivationCheck(
    draw=_one_weight,
    left=lambda d: d.path[-1] - d.best,
    lines=(
        Line(
            value=lambda d: d.path[-2] - d.lr * d.lam * (d.path[-2] - d.best) - d.best,
            wrong=(lambda d: d.path[-2] + d.lr * d.lam * (d.path[-2] - d.best) - d.best,),
        ),
        Line(
            value=lambda d: (d.path[-2] - d.best) - d.lr * d.lam * (d.path[-2] - d.best),
            wrong=(lambda d: (d.path[-2] - d.best) - d.lam * (d.path[-2] - d.best),),
        ),
        Line(
            value=lambda d: (1 - d.lr * d.lam) * (d.path[-2] - d.best),
            wrong=(
                lambda d: (1 + d.lr * d.lam) * (d.path[-2] - d.best),
                lambda d: (1 - d.lr * d.lam) * d.path[-2],
            ),
        ),
        Line(
            value=lambda d: (1 - d.lr * d.lam) ** d.t * (d.path[0] - d.best),
            wrong=(
                # Multiplied by t where it is raised to it; one step too few.
                lambda d: (1 - d.t * d.lr * d.lam) * (d.path[0] - d.best),
                lambda d: (1 - d.lr * d.lam) ** (d.t - 1) * (d.path[0] - d.best),
            ),
        ),
    ),
)


def _step_of_many(rng: np.random.Generator) -> Draw:
    """Data of three features, the place before a step and after it, one direction v of H.

    The step is made by torch's own gradient; lam is the curvature in the direction v.
    """
    draw = _data(rng)
    draw.H = draw.X.T @ draw.X / SAMPLES
    draw.best = np.linalg.lstsq(draw.X, draw.y, rcond=None)[0]
    draw.after = draw.w - draw.lr * by_autograd(_mean_loss, "w", draw)
    curvatures, directions = np.linalg.eigh(draw.H)
    chosen = int(rng.integers(FEATURES))
    draw.lam, draw.v = float(curvatures[chosen]), directions[:, chosen]
    return draw


def _apart(d: Draw) -> Array:
    """w_{t−1} − w*."""
    return np.asarray(d.w - d.best)


GD_DIRECTION = DerivationCheck(
    draw=_step_of_many,
    left=lambda d: float(d.v @ (d.after - d.best)),
    # Measured against 1: in some direction the distance may be all but gone after the step.
    lines=(
        Line(
            value=lambda d: d.v @ (d.w - d.lr * d.H @ _apart(d) - d.best),
            wrong=(lambda d: d.v @ (d.w - d.lr * d.H @ d.w - d.best),),
            floor=1.0,
        ),
        Line(
            value=lambda d: d.v @ _apart(d) - d.lr * d.v @ d.H @ _apart(d),
            wrong=(lambda d: d.v @ _apart(d) + d.lr * d.v @ d.H @ _apart(d),),
            floor=1.0,
        ),
        Line(
            value=lambda d: d.v @ _apart(d) - d.lr * d.lam * d.v @ _apart(d),
            # The sum of all curvatures for the one that belongs to v.
            wrong=(lambda d: d.v @ _apart(d) - d.lr * np.trace(d.H) * d.v @ _apart(d),),
            floor=1.0,
        ),
        Line(
            value=lambda d: (1 - d.lr * d.lam) * d.v @ _apart(d),
            wrong=(lambda d: -d.lr * d.lam * d.v @ _apart(d),),
            floor=1.0,
        ),
    ),
)

# --- mini-batches -------------------------------------------------------------------------


def _own_gradient(d: Draw, i: int) -> Array:
    """The gradient of sample i alone: (x_i·w − y_i) x_i."""
    return np.asarray((d.X[i] @ d.w - d.y[i]) * d.X[i])


def _mean_of_batch_gradients(d: Draw) -> Array:
    """(1/k) Σ_m of the gradient of each batch's own mean loss, by autograd."""
    total = np.zeros(FEATURES)
    for rows in d.batches:
        part = Draw(X=d.X[rows], y=d.y[rows], w=d.w)
        total += by_autograd(_mean_loss, "w", part)
    return total / BATCHES


GD_BATCHES = DerivationCheck(
    draw=_data,
    left=_mean_of_batch_gradients,
    lines=(
        Line(
            value=lambda d: (
                1
                / (BATCHES * PER_BATCH)
                * sum(sum(_own_gradient(d, i) for i in rows) for rows in d.batches)
            ),
            # A sum of means divided by the number of samples.
            wrong=(
                lambda d: (
                    sum(sum(_own_gradient(d, i) for i in rows) / PER_BATCH for rows in d.batches)
                    / SAMPLES
                ),
            ),
        ),
        Line(
            value=lambda d: 1 / SAMPLES * sum(_own_gradient(d, i) for i in range(SAMPLES)),
            wrong=(lambda d: 1 / BATCHES * sum(_own_gradient(d, i) for i in range(SAMPLES)),),
        ),
        Line(
            value=lambda d: by_autograd(_mean_loss, "w", d),
            wrong=(lambda d: SAMPLES * by_autograd(_mean_loss, "w", d),),
        ),
    ),
)


def _batch_loss(t: SimpleNamespace) -> torch.Tensor:
    """The sum of the losses of a batch."""
    found: torch.Tensor = 0.5 * ((t.X @ t.w - t.y) ** 2).sum()
    return found


def _one_batch(d: Draw) -> Draw:
    """The first batch of the draw, with the same weights."""
    rows = d.batches[0]
    return Draw(X=d.X[rows], y=d.y[rows], w=d.w)


GD_ONCE = DerivationCheck(
    draw=_data,
    left=lambda d: d.w - d.lr / PER_BATCH * by_autograd(_batch_loss, "w", _one_batch(d)),
    lines=(
        Line(
            value=lambda d: d.w - d.lr * (1 / PER_BATCH * sum(map_gradients(d))),
            # Not divided at all.
            wrong=(lambda d: d.w - d.lr * sum(map_gradients(d)),),
        ),
        Line(
            value=lambda d: d.w - d.lr * by_autograd(_mean_loss, "w", _one_batch(d)),
            # Divided by the batch size once more.
            wrong=(lambda d: d.w - d.lr / PER_BATCH * by_autograd(_mean_loss, "w", _one_batch(d)),),
        ),
    ),
)


def map_gradients(d: Draw) -> list[Array]:
    """∇ℓ_i for each sample of the first batch."""
    return [_own_gradient(d, i) for i in d.batches[0]]


BOOK = CheckBook(
    "linear",
    derivations={
        "gd_change": GD_CHANGE,
        "gd_slope": GD_SLOPE,
        "gd_distance": GD_DISTANCE,
        "gd_direction": GD_DIRECTION,
        "gd_batches": GD_BATCHES,
        "gd_once": GD_ONCE,
    },
)
