"""Means are over samples, and a history is bounded but exact."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.metrics import HISTORY_POINTS, History, RunningSums


def test_a_smaller_last_batch_weighs_less() -> None:
    sums = RunningSums()
    sums.add(loss=4 * 1.0, correct=4, samples=4)
    sums.add(loss=1 * 6.0, correct=0, samples=1)
    assert sums.mean_loss == 2.0  # the mean of the batch means would be 3.5
    assert sums.accuracy == 0.8


def test_no_samples_have_no_loss() -> None:
    assert (RunningSums().mean_loss, RunningSums().accuracy) == (0.0, 0.0)


def test_neighbours_merge_when_it_is_full() -> None:
    history = History(limit=4)
    for step, value in enumerate([1.0, 3.0, 5.0, 7.0], start=1):
        history.append(step, value)
    assert history.stride == 2
    assert history.curve().steps == (2, 4)
    assert history.curve().values == (2.0, 6.0)
    history.append(5, 10.0)
    assert history.curve().steps == (2, 4, 5)
    assert history.curve().values == (2.0, 6.0, 10.0)
    history.append(6, 20.0)
    assert history.curve().values == (2.0, 6.0, 15.0)


@given(st.lists(st.integers(-1000, 1000), max_size=300), st.sampled_from([2, 4, 8, 64]))
def test_every_point_is_the_mean_of_its_steps(values: list[int], limit: int) -> None:
    history = History(limit)
    for step, value in enumerate(values, start=1):
        history.append(step, float(value))
    curve = history.curve()
    assert len(curve.steps) == len(curve.values) <= limit
    begin = 0
    for end, mean in zip(curve.steps, curve.values, strict=True):
        covered = values[begin:end]
        assert math.isclose(mean, sum(covered) / len(covered), abs_tol=1e-9)
        begin = end
    assert begin == len(values)


def test_a_long_run_stays_bounded() -> None:
    history = History()
    for step in range(1, 100_001):
        history.append(step, 1.0)
    curve = history.curve()
    assert len(curve.steps) <= HISTORY_POINTS
    assert curve.steps[-1] == 100_000
    assert set(curve.values) == {1.0}


def test_a_copy_goes_its_own_way() -> None:
    history = History(4)
    for step in range(1, 6):
        history.append(step, float(step))
    copy = history.copy()
    assert copy.curve() == history.curve()
    copy.append(6, 9.0)
    history.append(6, 3.0)
    assert history.curve().values[-1] == 4.0
    assert copy.curve().values[-1] == 7.0


@pytest.mark.parametrize(
    ("whole", "floats"),
    [
        ([], []),
        ([4, 1, 0, 0], []),
        ([4, 1, 0, 0, 1], [0.0]),
        ([4, 0, 0, 0], [0.0]),
        ([4, 2, 0, 2], [0.0]),
        ([3, 1, 0, 0], [0.0]),
        ([2, 1, 0, 0, 1, 2], [0.0, 1.0, 1.0]),
    ],
)
def test_a_state_that_cannot_be_is_refused(whole: list[int], floats: list[float]) -> None:
    with pytest.raises(ValueError):
        History.from_state(whole, floats)
