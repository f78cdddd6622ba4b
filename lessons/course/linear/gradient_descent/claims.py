"""Programs that show sentences of `linear/gradient-descent` to be true."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from engine.activations import Array
from engine.labs.descent import Run, surface
from lessons.course.linear.gradient_descent.facts import FLAT, LAB_RATES, VALLEY_RATE
from lessons.proof.claims import Claim


def fastest() -> bool:
    """Steps of length 1e-5 in 3600 directions from three places: none raises the loss more."""
    angles = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    around = 1e-5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    held = []
    for place in ((0.0, 0.0), (-2.0, 7.0), (5.0, 3.0)):
        w = np.array(place)
        gradient = surface().hessian @ (w - surface().lowest)
        along = 1e-5 * gradient / np.linalg.norm(gradient)
        rise = [_rise(w, step) for step in around]
        best = around[int(np.argmax(rise))]
        held.append(_rise(w, along) >= max(rise) - 1e-15 and np.linalg.norm(best - along) < 2e-8)
    return all(held)


def _rise(w: Array, step: Array) -> float:
    """How much the loss of the lab's surface grows with a step, without what rounding takes."""
    off, hessian = w - surface().lowest, surface().hessian
    return float(step @ hessian @ off + step @ hessian @ step / 2)


def hundreds_of_steps() -> bool:
    """Steps until the flat direction is 100 times nearer: at least 200."""
    distance, steps = 1.0, 0
    while distance > 0.01:
        distance, steps = distance - VALLEY_RATE * FLAT * distance, steps + 1
    return 200 <= steps < 1000


def zigzag() -> bool:
    """At 2.6 the distance across the valley changes its sign each step and grows by 6 %."""
    run = Run("gd", LAB_RATES["large"]).stepped(40)
    steep = np.linalg.eigh(surface().hessian)[1][:, -1]
    off = np.array([(np.array(place.w) - surface().lowest) @ steep for place in run.path])
    factors = off[1:] / off[:-1]
    return bool(np.allclose(factors, -1.06, atol=0.005))


def grows_to_nan() -> bool:
    """Losses of a fit in float32 with too large a rate: they grow, then inf, then nan."""
    import torch

    from lessons.course.linear.gradient_descent.programs import X, y

    w = torch.zeros(2, requires_grad=True)
    optimiser = torch.optim.SGD([w], lr=20.0)
    losses = []
    for _ in range(80):
        loss = ((X.float() @ w - y.float()) ** 2).mean() / 2
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    infinite = [place for place, loss in enumerate(losses) if loss == np.inf]
    broken = [place for place, loss in enumerate(losses) if np.isnan(loss)]
    growing = all(a < b for a, b in pairwise(losses[: infinite[0]]))
    return growing and bool(infinite) and bool(broken) and infinite[-1] < broken[0]


def drawn_again() -> bool:
    """1000 draws from 1000 samples: 36 to 38 % never come, on average over 50 tries."""
    rng = np.random.default_rng(0)
    draws = [rng.integers(1000, size=1000) for _ in range(50)]
    missing = np.mean([1 - len(np.unique(drawn)) / 1000 for drawn in draws])
    several = all(np.bincount(drawn).max() >= 3 for drawn in draws)
    return bool(0.36 < missing < 0.38 and several)


def _houses() -> tuple[Array, Array]:
    """1000 samples with noise, and a column of ones."""
    rng = np.random.default_rng(0)
    A = np.column_stack([rng.normal(size=(1000, 2)), np.ones(1000)])
    return A, A @ np.array([2.0, 3.4, 4.2]) + rng.normal(size=1000)


def _after_each_epoch(A: Array, y: Array, *, shuffle: bool) -> Iterator[Array]:
    """Parameters after each of twenty epochs, batches of 50."""
    rng, theta = np.random.default_rng(1), np.zeros(3)
    for _ in range(20):
        order = rng.permutation(len(y)) if shuffle else np.arange(len(y))
        for rows in np.split(order, 20):
            theta = theta - 0.1 * A[rows].T @ (A[rows] @ theta - y[rows]) / len(rows)
        yield theta


