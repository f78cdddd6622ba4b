"""Many measurements in few columns of a chart: the minimum, the mean and the maximum of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tui.widgets.series import Axis, Floats

SHADE = "░"
"""Fills the cells between minimum and maximum."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The measurements of as many updates in every column; NaN where a column has none."""

    updates: int
    """How many updates each column stands for: 1 where each has a column to itself."""
    xs: Floats
    lows: Floats
    means: Floats
    highs: Floats


def band(
    steps: Sequence[float],
    values: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    counts: Sequence[int],
    axis: Axis,
    columns: int,
) -> Band:
    """Merge buckets of updates so that each of `columns` columns shows one bin of them.

    `lows` and `highs` are the extremes of the buckets, `counts` their sizes, `steps` their ends.
    Every bin covers equally many updates, at least those between two columns, so that each one is
    seen: two neighbouring columns may show the same bin, but no bin falls between two columns.
    """
    step, mean = np.asarray(steps, np.float64), np.asarray(values, np.float64)
    low, high = np.asarray(lows, np.float64), np.asarray(highs, np.float64)
    size = np.asarray(counts, np.float64)
    bucket = max(1, int(size.max()))
    span = axis.high - axis.low
    # The distance of two columns is that of two dots of a line, which has 2 in every column.
    dot = span / (2 * columns - 1)
    updates = bucket * max(1, math.ceil(2 * dot / bucket))
    # A bin holds the steps above its number times `updates`, up to those of the next.
    bins = np.ceil(step / updates).astype(np.int64) - 1
    starts = np.flatnonzero(np.r_[True, bins[1:] != bins[:-1]])
    weights = np.add.reduceat(size, starts)
    merged = {
        "lows": np.minimum.reduceat(low, starts),
        "means": np.add.reduceat(mean * size, starts) / weights,
        "highs": np.maximum.reduceat(high, starts),
    }
    if updates == 1:
        return Band(1, step, **merged)
    xs = axis.low + dot * (2 * np.arange(columns, dtype=np.float64) + 0.5)
    # A column shows the bin at its right end, or the last one there is if it ends further left.
    ends = np.where(xs - dot <= step[-1], np.minimum(xs + dot, step[-1]), xs + dot)
    wanted = np.maximum(np.ceil(ends / updates).astype(np.int64) - 1, 0)
    known = bins[starts]
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    missing = known[at] != wanted
    seen = {name: np.where(missing, np.nan, numbers[at]) for name, numbers in merged.items()}
    return Band(updates, xs, **seen)
