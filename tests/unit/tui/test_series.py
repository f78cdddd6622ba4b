"""Arithmetic of charts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import for_each
from tui.widgets.series import decimate, linear_axis, log_axis, round_up, smooth


def test_a_spike_survives_decimation() -> None:
    ys = [1.0] * 10_000
    ys[1234], ys[8765] = 50.0, -50.0
    xs, kept = decimate(list(range(10_000)), ys, 80)
    assert len(xs) == len(kept) <= 80
    assert (1234, 50.0) in zip(xs, kept, strict=True)
    assert (8765, -50.0) in zip(xs, kept, strict=True)


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=300),
    st.integers(2, 60),
)
def test_decimation_keeps_extremes_and_order(points: list[tuple[float, float]], limit: int) -> None:
    xs, ys = decimate([x for x, _ in points], [y for _, y in points], limit)
    assert len(xs) <= max(limit, 0)
    assert xs == sorted(xs)
    assert set(zip(xs, ys, strict=True)) <= set(points)
    assert min(ys) == min(y for _, y in points)
    assert max(ys) == max(y for _, y in points)


def test_few_points_stay_as_they_are_and_infinite_ones_go() -> None:
    assert decimate([1, 2, 3], [5.0, math.nan, 7.0], 10) == ([1.0, 3.0], [5.0, 7.0])
    assert decimate([1, 2], [math.inf, math.nan], 10) == ([], [])


def test_a_limit_of_one_point_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        decimate([1], [1.0], 1)


def test_smoothing_is_the_bias_corrected_average() -> None:
    values = [4.0, 2.0, 1.0]
    average, expected = 0.0, []
    for step, value in enumerate(values, 1):
        average = 0.9 * average + 0.1 * value
        expected.append(average / (1 - 0.9**step))
    assert smooth([1, 2, 3], values, 0.9) == pytest.approx(expected, rel=1e-14)
    assert smooth([1, 2, 3], values, 0.9)[0] == pytest.approx(4.0)


def test_merged_points_reach_as_far_back_as_single_ones() -> None:
    single = smooth(range(1, 9), [1, 1, 2, 2, 4, 4, 8, 8], 0.9)
    merged = smooth([2, 4, 6, 8], [1, 2, 4, 8], 0.9)
    assert merged == pytest.approx(single[1::2], rel=1e-12)


def test_a_value_that_is_not_finite_does_not_spoil_the_average() -> None:
    smoothed = smooth([1, 2, 3], [1.0, math.nan, 1.0], 0.9)
    assert math.isnan(smoothed[1])
    assert smoothed[2] == pytest.approx(1.0)


def test_a_smoothing_factor_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="smoothing factor"):
        smooth([1], [1.0], 1.0)


@for_each(("value", "rounded"), [(1, 1), (2.3, 2.5), (805, 1000), (2350, 2500), (0.07, 0.08)])
def test_round_limits(value: float, rounded: float) -> None:
    assert round_up(value) == pytest.approx(rounded)


@given(st.floats(-1e5, 1e5), st.floats(1e-3, 1e5), st.integers(2, 12))
def test_a_linear_axis_holds_its_range(low: float, span: float, count: int) -> None:
    axis = linear_axis(low, low + span, count)
    slack = span * 1e-6
    assert axis.low <= low + slack
    assert axis.high >= low + span - slack
    assert len(axis.ticks) == len(axis.labels) >= 2
    assert all(axis.low - slack <= tick <= axis.high + slack for tick in axis.ticks)


def test_tick_labels_have_as_many_digits_as_they_need() -> None:
    assert linear_axis(0.743, 0.851, 3).labels == ("0.70", "0.75", "0.80", "0.85", "0.90")
    assert linear_axis(0, 4, 4, exact=True, whole=True).labels == ("0", "1", "2", "3", "4")
    assert linear_axis(1.3, 9.4, 2, exact=True).labels == ("2", "4", "6", "8")
    assert linear_axis(0.2, 0.9, 1, exact=True, whole=True).ticks == ()  # no whole number inside
    assert linear_axis(3, 3, 2).low < 3 < linear_axis(3, 3, 2).high


@given(st.floats(1e-12, 1e12), st.floats(1, 1e9), st.integers(2, 10))
def test_a_log_axis_holds_its_range(low: float, ratio: float, count: int) -> None:
    axis = log_axis(low, low * ratio, count)
    assert axis.low <= math.log10(low) + 1e-6
    assert axis.high >= math.log10(low * ratio) - 1e-6
    assert axis.low < axis.high
    assert 1 <= len(axis.ticks) <= count + 2
    assert all(
        math.isclose(float(label.replace("−", "-")), 10**tick, rel_tol=1e-2)
        for tick, label in zip(axis.ticks, axis.labels, strict=True)
    )


def test_old_points_stay_where_they_are_while_new_ones_come() -> None:
    ys = [float((7 * step) % 31) for step in range(2000)]
    before = decimate(range(1500), ys[:1500], 100, (0, 2000))
    after = decimate(range(2000), ys, 100, (0, 2000))
    kept = list(zip(*before, strict=True))
    assert kept[:-2] == list(zip(*after, strict=True))[: len(kept) - 2]
    assert len(after[0]) == 100
