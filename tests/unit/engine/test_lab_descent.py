"""The model of the descent lab: surface, batches and five optimisers beside torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.errors import UserError
from engine.labs.descent import (
    DECAY,
    EPSILON,
    FIRST,
    MOMENTUM,
    MOST_STEPS,
    OPTIMISERS,
    SAMPLES,
    SECOND,
    Run,
    batch,
    begin,
    surface,
)
from tests.cases import for_each

OPTIM: dict[str, Callable[[list[torch.Tensor], float], torch.optim.Optimizer]] = {
    "gd": lambda params, lr: torch.optim.SGD(params, lr=lr),
    "sgd": lambda params, lr: torch.optim.SGD(params, lr=lr),
    "momentum": lambda params, lr: torch.optim.SGD(params, lr=lr, momentum=MOMENTUM),
    "rmsprop": lambda params, lr: torch.optim.RMSprop(params, lr=lr, alpha=DECAY, eps=EPSILON),
    "adam": lambda params, lr: torch.optim.Adam(params, lr=lr, betas=(FIRST, SECOND), eps=EPSILON),
}


def half_mse(w: torch.Tensor, rows: np.ndarray | slice = slice(None)) -> torch.Tensor:
    """½ of torch's mean squared error over some of the samples."""
    X, y = torch.tensor(surface().X[rows]), torch.tensor(surface().y[rows])
    return 0.5 * torch.nn.functional.mse_loss(X @ w, y)


@for_each("name", OPTIMISERS)
@for_each("seed", range(6))
def test_the_path_is_that_of_torch_optim(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = (float(rng.uniform(-3, 7)), float(rng.uniform(-2, 8)))
    rate = float(rng.uniform(0.01, 0.6))
    size = int(rng.integers(1, SAMPLES + 1))
    run = Run(name, rate, size, start).stepped(40)
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = OPTIM[name]([w], rate)
    for step, place in enumerate(run.path[1:]):
        optimiser.zero_grad()
        half_mse(w, run.rows(step)).backward()
        assert w.grad is not None
        assert np.allclose(place.gradient, w.grad, rtol=1e-12, atol=1e-12)
        optimiser.step()
        assert np.allclose(place.w, w.detach(), rtol=1e-12, atol=1e-12)
        assert place.loss == pytest.approx(float(half_mse(w.detach())), rel=1e-12, abs=1e-12)


@for_each("seed", range(10))
def test_the_surface_is_the_mean_loss(seed: int) -> None:
    w = np.random.default_rng(seed).uniform(-5, 9, size=2)
    wanted = float(half_mse(torch.tensor(w)))
    assert float(surface().loss(w[0], w[1])) == pytest.approx(wanted, rel=1e-12)
    assert surface().mean_loss((w[0], w[1])) == pytest.approx(wanted, rel=1e-12)


def test_the_lowest_place_is_where_torch_finds_no_slope() -> None:
    w = torch.tensor(surface().lowest, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(half_mse(w), w)
    assert float(gradient.abs().max()) < 1e-12
    curvature = torch.autograd.functional.hessian(half_mse, w.detach())
    eigenvalue = float(torch.linalg.eigvalsh(curvature)[-1])
    assert surface().largest_rate == pytest.approx(2 / eigenvalue, rel=1e-12)


def test_gradient_descent_diverges_just_above_the_limit_only() -> None:
    limit = surface().largest_rate
    below, above = (Run("gd", limit * factor).stepped(MOST_STEPS) for factor in (0.99, 1.02))
    assert below.at.loss == pytest.approx(surface().least, abs=1e-3)
    assert above.at.loss > above.path[0].loss
    far = Run("gd", 10.0).stepped(MOST_STEPS)
    assert far.diverged
    assert far.steps < 20
    assert far.stepped() is far


@for_each("size", [1, 7, 8, 64])
def test_each_epoch_meets_every_sample_once(size: int) -> None:
    per_epoch = -(-SAMPLES // size)
    for epoch in range(2):
        batches = [batch(size, epoch * per_epoch + place) for place in range(per_epoch)]
        assert sorted(np.concatenate(batches).tolist()) == list(range(SAMPLES))
        assert {len(one) for one in batches[:-1]} <= {size}
        assert len(batches[-1]) == (SAMPLES % size or size)
    assert batch(size, 0).tolist() != batch(size, per_epoch).tolist()


def test_a_batch_is_divided_by_its_own_size() -> None:
    rows = batch(10, 6)
    assert len(rows) == 4
    w = (1.0, 2.0)
    X, y = surface().X[rows], surface().y[rows]
    wanted = ((X @ np.array(w) - y)[:, None] * X).sum(axis=0) / 4
    assert np.allclose(surface().gradient(w, rows), wanted, rtol=1e-12)


def test_back_and_forth_give_the_same_path() -> None:
    for name in OPTIMISERS:
        run = begin(name, (0.0, 0.0), 8).stepped(12)
        assert run.stepped_back().stepped_back().stepped(2) == run
        assert run.restarted().steps == 0
    start = begin("gd", (0.0, 0.0), 8)
    assert start.stepped_back() is start


def test_a_path_ends() -> None:
    run = Run("sgd", 0.01).stepped(MOST_STEPS + 50)
    assert run.steps == MOST_STEPS
    assert run.ended
    assert not run.diverged


@for_each(
    "change",
    [
        lambda run: run.with_rate(""), lambda run: run.with_rate("fast"),
        lambda run: run.with_rate("0"), lambda run: run.with_rate("-1"),
        lambda run: run.with_rate("1e5"), lambda run: run.with_rate("1 2"),
        lambda run: run.with_start("1"), lambda run: run.with_start("1 99"),
        lambda run: run.with_start("a b"), lambda run: run.with_batch("0"),
        lambda run: run.with_batch("65"), lambda run: run.with_batch("2.5"),
        lambda run: run.with_batch("all"), lambda run: replace(run, optimiser="newton"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_gets_a_sentence(change: Callable[[Run], Run]) -> None:
    with pytest.raises(UserError) as caught:
        change(Run())
    assert str(caught.value).endswith(".")


def test_fields_take_expressions_and_restart_the_path() -> None:
    run = Run().stepped(3)
    assert run.with_rate("1/4") == Run(rate=0.25)
    assert run.with_start("0 -1/2").path[0].w == (0.0, -0.5)
    assert run.with_batch("2^3").batch_size == 8
