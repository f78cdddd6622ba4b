"""Ticks of vertical axes: round, inside the plot, and at equal distances in rows."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import for_each
from tui.widgets.row_ticks import Rows, even_axis, even_exact_axis, even_log_axis
from tui.widgets.series import Axis


def gaps(axis: Axis, rows: Rows) -> set[int]:
    """The rows from each label to the next."""
    at = [rows.of(tick, axis) for tick in axis.ticks]
    assert all(0 <= row < rows.count for row in at)
    return {after - row for row, after in pairwise(at)}


def is_round(step: float) -> bool:
    mantissa: float = step / 10 ** math.floor(math.log10(step) + 1e-9)
    return min(abs(mantissa - nice) for nice in (1, 2, 2.5, 5)) < 1e-6


@given(
    st.floats(-1e4, 1e4), st.floats(1e-2, 1e5), st.integers(6, 60), st.sampled_from((1, 2, 4))
)  # fmt: skip
def test_labels_are_round_and_as_many_rows_apart(
    low: float, span: float, count: int, dots: int
) -> None:
    rows, high = Rows(count, dots), low + span
    axis = even_axis(low, high, rows, 4)
    assert axis.low <= low + span * 1e-6
    assert axis.high >= high - span * 1e-6
    assert len(axis.ticks) == len(set(axis.labels)) >= 2
    assert len(gaps(axis, rows)) == 1
    steps = [after - tick for tick, after in pairwise(axis.ticks)]
    assert is_round(steps[0])
    assert max(steps) == pytest.approx(min(steps), rel=1e-4)
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        assert float(label.replace("−", "-")) == pytest.approx(tick, abs=steps[0] * 0.01)


@for_each("high", [0.37, 0.9, 1.0, 2.3, 7.3, 34.0, 812.0])
@for_each("count", range(7, 50))
def test_most_of_the_height_is_for_the_values(high: float, count: int) -> None:
    axis = even_axis(0.0, high, Rows(count, 4), 4)
    assert axis.ticks[0] == axis.low == 0
    assert high / axis.high > 0.6
    assert len(axis.ticks) >= 3


@for_each("count", range(6, 50))
def test_limits_that_are_given_stay_where_a_round_step_makes_even_labels(count: int) -> None:
    rows = Rows(count, 4)
    axis = even_exact_axis(0.0, 1.0, rows, count // 4)
    assert axis.low == 0.0
    assert len(gaps(axis, rows)) == 1
    assert len(axis.ticks) > 2
    if any((count - 1) % parts == 0 and (count - 1) // parts > 1 for parts in (2, 4, 5, 10, 20)):
        assert axis.high == 1.0
    else:
        assert 1.0 <= axis.high < 1.5
        assert is_round(axis.ticks[1])


@for_each("count", [4, 5, 6])
def test_labels_do_not_crowd_a_few_rows(count: int) -> None:
    rows = Rows(count, 4)
    axis = even_exact_axis(0.55, 1.4, rows, 2)
    assert axis.low <= 0.55
    assert axis.high >= 1.4
    assert min(gaps(axis, rows)) >= 2


@given(st.floats(-50, 50), st.floats(0.1, 100), st.integers(9, 60), st.sampled_from((1, 2, 4)))
def test_labels_between_given_limits_are_even(
    low: float, span: float, count: int, dots: int
) -> None:
    rows, high = Rows(count, dots), low + span
    axis = even_exact_axis(low, high, rows, count // 4)
    assert axis.low == low
    assert axis.high >= high
    assert len(gaps(axis, rows)) == 1


def test_thirteen_rows_have_quarters_rather_than_uneven_fifths() -> None:
    assert even_exact_axis(0.0, 1.0, Rows(13, 4), 5).labels == (
        "0.00", "0.25", "0.50", "0.75", "1.00",
    )  # fmt: skip


@given(st.floats(-9, 3), st.floats(2.5, 9), st.integers(8, 60))
def test_decades_are_as_many_rows_apart(low: float, span: float, count: int) -> None:
    rows = Rows(count, 4)
    axis = even_log_axis(10**low, 10 ** (low + span), rows, max(2, count // 5))
    assert axis.low <= low + 1e-6
    assert axis.high >= low + span - 1e-6
    assert len(axis.ticks) >= 2
    if all(abs(tick - round(tick)) < 1e-9 for tick in axis.ticks):
        assert len(gaps(axis, rows)) == 1


def test_a_range_of_one_number_has_a_scale() -> None:
    axis = even_axis(3.0, 3.0, Rows(12, 4), 3)
    assert axis.low < 3 < axis.high
    assert len(axis.ticks) >= 2
