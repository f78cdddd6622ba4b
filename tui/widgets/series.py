"""Arithmetic for charts: thinning, smoothing, limits and ticks. Independent of the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.naming import Shown

Floats = npt.NDArray[np.float64]
_NICE = (1.0, 2.0, 5.0, 10.0)
_NICE_LIMITS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def finite(xs: Sequence[float], ys: Sequence[float]) -> tuple[Floats, Floats]:
    """The points whose coordinates are both finite, in order of x."""
    x = np.asarray(xs, dtype=np.float64)
    y = np.asarray(ys, dtype=np.float64)
    keep = np.isfinite(x) & np.isfinite(y)
    x, y = x[keep], y[keep]
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def decimate(
    xs: Sequence[float],
    ys: Sequence[float],
    limit: int,
    limits: tuple[float, float] | None = None,
) -> tuple[list[float], list[float]]:
    """At most `limit` of the points (limit ≥ 2), keeping the lowest and highest of every bucket.

    The range of x is cut into `limit // 2` buckets of equal width; of each, the points with the
    smallest and the largest y are kept, in order of x, so that no spike is lost. If `limits` are
    given, they are the range: buckets then stay in place while points are added, and points
    outside fall into the first or the last bucket. Points that are not finite are dropped.
    """
    if limit < 2:
        raise ValueError(f"a chart needs at least 2 points, and the limit is {limit}")
    x, y = finite(xs, ys)
    if len(x) <= limit:
        return x.tolist(), y.tolist()
    buckets = limit // 2
    left, right = limits or (float(x[0]), float(x[-1]))
    position = (x - left) / ((right - left) or 1.0) * buckets
    index = np.clip(position, 0, buckets - 1).astype(np.int64)
    starts = np.flatnonzero(np.r_[True, index[1:] != index[:-1]])
    kept: list[int] = []
    for start, end in zip(starts, np.r_[starts[1:], len(x)], strict=True):
        low = int(start) + int(np.argmin(y[start:end]))
        high = int(start) + int(np.argmax(y[start:end]))
        kept += sorted({low, high})
    return x[kept].tolist(), y[kept].tolist()


def smooth(steps: Sequence[int], values: Sequence[float], factor: float) -> list[float]:
    """Exponential moving average with bias correction, as long as `values`.

    m_t = β m_{t−1} + (1 − β) v_t, shown as m_t / (1 − β^t), with β = `factor` in [0, 1)
    (Kingma & Ba, "Adam", 2015, section 3). A point that stands for k merged steps counts as k
    equal steps: β becomes β^k, so that merging does not change how far back the average reaches.
    Values that are not finite are passed through and do not enter the average.
    """
    if not 0 <= factor < 1:
        raise ValueError(f"the smoothing factor lies in [0, 1), and {factor} does not")
    average = weight = 0.0
    before = 0
    smoothed: list[float] = []
    for step, value in zip(steps, values, strict=True):
        keep = factor ** max(step - before, 1)
        before = step
        if not math.isfinite(value):
            smoothed.append(value)
            continue
        average = keep * average + (1 - keep) * value
        weight = keep * weight + (1 - keep)
        smoothed.append(average / weight)
    return smoothed


def round_up(value: float) -> float:
    """The next round number at or above `value` (> 0); it rarely changes while `value` grows."""
    scale = 10.0 ** math.floor(math.log10(value))
    for nice in _NICE_LIMITS:
        if value <= nice * scale * (1 + 1e-9):
            return nice * scale
    return 10 * scale


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its range and its ticks, in drawing units."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def _step(span: float, count: int) -> float:
    rough = span / max(count, 1)
    scale = 10.0 ** math.floor(math.log10(rough))
    return next(nice * scale for nice in _NICE if rough <= nice * scale * (1 + 1e-9))


def _label(value: float, step: float) -> str:
    if step < 1e-4 or abs(value) >= 1e6:
        return f"{Shown(value):.3g}"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    shifted = step * 10**decimals
    decimals += abs(shifted - round(shifted)) > 1e-6  # 2.5 has a digit more than 2
    return f"{Shown(value):.{decimals}f}"


def linear_axis(
    low: float, high: float, count: int, *, exact: bool = False, whole: bool = False
) -> Axis:
    """An axis from about `low` to about `high` with about `count` gaps between round ticks.

    The limits are moved out to the next tick, or kept if `exact`; the gaps are then narrower where
    there would be one tick, which shows no scale. `whole` allows only whole numbers as ticks, for
    steps and epochs.
    """
    if high <= low:
        pad = abs(low) * 0.1 or 1.0
        low, high = low - (0 if low == 0 else pad), high + pad
    step, ticks = 1.0, list[float]()
    for gaps in (count, 2 * count, 4 * count):
        step = _step(high - low, gaps)
        if whole:
            step = max(step, 1.0)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if not exact:
            low, high = first * step, last * step
        slack = step * 1e-6
        ticks = [
            number * step
            for number in range(first, last + 1)
            if low - slack <= number * step <= high + slack
        ]
        if len(ticks) > 1 or not exact:
            break
    return axis_of(low, high, ticks, step)


def axis_of(low: float, high: float, ticks: Sequence[float], step: float) -> Axis:
    """An axis with these ticks, whose labels have the digits that steps of this size need."""
    return Axis(low, high, tuple(ticks), tuple(_label(tick, step) for tick in ticks))


def log_axis(low: float, high: float, count: int) -> Axis:
    """An axis in log10 units from `low` to `high` (both > 0); labels show the original values."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [mantissa * 10.0**exponent for exponent in exponents for mantissa in (1, 2, 5)]
    below = [value for value in values if value <= low * (1 + 1e-9)]
    above = [value for value in values if value >= high * (1 - 1e-9)]
    bottom, top = below[-1], above[0]
    if top <= bottom:
        top = next(value for value in [*values, 10 * bottom] if value > bottom * (1 + 1e-9))
    inside = [value for value in values if bottom * (1 - 1e-9) <= value <= top * (1 + 1e-9)]
    decades = [value for value in inside if abs(math.log10(value) % 1) < 1e-6]
    chosen = inside
    if len(inside) > count + 2 and len(decades) >= 2:
        # Every decade, every other one, every fifth …: at equal distances.
        chosen = next(
            decades[::step]
            for step in (1, 2, 5, 10, 20, 50, 100, 200, 500)
            if len(decades[::step]) <= max(count + 2, 2)
        )
    elif len(inside) > count + 2:
        chosen = inside[::2]  # six at most, such as 2 5 10 20 50: 2 10 50
    return Axis(
        math.log10(bottom),
        math.log10(top),
        tuple(math.log10(value) for value in chosen),
        tuple(f"{Shown(value):.3g}" for value in chosen),
    )
