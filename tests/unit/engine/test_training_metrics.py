"""Means are over samples, and a history is bounded but exact."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.curve import Curve
from engine.training.metrics import HISTORY_POINTS, MOST_NOT_FINITE, History, RunningSums


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


@given(
    st.lists(
        st.one_of(st.integers(-1000, 1000), st.sampled_from([math.nan, math.inf, -math.inf])),
        max_size=300,
    ),
    st.sampled_from([2, 4, 8, 64]),
)
def test_no_extreme_and_no_value_that_is_not_finite_is_lost(
    values: list[float], limit: int
) -> None:
    history = History(limit)
    for step, value in enumerate(values, start=1):
        history.append(step, float(value))
    curve = history.curve()
    odd = {step for step, value in enumerate(values, 1) if not math.isfinite(value)}
    assert {step for step, kind in curve.not_finite} == odd
    assert [float(kind) for step, kind in curve.not_finite] == pytest.approx(
        [value for value in values if not math.isfinite(value)], nan_ok=True
    )
    buckets = zip(curve.steps, curve.lows, curve.values, curve.highs, curve.counts, strict=True)
    seen = 0
    for end, low, mean, high, count in buckets:
        begin = (end - 1) // history.stride * history.stride
        covered = [value for value in values[begin:end] if math.isfinite(value)]
        assert (low, high, count) == (min(covered), max(covered), len(covered))
        assert math.isclose(mean, sum(covered) / count, abs_tol=1e-9)
        seen += count
    assert seen + len(odd) == len(values)
    assert len(curve.steps) <= limit


def test_a_single_spike_outlives_every_merging() -> None:
    history = History()
    for step in range(1, 50_001):
        history.append(step, 1e6 if step == 12_345 else 1.0)
    history.append(50_001, math.inf)
    curve = history.curve()
    assert curve.most == history.stride == 32
    assert max(high or 0 for high in curve.highs) == 1e6
    assert max(curve.values) < 1e6 / 30
    assert curve.not_finite == ((50_001, "inf"),)


def test_values_that_are_not_finite_are_bounded_too() -> None:
    history = History(4)
    for step in range(1, 2 * MOST_NOT_FINITE):
        history.append(step, math.nan)
    curve = history.curve()
    assert curve.steps == ()
    assert [step for step, kind in curve.not_finite] == list(range(1, MOST_NOT_FINITE + 1))


@given(st.lists(st.floats(width=32), max_size=40), st.sampled_from([2, 8]))
def test_a_state_gives_back_the_same_history(values: list[float], limit: int) -> None:
    history = History(limit)
    for step, value in enumerate(values, start=1):
        history.append(step, value)
    again = History.from_state(*history.state())
    for one in (history, again):
        one.append(len(values) + 1, 2.0)
    assert again.curve() == history.curve()
    assert again.state() == history.state()


def test_merging_a_curve_keeps_its_extremes() -> None:
    curve = Curve((1, 2, 3, 4, 5), (1.0, 3.0, 8.0, 2.0, 5.0), (1.0, 2.0, 8.0, None, 5.0),
                  (1.0, 4.0, 8.0, 2.0, 5.0), (1, 3, 1, 1, 1), ((6, "nan"),))  # fmt: skip
    assert curve.merged(5) == curve
    assert curve.merged(3) == Curve(
        (2, 4, 5), (2.5, 5.0, 5.0), (1.0, None, 5.0), (4.0, 8.0, 5.0), (4, 2, 1), ((6, "nan"),)
    )


def test_the_history_of_version_0_1_has_exact_single_steps_and_unknown_extremes_of_merged() -> None:
    single = History.from_means([4, 1, 0, 0, 1, 2, 3], [0.0, 5.0, 6.0, 7.0])
    assert single.curve() == Curve((1, 2, 3), (5.0, 6.0, 7.0), (5.0, 6.0, 7.0), (5.0, 6.0, 7.0),
                                   (1, 1, 1))  # fmt: skip
    merged = History.from_means([4, 2, 5, 1, 2, 4], [9.0, 1.0, 2.0])
    assert merged.curve() == Curve((2, 4, 5), (1.0, 2.0, 9.0), (None, None, 9.0),
                                   (None, None, 9.0), (2, 2, 1))  # fmt: skip
    merged.append(6, 3.0)
    merged.append(7, 4.0)
    assert merged.curve().lows == (None, None, 3.0, 4.0)
    merged.append(8, 0.0)  # now pairs merge, and what is unknown stays so
    assert merged.curve() == Curve((4, 8), (1.5, 4.0), (None, 0.0), (None, 9.0), (4, 4))


@pytest.mark.parametrize(
    ("whole", "floats"),
    [
        ([], []),
        ([4, 1, 0, 1], [0.0, 0.0, 0.0]),
        ([4, 1, 0, 0, 0, 0], []),
        ([4, 1, 0, 1, 0, 0], [0.0]),
        ([4, 0, 0, 1, 0, 0], [0.0, 0.0, 0.0]),
        ([4, 2, 2, 1, 0, 0], [0.0, 0.0, 0.0]),
        ([3, 1, 0, 1, 0, 0], [0.0, 0.0, 0.0]),
        ([2, 1, 0, 3, 0, 0, 1, 1, 2, 1], [0.0] * 9),
        ([4, 1, 0, 1, 0, 0, 7], [0.0, 0.0, 0.0]),
        ([4, 1, 0, 1, 0, 0, 7, 3], [0.0, 0.0, 0.0]),
    ],
)
def test_a_state_that_cannot_be_is_refused(whole: list[int], floats: list[float]) -> None:
    with pytest.raises(ValueError):
        History.from_state(whole, floats)


@pytest.mark.parametrize(
    ("whole", "floats"),
    [([], []), ([4, 1, 0, 0], []), ([4, 1, 0, 0, 1], [0.0]), ([4, 0, 0, 0], [0.0]),
     ([4, 2, 0, 2], [0.0]), ([3, 1, 0, 0], [0.0]), ([2, 1, 0, 0, 1, 2], [0.0, 1.0, 1.0])],
)  # fmt: skip
def test_an_old_state_that_cannot_be_is_refused(whole: list[int], floats: list[float]) -> None:
    with pytest.raises(ValueError):
        History.from_means(whole, floats)
