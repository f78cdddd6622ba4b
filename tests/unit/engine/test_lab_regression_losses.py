"""The model of the lab with losses for numbers: every number beside torch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import UserError
from engine.labs.regression_losses import LOSSES, State, answer, curve, total
from tests.cases import for_each

Tensor = torch.Tensor


def torch_losses(state: State, c: Tensor) -> Tensor:
    """The loss of each sample by torch."""
    y = torch.tensor(state.ys, dtype=torch.float64)
    c = c.expand_as(y)
    if state.kind == "mae":
        return functional.l1_loss(c, y, reduction="none")
    if state.kind == "mse":
        return functional.mse_loss(c, y, reduction="none")
    if state.kind == "smooth_l1":
        return functional.smooth_l1_loss(c, y, beta=state.beta, reduction="none")
    return functional.huber_loss(c, y, delta=state.delta, reduction="none")


def random_state(seed: int, kind: str) -> State:
    rng = np.random.default_rng(seed)
    ys = tuple(rng.normal(scale=4, size=int(rng.integers(2, 9))).tolist())
    beta, delta = rng.uniform(0.05, 6, size=2).tolist()
    return State(ys, 0, kind, beta, delta, float(rng.normal(scale=3)))


@for_each("kind", LOSSES)
@for_each("seed", range(25))
def test_losses_slopes_and_totals_are_those_of_torch(kind: str, seed: int) -> None:
    state = random_state(seed, kind)
    found = answer(state)
    c = torch.tensor(state.c, dtype=torch.float64, requires_grad=True)
    each = torch_losses(state, c)
    (slope,) = torch.autograd.grad(each.sum(), c)
    assert np.allclose([row.loss for row in found.rows], each.detach(), rtol=1e-12, atol=1e-12)
    assert abs(found.total - float(each.detach().sum())) <= 1e-12 * max(1.0, found.total)
    assert abs(found.slope - float(slope)) <= 1e-12 * max(1.0, abs(found.slope))
    for row, y in zip(found.rows, state.ys, strict=True):
        one = torch.tensor(state.c, dtype=torch.float64, requires_grad=True)
        part = torch_losses(State((y, y), 0, kind, state.beta, state.delta, state.c), one)[0]
        (own,) = torch.autograd.grad(part, one)
        assert row.slope == pytest.approx(float(own), rel=1e-12, abs=1e-12)
        assert row.error == state.c - y


@for_each("kind", LOSSES)
@for_each("seed", range(25))
def test_the_minimum_is_the_lowest_place_and_torch_finds_no_slope(kind: str, seed: int) -> None:
    state = random_state(seed, kind)
    least = answer(state).minimum
    around = np.linspace(min(state.ys) - 1, max(state.ys) + 1, 4001)
    assert least.total <= float(curve(state, around).min()) + 1e-12
    if kind != "mae":
        c = torch.tensor(least.middle, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(torch_losses(state, c).sum(), c)
        assert abs(float(slope)) < 1e-11


@for_each("seed", range(10))
def test_mse_leads_to_the_mean_and_mae_to_the_median(seed: int) -> None:
    for kind in ("mse", "mae"):
        state = random_state(seed, kind)
        found, y = answer(state), torch.tensor(state.ys, dtype=torch.float64)
        mean, median = float(y.mean()), float(y.quantile(0.5))
        assert found.mean == pytest.approx(mean, abs=1e-12)
        assert found.median == pytest.approx(median, abs=1e-12)
        assert found.minimum.middle == pytest.approx(mean if kind == "mse" else median, abs=1e-12)


@for_each(
    ("kind", "ys", "low", "high"),
    [
        ("mae", (1.0, 2.0, 3.0, 4.0), 2.0, 3.0),
        ("huber", (0.0, 0.0, 10.0, 10.0), 2.0, 8.0),
        ("smooth_l1", (-5.0, 5.0), -3.0, 3.0),
        ("huber", (3.0, 3.0, 3.0), 3.0, 3.0),
        ("smooth_l1", (0.0, 4.0), 2.0, 2.0),
    ],
)
def test_a_flat_stretch_is_found_whole(
    kind: str, ys: tuple[float, ...], low: float, high: float
) -> None:
    least = answer(State(ys, 0, kind, beta=2.0, delta=2.0)).minimum
    assert (least.low, least.high) == pytest.approx((low, high), abs=1e-12)


def test_the_numbers_of_the_curriculum() -> None:
    state = State()
    assert state.ys == (3.0, 5.0, 2.5)
    predicted = (4.5, 5.0, 2.0)
    means = {
        kind: sum(
            answer(State((y, y), 0, kind, c=c)).rows[0].loss
            for y, c in zip(state.ys, predicted, strict=True)
        )
        / 3
        for kind in ("mae", "mse", "smooth_l1")
    }
    assert [round(mean, 4) for mean in means.values()] == [0.6667, 0.8333, 0.375]


def test_the_outlier_pulls_the_mean_and_leaves_the_median() -> None:
    near, far = State(), State().moved(40.0)
    assert answer(far).mean - answer(near).mean == pytest.approx(40 / 3)
    assert answer(far).median == answer(near).median == 3.0


@for_each("text", ["", "1", "a b", "1 2 3 4 5 6 7 8 9", "1 1/0", "1 1e9", "1 nan"])
def test_points_that_cannot_be_used_get_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as caught:
        State().with_points(text)
    assert str(caught.value).endswith(".")


def test_other_fields_refuse_nonsense_and_take_expressions() -> None:
    state = State(kind="huber")
    for text in ("", "x", "0", "-1", "1 2", "1e9"):
        with pytest.raises(UserError):
            state.with_corner(text)
    for text in ("", "x", "101", "1 2"):
        with pytest.raises(UserError):
            state.with_prediction(text)
    assert state.with_corner("1/4").delta == 0.25
    assert State(kind="smooth_l1").with_corner("1/4").beta == 0.25
    assert state.with_prediction("sqrt(4)").c == 2.0
    with pytest.raises(UserError, match="neither"):
        State(kind="mae").with_corner("1")
    with pytest.raises(UserError, match="Stay between"):
        state.moved(1000)
    with pytest.raises(UserError, match="There is no loss"):
        State(kind="l3")


def test_written_points_mark_the_one_farthest_from_the_median() -> None:
    state = State().with_points("100 1 2 3 4")
    assert state.y == 100.0
    assert total(state, 3.0) == float(((np.array(state.ys) - 3) ** 2).sum())