def sorted_batches() -> bool:
    """Samples sorted by label: with a shuffle the late epochs end nearer to the best weights."""
    A, y = _houses()
    order = np.argsort(y)
    A, y = A[order], y[order]
    best = np.linalg.lstsq(A, y, rcond=None)[0]
    off = {
        shuffle: [
            float(np.linalg.norm(theta - best))
            for theta in list(_after_each_epoch(A, y, shuffle=shuffle))[10:]
        ]
        for shuffle in (True, False)
    }
    return max(off[True]) < min(off[False]) / 3


def seeded_order() -> bool:
    """torch.randperm: two generators of one seed agree in every epoch; two epochs do not."""
    import torch

    first, second = (
        [torch.randperm(1000, generator=generator) for _ in range(3)]
        for generator in (torch.Generator().manual_seed(7), torch.Generator().manual_seed(7))
    )
    same = all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    return same and not torch.equal(first[0], first[1])


def shuffled_apart() -> bool:
    """Labels in an order of their own: the best weights are near 0, the bias near the mean."""
    A, y = _houses()
    w1, w2, b = np.linalg.lstsq(A, np.random.default_rng(2).permutation(y), rcond=None)[0]
    return bool(max(abs(w1), abs(w2)) < 0.4 and abs(b - y.mean()) < 0.1)


def mean_any_order() -> bool:
    """The mean of 1000 losses in ten orders differs by rounding only."""
    A, y = _houses()
    losses = (A @ np.ones(3) - y) ** 2 / 2
    rng = np.random.default_rng(3)
    return all(np.isclose(rng.permutation(losses).mean(), losses.mean()) for _ in range(10))


def _restlessness(rate: float, batch: int) -> float:
    """Mean distance to the lowest place over the last 100 of 300 steps."""
    path = Run("sgd", rate, batch).stepped(300).path[-100:]
    return float(np.mean([np.hypot(*(np.array(at.w) - surface().lowest)) for at in path]))


def calmer() -> bool:
    """Near the lowest place the path is nearer with batches of 32, or with a fifth of the rate."""
    wild = _restlessness(0.5, 4)
    return _restlessness(0.5, 32) < wild / 2 and _restlessness(0.1, 4) < 0.7 * wild


def losses_are_means() -> bool:
    """The default reduction of seven losses of torch.nn."""
    from torch import nn

    losses = (
        nn.MSELoss, nn.L1Loss, nn.SmoothL1Loss, nn.HuberLoss, nn.CrossEntropyLoss, nn.NLLLoss,
        nn.BCEWithLogitsLoss,
    )  # fmt: skip
    return all(loss().reduction == "mean" for loss in losses)


def sgd_does_not_divide() -> bool:
    """One step of torch.optim.SGD moves by the rate times the gradient, whatever it came from."""
    import torch

    w = torch.zeros(2, requires_grad=True)
    w.grad = torch.tensor([4.0, -8.0])
    torch.optim.SGD([w], lr=0.25).step()
    return w.tolist() == [-1.0, 2.0]


def mse_warns() -> bool:
    """nn.MSELoss on (3, 1) and (3,) warns; the plain subtraction does not."""
    import torch

    y_hat, y = torch.ones(3, 1), torch.ones(3)
    with warnings.catch_warnings(record=True) as plain:
        warnings.simplefilter("always")
        ((y_hat - y) ** 2).mean()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        torch.nn.MSELoss()(y_hat, y)
    return not plain and any("size" in str(warning.message) for warning in told)


def broadcast_mean() -> bool:
    """The slopes of the loss over all pairs are 0 where each prediction is the mean."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=9)

    def loss(y_hat: Array) -> float:
        return float(((y_hat[:, None] - y) ** 2).mean())

    least = loss(np.full(9, y.mean()))
    others = (y.mean() + 0.1 * rng.normal(size=9) for _ in range(100))
    return all(loss(other) > least for other in others)


CLAIMS: Mapping[str, Claim] = {
    "fastest": fastest,
    "hundreds-of-steps": hundreds_of_steps,
    "zigzag": zigzag,
    "grows-to-nan": grows_to_nan,
    "drawn-again": drawn_again,
    "sorted-batches": sorted_batches,
    "seeded-order": seeded_order,
    "shuffled-apart": shuffled_apart,
    "mean-any-order": mean_any_order,
    "calmer": calmer,
    "losses-are-means": losses_are_means,
    "sgd-does-not-divide": sgd_does_not_divide,
    "mse-warns": mse_warns,
    "broadcast-mean": broadcast_mean,
}
