"""The model of the entropy lab: bending keeps distributions, quantities are those of torch."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import UserError
from engine.labs.entropy import State, answer, bent, normalised
from tests.cases import for_each


def random_state(seed: int) -> State:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 6))
    p, q = (tuple(rng.dirichlet(np.ones(count)).tolist()) for _ in range(2))
    return State(p, q)


@for_each("seed", range(40))
def test_the_quantities_are_those_of_torch(seed: int) -> None:
    state = random_state(seed)
    found = answer(state)
    p, q = (torch.tensor(one, dtype=torch.float64) for one in (state.p, state.q))
    distribution = torch.distributions.Categorical
    wanted = (
        distribution(probs=p).entropy(),
        distribution(probs=q).entropy(),
        functional.cross_entropy(q.log()[None], p[None]),
        functional.kl_div(q.log(), p, reduction="sum"),
        functional.kl_div(p.log(), q, reduction="sum"),
    )
    shown = (found.entropy_p, found.entropy_q, found.cross, found.forward, found.backward)
    assert np.allclose(shown, [float(one) for one in wanted], rtol=1e-12, atol=1e-12)
    assert found.cross == pytest.approx(found.entropy_p + found.forward, abs=1e-12)


def test_a_one_hot_p_has_no_entropy_and_its_cross_entropy_is_the_surprise() -> None:
    state = State(side="p", index=1).one_hot()
    found = answer(state)
    assert found.entropy_p == 0.0
    assert found.cross == pytest.approx(-math.log(state.q[1]), abs=1e-12)
    assert found.cross == pytest.approx(found.forward, abs=1e-12)
    assert math.isinf(found.backward)


def test_what_the_model_excludes_costs_without_limit() -> None:
    found = answer(State(q=(0.0, 0.5, 0.5)))
    assert math.isinf(found.cross)
    assert math.isinf(found.forward)
    assert math.isfinite(found.backward)


@for_each("seed", range(40))
def test_bending_renormalises_and_keeps_proportions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = random_state(seed).p
    index, by = int(rng.integers(len(shares))), float(rng.uniform(-0.4, 0.4))
    moved = bent(shares, index, by)
    assert sum(moved) == pytest.approx(1.0, abs=1e-12)
    assert min(moved) >= 0
    assert moved[index] == pytest.approx(min(max(shares[index] + by, 0), 1), abs=1e-9)
    others = [place for place in range(len(shares)) if place != index]
    if 0 < moved[index] < 1:
        ratios = [moved[place] / shares[place] for place in others]
        assert np.allclose(ratios, ratios[0], rtol=1e-9)


def test_a_certain_outcome_can_be_bent_back() -> None:
    assert bent((1.0, 0.0, 0.0), 0, -0.1) == pytest.approx((0.9, 0.05, 0.05))
    assert bent((1.0, 0.0), 0, 0.1) == (1.0, 0.0)
    assert bent((0.96, 0.04), 0, 0.05) == (1.0, 0.0)


def test_outcomes_come_and_go() -> None:
    state = State()
    for _ in range(2):
        state = state.resized(1)
    assert len(state.p) == len(state.q) == 5
    assert sum(state.q) == pytest.approx(1.0)
    with pytest.raises(UserError, match="2 to 5"):
        state.resized(1)
    last = State((0.0, 0.0, 1.0), (0.5, 0.5, 0.0), index=2).resized(-1)
    assert last.p == (0.5, 0.5)
    assert last.index == 1
    with pytest.raises(UserError):
        last.resized(-1)


def test_the_chosen_side_is_the_one_that_changes() -> None:
    state = State()
    assert state.uniform().q == (1 / 3,) * 3
    assert state.uniform().p == state.p
    assert State(side="p").copied().p == state.q
    assert answer(state.copied()).forward == 0.0


@for_each("text", ["", "1 2", "1 2 x", "0 0 0", "1 -1 2", "1 2 3 4", "1 2 1e9"])
def test_nonsense_gets_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as caught:
        State().written(text)
    assert str(caught.value).strip().endswith((".", "1."))


def test_written_weights_are_normalised() -> None:
    assert State().written("2 1/2 exp(0)*1.5").q == pytest.approx((0.5, 0.125, 0.375))
    assert normalised((3.0, 1.0)) == (0.75, 0.25)
    with pytest.raises(UserError, match="the same number"):
        State(p=(0.5, 0.5))
