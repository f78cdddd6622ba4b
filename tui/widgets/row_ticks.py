"""Ticks of a vertical axis: round numbers whose labels stand at equal distances, in rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.naming import Shown
from tui.widgets.series import Axis, axis_of, linear_axis, log_axis

_NICE = (1.0, 2.0, 2.5, 5.0)
_DECADES = (1, 2, 5, 10, 20, 50, 100)
_USUAL = 4
"""Rows from label to label, where the numbers leave a choice."""
_LEAST = 2
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a plot, and the dots of each."""

    count: int
    dots: int

    @property
    def between(self) -> float:
        """The rows from the middle of the lowest dot to that of the highest."""
        return max(self.count - 1 / self.dots, 1 / self.dots)

    def of(self, value: float, axis: Axis) -> int:
        """The row of a value, from the bottom."""
        last = self.count * self.dots - 1
        place = (value - axis.low) / (axis.high - axis.low) * max(last, 1)
        return math.floor(round(place + 0.5, 8)) // self.dots

    def are_even(self, axis: Axis) -> bool:
        """Whether the labels of three ticks or more stand at equal distances, with air between."""
        at = [self.of(tick, axis) for tick in axis.ticks]
        gaps = {after - row for row, after in pairwise(at)}
        return len(at) > _LEAST and len(gaps) == 1 and gaps.pop() >= _LEAST


def even_axis(low: float, high: float, rows: Rows, count: int) -> Axis:
    """An axis that begins with a round number and goes to `high` or somewhat further.

    A tick is as many whole rows above the one before: the highest tick need not be at the top.
    """
    usual = linear_axis(low, high, count)
    if high <= low:
        low, high = usual.low, usual.high
    found = max(_candidates(low, high, rows), key=lambda each: each[0], default=None)
    return found[1] if found else usual


def _candidates(low: float, high: float, rows: Rows) -> Iterator[tuple[float, Axis]]:
    for step in _steps(high - low):
        first = math.floor(low / step + _EPSILON)
        gap = math.floor(rows.between / (high / step - first) + _EPSILON)
        gaps = math.floor(rows.between / gap + _EPSILON) if gap else 0
        if gap < _LEAST or not gaps:
            continue
        ticks = [(first + number) * step for number in range(gaps + 1)]
        top = first * step + rows.between / gap * step
        used = (high - low) / (top - first * step)
        yield used - _awkward(gap, gaps, step), axis_of(first * step, top, ticks, step)


def _steps(span: float) -> Iterator[float]:
    """Round steps, of which a range holds at least about one and at most about forty."""
    power = math.floor(math.log10(span))
    for exponent in (power - 2, power - 1, power, power + 1):
        for nice in _NICE:
            step = nice * 10.0**exponent
            if span / 40 <= step <= span * 2:
                yield step


def _awkward(gap: int, gaps: int, step: float) -> float:
    """How much of the height such labels may cost before others are better."""
    mantissa: float = step / 10 ** math.floor(math.log10(step) + _EPSILON)
    is_quarter = abs(mantissa - 2.5) < _EPSILON
    return 0.04 * abs(gap - _USUAL) + 0.02 * is_quarter + 0.3 * (gaps < _LEAST)


def even_exact_axis(low: float, high: float, rows: Rows, count: int) -> Axis:
    """An axis from `low` to `high`, with ticks at equal distances.

    Where no round step makes such ticks, it goes somewhat further than `high`; in a few rows also
    than `low`.
    """
    usual = linear_axis(low, high, count, exact=True)
    if high <= low or rows.are_even(usual):
        return usual
    even = []
    for step in _steps(high - low):
        axis = _ticked(low, high, step)
        if rows.are_even(axis):
            gap = rows.of(axis.ticks[1], axis) - rows.of(axis.ticks[0], axis)
            even.append((_awkward(gap, len(axis.ticks) - 1, step), axis))
    if even:
        return min(even, key=lambda each: each[0])[1]
    further = max(_further(low, high, rows), key=lambda each: each[0], default=None)
    return further[1] if further else even_axis(low, high, rows, count)


def _further(low: float, high: float, rows: Rows) -> Iterator[tuple[float, Axis]]:
    """Axes from `low` to `high` or further, in which a step is so many whole rows."""
    for step in _steps(high - low):
        gap = math.floor(rows.between * step / (high - low) + _EPSILON)
        if gap < _LEAST:
            continue
        top = low + rows.between * step / gap
        axis = _ticked(low, top, step)
        if rows.are_even(axis):
            used = (high - low) / (top - low)
            yield used - _awkward(gap, len(axis.ticks) - 1, step), axis


def _ticked(low: float, high: float, step: float) -> Axis:
    """An axis between two limits; its ticks are the multiples of a step."""
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return axis_of(low, high, [number * step for number in range(first, last + 1)], step)


def even_log_axis(low: float, high: float, rows: Rows, count: int) -> Axis:
    """A log axis as `log_axis`; where its ticks are decades, they are whole rows apart."""
    usual = log_axis(low, high, count)
    if len(usual.ticks) < _LEAST or not all(_is_decade(tick) for tick in usual.ticks):
        return usual
    span = max(math.log10(high) - usual.low, _EPSILON)
    found: list[tuple[float, Axis]] = []
    for step in _DECADES:
        gap = math.floor(rows.between * step / span + _EPSILON)
        if gap < _LEAST:
            continue
        top = usual.low + rows.between * step / gap
        first, last = math.ceil(usual.low - _EPSILON), math.floor(top + _EPSILON)
        ticks = range(first, last + 1, step)
        if len(ticks) < _LEAST or len(ticks) > count + 2:
            continue
        used = span / (top - usual.low) - _awkward(gap, len(ticks) - 1, 1.0)
        found.append((used, _of_decades(usual.low, top, ticks)))
    return max(found, key=lambda each: each[0])[1] if found else usual


def _is_decade(tick: float) -> bool:
    return abs(tick - round(tick)) < _EPSILON


def _of_decades(low: float, high: float, ticks: Sequence[int]) -> Axis:
    return Axis(
        low, high, tuple(map(float, ticks)), tuple(f"{Shown(10.0**tick):.3g}" for tick in ticks)
    )
