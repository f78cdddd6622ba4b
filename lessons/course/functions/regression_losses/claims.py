"""Programs that show sentences of `functions/regression-losses` to be true."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from inspect import signature

import numpy as np

from engine.activations import Array
from engine.labs.regression_losses import LOSSES, State, answer, losses, slopes, total
from lessons.course.functions.regression_losses.facts import ERRORS, OUTLIER, UNIT, product_loss
from lessons.proof.claims import Claim

_RNG_SEED = 0


def nine_tenths() -> bool:
    """The square of the first error, divided by the sum of the squares."""
    return math.isclose(ERRORS[0] ** 2 / np.sum(ERRORS**2), 0.9)


def rmse_above() -> bool:
    """RMSE less MAE for 1000 random sets of errors, and for errors of one size."""
    e = np.random.default_rng(_RNG_SEED).normal(size=(1000, 5))
    gap = np.sqrt((e**2).mean(axis=1)) - np.abs(e).mean(axis=1)
    return bool(gap.min() > 0) and math.isclose(math.sqrt((2.0**2 + 2.0**2) / 2), 2.0)


def unit_scales() -> bool:
    """MAE and MSE by PyTorch of the three samples, in metres and in centimetres."""
    import torch
    from torch.nn import functional

    e = torch.tensor(ERRORS)
    zero = torch.zeros_like(e)
    grown = [
        float(loss(UNIT * e, zero) / loss(e, zero))
        for loss in (functional.l1_loss, functional.mse_loss)
    ]
    return bool(np.allclose(grown, [UNIT, UNIT**2]))


def steps_over() -> bool:
    """Gradient descent from the error 1.03 with the rate 0.1: the last 20 errors of 200."""
    ends = {}
    for kind in ("mae", "mse"):
        e, seen = np.array([1.03]), []
        for _ in range(200):
            e = e - 0.1 * slopes(kind, e, 1.0)
            seen.append(float(e[0]))
        ends[kind] = np.array(seen[-20:])
    swings = bool((ends["mae"][1:] * ends["mae"][:-1] < 0).all())
    sizes = np.abs(ends["mse"])
    return swings and np.abs(ends["mae"]).max() > 0.02 and bool((np.diff(sizes) < 0).all())


def flat_between() -> bool:
    """The total absolute error for 1, 2, 6, 9: equal from 2 to 6, larger outside."""
    state = State(ys=(1.0, 2.0, 6.0, 9.0), kind="mae")
    inside = [total(state, c) for c in np.linspace(2, 6, 41)]
    outside = [total(state, c) for c in (1.9, 6.1)]
    return bool(np.allclose(inside, inside[0])) and min(outside) > inside[0] + 0.1


def million() -> bool:
    """The total absolute error over a fine grid, with the outlier and with a million instead."""
    places = np.linspace(0, 10, 1001)
    best = [
        places[np.abs(places[:, None] - np.array([*OUTLIER[:-1], last])).sum(axis=1).argmin()]
        for last in (OUTLIER[-1], 1e6)
    ]
    return bool(best[0] == best[1] == np.median(OUTLIER))


def lab_pole() -> bool:
    """The lab as it starts: the marked sample moved right 20 times, with MSE and with MAE."""
    for kind, follows in (("mse", True), ("mae", False)):
        state = replace(State(), kind=kind)
        before = answer(state)
        for _ in range(20):
            state = state.moved(0.5)
        after = answer(state)
        moved = after.minimum.middle - before.minimum.middle
        if follows and not math.isclose(moved, after.mean - before.mean):
            return False
        if not follows and (moved != 0 or after.minimum.middle != after.median):
            return False
    return State().kind == "mse"


def _chords_above(loss: Callable[[Array], Array], size: int) -> bool:
    """Whether 2000 random lines between points of a graph over `size` numbers stay above it."""
    rng = np.random.default_rng(_RNG_SEED)
    a, b = rng.normal(scale=3, size=(2, 2000, size))
    share = rng.uniform(size=(2000, 1))
    line = share[:, 0] * loss(a) + (1 - share[:, 0]) * loss(b)
    return bool((line - loss(share * a + (1 - share) * b) > -1e-9).all())


def _mean_loss(kind: str, e: Array) -> Array:
    return np.asarray(losses(kind, e, 1.5).mean(axis=1))


def losses_convex() -> bool:
    """Random lines between points of the graph of each loss, over three errors."""
    return all(_chords_above(partial(_mean_loss, kind), 3) for kind in LOSSES)


def linear_convex() -> bool:
    """Random lines between points of the graph of MSE over the weights of a linear model."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(10, 4)), rng.normal(size=10)
    return _chords_above(lambda w: ((w @ x.T - y) ** 2).mean(axis=1), 4)


def hidden_not_convex() -> bool:
    """Each loss of one sample over two weights in a row: at both minima, and halfway."""
    for kind in LOSSES:
        ends = [losses(kind, np.array(w * w - 1.0), 1.0) for w in (1.0, -1.0)]
        if not max(ends) < losses(kind, np.array(-1.0), 1.0):
            return False
    return product_loss(1, 1) == product_loss(-1, -1) == 0.0 < product_loss(0, 0)


def torch_names() -> bool:
    """The parameters of PyTorch's functions smooth_l1_loss and huber_loss."""
    from torch.nn import functional

    smooth, huber = (
        set(signature(loss).parameters)
        for loss in (functional.smooth_l1_loss, functional.huber_loss)
    )
    return "beta" in smooth - huber and "delta" in huber - smooth


def same_place() -> bool:
    """The minima of both losses with a corner of 2, and their gradients by autograd."""
    import torch
    from torch.nn import functional

    state = State(ys=(1.0, 2.0, 2.5, 6.0, 20.0), beta=2.0, delta=2.0)
    places = [answer(replace(state, kind=kind)).minimum for kind in ("smooth_l1", "huber")]
    same = math.isclose(places[0].middle, places[1].middle) and places[0].low == places[0].high
    e = torch.linspace(-5, 5, 41, dtype=torch.float64, requires_grad=True)
    zero = torch.zeros(41, dtype=torch.float64)
    smooth = functional.smooth_l1_loss(e, zero, beta=2.0)
    huber = functional.huber_loss(e, zero, delta=2.0)
    found = [torch.autograd.grad(loss, e)[0] for loss in (smooth, huber)]
    return same and bool(torch.allclose(found[1], 2.0 * found[0]))


def mostly_between() -> bool:
    """The best constant for smooth L1 in 300 random sets of samples: often between, not always."""
    rng = np.random.default_rng(_RNG_SEED)
    inside = 0
    for _ in range(300):
        size = int(rng.integers(3, 9))
        ys = np.round(rng.normal(size=size) * rng.choice([1, 3, 10], size=size), 1)
        found = answer(State(ys=tuple(ys.tolist()), marked=0, kind="smooth_l1"))
        low, high = sorted((found.mean, found.median))
        inside += low - 1e-9 <= found.minimum.high and found.minimum.low <= high + 1e-9
    return 0.7 < inside / 300 < 0.95


CLAIMS: Mapping[str, Claim] = {
    "nine-tenths": nine_tenths,
    "rmse-above": rmse_above,
    "unit-scales": unit_scales,
    "steps-over": steps_over,
    "flat-between": flat_between,
    "million": million,
    "lab-pole": lab_pole,
    "losses-convex": losses_convex,
    "linear-convex": linear_convex,
    "hidden-not-convex": hidden_not_convex,
    "torch-names": torch_names,
    "same-place": same_place,
    "mostly-between": mostly_between,
}
