"""The model behind the threshold lab: PyTorch's numbers, jumps, and what cannot be used."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import UserError
from engine.labs.accuracy_threshold import (
    B_LIMITS,
    HOURS,
    PASSED,
    START,
    W_LIMITS,
    State,
    accuracy,
    cross_entropy,
    curves,
    gradient,
    sigmoid,
)
from tests.cases import for_each


def points() -> list[tuple[float, float]]:
    rng = np.random.default_rng(5)
    return [(float(rng.uniform(*W_LIMITS)), float(rng.uniform(*B_LIMITS))) for _ in range(60)]


@for_each(("w", "b"), points())
def test_every_number_is_that_of_pytorch(w: float, b: float) -> None:
    x, y = torch.from_numpy(HOURS), torch.from_numpy(PASSED)
    wt, bt = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (w, b))
    z = wt * x + bt
    loss = functional.binary_cross_entropy_with_logits(z, y)
    dw, db = torch.autograd.grad(loss, (wt, bt))
    assert cross_entropy(w, b) == pytest.approx(float(loss.detach()), rel=1e-12)
    assert gradient(w, b) == pytest.approx((float(dw), float(db)), rel=1e-12, abs=1e-13)
    assert sigmoid(w * HOURS + b) == pytest.approx(torch.sigmoid(z).detach().numpy(), rel=1e-12)
    right = ((z > 0) == (y == 1)).double().mean()
    assert accuracy(w, b) == float(right)
    state = State(w, b)
    assert (state.accuracy, state.loss, state.loss_slope) == (
        accuracy(w, b),
        cross_entropy(w, b),
        gradient(w, b)[0],
    )
    assert state.right == round(float(right) * 8)


@for_each("b", [-4.0, -2.0, -0.7, 1.0])
def test_the_curves_go_through_every_weight(b: float) -> None:
    ws = np.linspace(*W_LIMITS, 31)
    accuracies, losses = curves(ws, b)
    for w, right, loss in zip(ws, accuracies, losses, strict=True):
        assert right == accuracy(float(w), b)
        assert loss == pytest.approx(cross_entropy(float(w), b), rel=1e-14)


def test_the_largest_loss_fits_the_chart() -> None:
    corners = [cross_entropy(w, b) for w in W_LIMITS for b in B_LIMITS]
    assert max(corners) < 3.2  # it is convex, so it is largest in a corner


def test_accuracy_has_no_slope_where_a_sample_stands_on_the_threshold() -> None:
    assert State(0.5, -2.0).accuracy_slope is None
    assert State(0.51, -2.0).accuracy_slope == 0.0
    with pytest.raises(UserError, match="no slope here"):
        State(0.5, -2.0).climbed()


def test_climbing_the_accuracy_leads_nowhere_and_descending_the_loss_down() -> None:
    state = State()
    assert state.climbed() == state
    for _ in range(50):
        after = state.descended()
        assert after.loss < state.loss
        state = after


def test_the_accuracy_jumps_by_one_sample_at_the_next_jump() -> None:
    state = State()
    at = state.next_jump
    assert at == pytest.approx(2 / 6)
    assert at is not None
    before, after = accuracy(at - 1e-9, state.b), accuracy(at + 1e-9, state.b)
    assert abs(after - before) == 1 / 8
    assert State(at, state.b).accuracy_slope is None
    assert accuracy(state.w, state.b) == before
    assert State(0.3, 1.0).next_jump is None


def test_a_threshold_is_where_the_score_is_0() -> None:
    state = State(0.4, -2.0)
    assert state.threshold == 5.0
    assert State(0.0, -2.0).threshold is None


def test_steps_stay_within_the_limits_and_return_exactly() -> None:
    assert State(1.19, 0.99).moved(0.5, 0.5) == State(W_LIMITS[1], B_LIMITS[1])
    assert State(0.01, -3.99).moved(-0.5, -0.5) == State(W_LIMITS[0], B_LIMITS[0])
    state = State()
    for _ in range(7):
        state = state.moved(w=0.02)
    for _ in range(7):
        state = state.moved(w=-0.02)
    assert (state.w, state.b) == START


def test_numbers_and_expressions_can_be_written() -> None:
    assert State().read("0.5 -2") == State(0.5, -2.0)
    assert State().read("1/3; -1 - 1") == State(1 / 3, -2.0)
    assert State().read(" 0  1 ") == State(0.0, 1.0)


@for_each("text", ["", "0.5", "1 2 3", "a b", "0.5 -9", "2 0", "-0.1 0", "1e999 0",
                                  "0.5;", "1/0 0"])  # fmt: skip
def test_nonsense_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as caught:
        State().read(text)
    assert str(caught.value).endswith((".", "-2."))
