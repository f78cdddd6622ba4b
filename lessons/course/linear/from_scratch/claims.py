"""Programs that show sentences of `linear/from-scratch` to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from engine.activations import Array
from lessons.course.linear.from_scratch.facts import NOISE, SAMPLES
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    import torch

_TRUTH = np.array([2.0, 3.4, 4.2])


@lru_cache(maxsize=1)
def _data() -> tuple[Array, Array]:
    """The training samples of the recipe with seed 0 and a column of ones, and their labels."""
    import torch

    from engine.recipes.linear import synthetic_data

    generator = torch.Generator().manual_seed(0)
    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, SAMPLES, generator)
    A = np.column_stack([X.numpy(), np.ones(SAMPLES)]).astype(np.float64)
    return A, y.numpy().astype(np.float64)


def _loss(A: Array, y: Array, theta: Array) -> float:
    return float(((A @ theta - y) ** 2).mean() / 2)


def _best(A: Array, y: Array) -> Array:
    """The parameters with the least loss."""
    return np.asarray(np.linalg.lstsq(A, y, rcond=None)[0], dtype=np.float64)


@lru_cache(maxsize=1)
def _run() -> tuple[tuple[float, ...], Array]:
    """The training loss of each epoch of the recipe as it is set, and the parameters at the end."""
    from engine.recipes.catalog import find_recipe
    from engine.recipes.linear import build
    from engine.training.task import Source

    recipe = find_recipe("linear")
    settings = recipe.settings()
    task = build(settings, Source("cpu"))
    losses = []
    for _ in range(int(settings["epochs"])):
        sums = [
            task.update(batch, float(settings["lr"]))
            for batch in task.batches(int(settings["batch_size"]))
        ]
        losses.append(sum(float(one.loss) for one in sums) / SAMPLES)
    w, b = task.w.detach().tolist(), float(task.b.detach())
    return tuple(losses), np.array([*w, b])


def width_of_clouds() -> bool:
    """Standard deviation of y along each feature: as the other weight says, 200 times the noise."""
    A, y = _data()
    widths = [float((y - A[:, own] * _TRUTH[own]).std()) for own in (0, 1)]
    return (
        np.allclose(widths, [3.4, 2.0], rtol=0.05)
        and widths[1] < widths[0]
        and min(widths) > 150 * NOISE
    )


def near_a_plane() -> bool:
    """No sample is farther than five standard deviations of the noise from the plane, along y."""
    A, y = _data()
    return bool(np.abs(A @ _TRUTH - y).max() < 5 * NOISE)


def each_sample_once() -> bool:
    """data_iter: one epoch has each pair once, two epochs have two orders."""
    import torch

    from engine.recipes.linear import data_iter

    X = torch.arange(SAMPLES).float()[:, None]
    y, generator = 10 * X[:, 0], torch.Generator().manual_seed(0)
    orders = []
    for _ in range(2):
        batches = list(data_iter(64, X, y, generator))
        if not all(torch.equal(10 * part[:, 0], labels) for part, labels in batches):
            return False
        orders.append(torch.cat([part[:, 0] for part, labels in batches]))
    whole = all(torch.equal(order.sort().values, X[:, 0]) for order in orders)
    return whole and not torch.equal(orders[0], orders[1])


def any_start() -> bool:
    """From zeros, and from weights of 100, ten epochs end within 0.002 of the true parameters."""
    A, y = _data()
    ends = []
    for start in (np.zeros(3), np.full(3, 100.0)):
        theta, rng = start.copy(), np.random.default_rng(0)
        for _ in range(10):
            for rows in np.split(rng.permutation(SAMPLES), 100):
                theta -= 0.03 * A[rows].T @ (A[rows] @ theta - y[rows]) / len(rows)
        ends.append(theta)
    return all(np.abs(end - _TRUTH).max() < 0.002 for end in ends)


def no_error() -> bool:
    """A column minus one axis in PyTorch: a table, without error."""
    import torch

    return (torch.zeros(10, 1) - torch.zeros(10)).shape == (10, 10)


def _recorded() -> torch.Tensor:
    import torch

    return torch.tensor(3.0, requires_grad=True)


def in_place_error() -> bool:
    """w -= 1 for a leaf that requires a gradient."""
    w = _recorded()
    try:
        w -= 1.0
    except RuntimeError:
        return True
    return False


def data_same_step() -> bool:
    """The step under no_grad and through .data: the same number, and w is still recorded."""
    import torch

    first, second = _recorded(), _recorded()
    with torch.no_grad():
        first -= 0.25
    second.data -= 0.25
    return torch.equal(first, second) and first.requires_grad and second.requires_grad


def data_hides() -> bool:
    """w changed between forward and backward: an error under no_grad, slope 10 for 6 by .data."""
    import torch

    w = _recorded()
    loss = w**2
    with torch.no_grad():
        w.fill_(5.0)
    try:
        loss.backward()
    except RuntimeError:
        pass
    else:
        return False
    w = _recorded()
    loss = w**2
    w.data.fill_(5.0)
    loss.backward()
    return w.grad is not None and float(w.grad) == 10.0


def farthest_off() -> float:
    """The largest difference of a parameter from the true one, after the recipe as it is set."""
    return float(np.abs(_run()[1] - _TRUTH).max())


def default_run() -> bool:
    """The recipe as it is set, seed 0: every parameter within 0.001 of the true one."""
    return farthest_off() < 0.001


def default_loss() -> bool:
    """The training loss of the last epoch of the recipe as it is set, seed 0."""
    return abs(_run()[0][-1] - 4.66e-5) < 0.02e-5


def true_loss() -> bool:
    """The mean loss of the true parameters on the training samples of seed 0."""
    return abs(_loss(*_data(), _TRUTH) - 4.64e-5) < 0.01e-5


def spread_of_loss() -> bool:
    """The mean loss of 1000 noises, 2000 times: mean ½σ², deviation σ²/√(2n)."""
    rng = np.random.default_rng(0)
    losses = [float(((NOISE * rng.normal(size=SAMPLES)) ** 2).mean() / 2) for _ in range(2000)]
    return bool(
        np.isclose(np.mean(losses), NOISE**2 / 2, rtol=0.01)
        and np.isclose(np.std(losses), NOISE**2 / np.sqrt(2 * SAMPLES), rtol=0.1)
    )


def best_fit_gain() -> bool:
    """The least mean loss on the samples is below that of the true parameters by less than 1 %."""
    A, y = _data()
    best = _loss(A, y, _best(A, y))
    return 0 < 1 - best / _loss(A, y, _TRUTH) < 0.01


def noise_learned() -> bool:
    """20 parameters and 20 samples: training loss 0, test loss more than twice ½σ², 50 times."""
    rng = np.random.default_rng(0)
    tests, trains = [], []
    for _ in range(50):
        theta = rng.normal(size=20)
        A, more = rng.normal(size=(20, 20)), rng.normal(size=(200, 20))
        y, later = (part @ theta + NOISE * rng.normal(size=len(part)) for part in (A, more))
        found = _best(A, y)
        trains.append(_loss(A, y, found))
        tests.append(_loss(more, later, found))
    return max(trains) < 1e-12 and min(tests) > NOISE**2


CLAIMS: Mapping[str, Claim] = {
    "width-of-clouds": width_of_clouds,
    "near-a-plane": near_a_plane,
    "each-sample-once": each_sample_once,
    "any-start": any_start,
    "no-error": no_error,
    "in-place-error": in_place_error,
    "data-same-step": data_same_step,
    "data-hides": data_hides,
    "default-run": default_run,
    "default-loss": default_loss,
    "true-loss": true_loss,
    "spread-of-loss": spread_of_loss,
    "best-fit-gain": best_fit_gain,
    "noise-learned": noise_learned,
}
