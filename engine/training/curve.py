"""A series of measurements of bounded length: what was merged keeps its minimum and maximum."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """A bounded series of measurements, one bucket of neighbouring steps after the other.

    Where nothing was merged, each bucket is one step. `steps` and `values` have one entry per
    bucket; the other tuples too, unless nothing is known and they are empty.
    """

    steps: tuple[int, ...] = ()
    """The last step of each bucket."""
    values: tuple[float, ...] = ()
    """The mean of its finite values."""
    lows: tuple[float | None, ...] = ()
    """The smallest of them; None where only the mean was kept, as version 0.1 did."""
    highs: tuple[float | None, ...] = ()
    """The largest of them."""
    counts: tuple[int, ...] = ()
    """How many finite values it holds."""
    not_finite: tuple[tuple[int, str], ...] = ()
    """Steps whose value was no finite number, each with `nan`, `inf` or `-inf`. They are in no
    mean, and in no bucket."""

    @property
    def most(self) -> int:
        """How many values the largest bucket holds: 1 where nothing was merged."""
        return max(self.counts, default=1)

    def merged(self, most: int) -> Curve:
        """The curve with at most `most` buckets, of equally many old ones each but the last."""
        size = -(-len(self.steps) // most)
        if size <= 1:
            return self
        groups = [slice(at, at + size) for at in range(0, len(self.steps), size)]
        counts = self.counts or (1,) * len(self.steps)
        return Curve(
            steps=tuple(self.steps[group][-1] for group in groups),
            values=tuple(_mean(self.values[group], counts[group]) for group in groups),
            lows=tuple(_extreme(min, self.lows[group]) for group in groups) if self.lows else (),
            highs=tuple(_extreme(max, self.highs[group]) for group in groups) if self.highs else (),
            counts=tuple(sum(counts[group]) for group in groups) if self.counts else (),
            not_finite=self.not_finite,
        )


def word(value: float) -> str:
    """The name of a value that is no finite number: `nan`, `inf` or `-inf`."""
    if math.isnan(value):
        return "nan"
    return "inf" if value > 0 else "-inf"


def _mean(values: Sequence[float], counts: Sequence[int]) -> float:
    total = sum(counts)
    return sum(value * count for value, count in zip(values, counts, strict=True)) / total


def _extreme(
    of: Callable[[Sequence[float]], float], values: Sequence[float | None]
) -> float | None:
    known = [value for value in values if value is not None]
    return of(known) if len(known) == len(values) else None
