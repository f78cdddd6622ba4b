"""What is measured while a model trains: sums over samples, and a history of bounded length.

Nothing here knows torch: numbers arrive as Python floats, after they have left the device.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.training.curve import Curve, word

HISTORY_POINTS = 2048
MOST_NOT_FINITE = 256
_WORDS = ("nan", "inf", "-inf")


@dataclass(slots=True)
class RunningSums:
    """Sums over the samples of one epoch, so that a mean is over samples, not over batches.

    The mean of batch means would weigh a smaller last batch as heavily as a full one.
    """

    loss: float = 0.0
    correct: int = 0
    samples: int = 0

    def add(self, loss: float, correct: int, samples: int) -> None:
        """Add one mini-batch: the sum of its losses, its right answers, its size."""
        self.loss += loss
        self.correct += correct
        self.samples += samples

    @property
    def mean_loss(self) -> float:
        """Mean loss over all samples added; 0 before the first."""
        return self.loss / self.samples if self.samples else 0.0

    @property
    def accuracy(self) -> float:
        """Fraction of the samples added that were right; 0 before the first."""
        return self.correct / self.samples if self.samples else 0.0


class _Bucket(NamedTuple):
    """What is kept of some neighbouring steps: of the finite values among theirs."""

    step: int
    """The last step."""
    total: float
    """The sum of the values."""
    low: float
    """NaN where only the sum is known."""
    high: float
    size: int
    """How many values there are."""


_EMPTY = _Bucket(0, 0.0, math.inf, -math.inf, 0)


class History:
    """A series of one value per step that never holds more than `limit` buckets.

    When it is full, each pair of neighbours becomes one bucket, and every further bucket covers
    twice as many steps as before. A bucket keeps the minimum, the mean and the maximum of its
    values, so the whole run stays in view however long it is, and no spike is lost. Values that
    are not finite enter no bucket: they are kept with their steps, the first `MOST_NOT_FINITE`.
    """

    def __init__(self, limit: int = HISTORY_POINTS) -> None:
        if limit < 2 or limit % 2:
            raise ValueError(f"limit must be even and at least 2, not {limit}")
        self._limit = limit
        self._stride = 1
        self._buckets: list[_Bucket] = []
        self._not_finite: list[tuple[int, str]] = []
        # The bucket that is being filled covers fewer steps than the stride.
        self._open = _EMPTY
        self._open_steps = 0

    @property
    def stride(self) -> int:
        """How many steps one bucket covers."""
        return self._stride

    def append(self, step: int, value: float) -> None:
        """Add the value of `step`; steps come in ascending order."""
        self._open_steps += 1
        _, total, low, high, count = self._open
        if math.isfinite(value):
            # In this order, an extreme that is unknown (NaN) stays so.
            low, high = min(low, value), max(high, value)
            self._open = _Bucket(step, total + value, low, high, count + 1)
        else:
            self._open = _Bucket(step, total, low, high, count)
            if len(self._not_finite) < MOST_NOT_FINITE:
                self._not_finite.append((step, word(value)))
        if self._open_steps < self._stride:
            return
        self._buckets.append(self._open)
        self._open, self._open_steps = _EMPTY, 0
        if len(self._buckets) == self._limit:
            pairs = zip(self._buckets[::2], self._buckets[1::2], strict=True)
            self._buckets = [_joined(earlier, later) for earlier, later in pairs]
            self._stride *= 2

    def curve(self) -> Curve:
        """All buckets, immutable; the last one may cover fewer steps than a stride."""
        buckets = [*self._buckets, self._open] if self._open_steps else self._buckets
        # A bucket without a finite value has nothing to draw.
        filled = [bucket for bucket in buckets if bucket.size]
        if not filled:
            return Curve(not_finite=tuple(self._not_finite))
        steps, totals, lows, highs, counts = zip(*filled, strict=True)
        values = tuple(total / count for total, count in zip(totals, counts, strict=True))
        return Curve(steps, values, _known(lows), _known(highs), counts, tuple(self._not_finite))

    def forget_after(self, step: int) -> None:
        """Leave out what came after `step`: updates that were undone, and may be made again.

        A bucket that reaches beyond `step` goes as a whole.
        """
        self._buckets = [bucket for bucket in self._buckets if bucket.step <= step]
        if self._open.step > step:
            self._open, self._open_steps = _EMPTY, 0
        self._not_finite = [(at, name) for at, name in self._not_finite if at <= step]

    def state(self) -> tuple[list[int], list[float]]:
        """Everything it holds, as integers and floats, for `from_state`."""
        buckets = [self._open, *self._buckets]
        whole = [self._limit, self._stride, self._open_steps, len(buckets)]
        for bucket in buckets:
            whole += (bucket.step, bucket.size)
        for step, name in self._not_finite:
            whole += (step, _WORDS.index(name))
        floats = [number for b in buckets for number in (b.total, b.low, b.high)]
        return whole, floats

    def copy(self) -> History:
        """An independent history with the same buckets."""
        copy = History(self._limit)
        copy._stride, copy._open, copy._open_steps = self._stride, self._open, self._open_steps
        copy._buckets, copy._not_finite = list(self._buckets), list(self._not_finite)
        return copy

    @classmethod
    def from_state(cls, whole: Sequence[int], floats: Sequence[float]) -> History:
        """The history whose `state` this is; raises ValueError where it is not valid."""
        if len(whole) < 6:
            raise ValueError("the stored history is incomplete")
        limit, stride, open_steps, count = whole[:4]
        rest = whole[4 + 2 * count :]
        if count < 1 or len(whole) < 4 + 2 * count or len(floats) != 3 * count or len(rest) % 2:
            raise ValueError("the stored history is incomplete")
        history = cls(limit)
        if count > limit or stride < 1 or not 0 <= open_steps < stride:
            raise ValueError("the stored history is out of bounds")
        steps, counts = whole[4 : 4 + 2 * count : 2], whole[5 : 4 + 2 * count : 2]
        numbers = zip(steps, floats[::3], floats[1::3], floats[2::3], counts, strict=True)
        history._stride, history._open_steps = stride, open_steps
        history._open, *history._buckets = (_Bucket(*bucket) for bucket in numbers)
        if not all(0 <= kind < len(_WORDS) for kind in rest[1::2]):
            raise ValueError("the stored history is out of bounds")
        history._not_finite = [
            (step, _WORDS[kind]) for step, kind in zip(rest[::2], rest[1::2], strict=True)
        ]
        return history

    @classmethod
    def from_means(cls, whole: Sequence[int], floats: Sequence[float]) -> History:
        """The history that version 0.1 stored: means alone, so that merged extremes are unknown.

        `whole` are the limit, the stride, the step and the size of the open bucket, and the steps;
        `floats` the sum of the open bucket, and the means. Raises ValueError.
        """
        if len(whole) < 4 or len(floats) != len(whole) - 3:
            raise ValueError("the stored history is incomplete")
        history = cls(whole[0])
        stride, open_step, open_steps = whole[1:4]
        if len(whole) - 4 >= history._limit or stride < 1 or not 0 <= open_steps < stride:
            raise ValueError("the stored history is out of bounds")

        def bucket(step: int, total: float, count: int) -> _Bucket:
            low, high = (total, total) if count == 1 else (math.nan, math.nan)
            return _Bucket(step, total, low, high, count)

        history._stride, history._open_steps = stride, open_steps
        if open_steps:
            history._open = bucket(open_step, floats[0], open_steps)
        history._buckets = [
            bucket(step, mean * stride, stride)
            for step, mean in zip(whole[4:], floats[1:], strict=True)
        ]
        return history


def _joined(earlier: _Bucket, later: _Bucket) -> _Bucket:
    """Two neighbours as one; where an extreme of one is unknown (NaN), so is that of both."""
    return _Bucket(
        later.step,
        earlier.total + later.total,
        _lowest(earlier.low, later.low),
        -_lowest(-earlier.high, -later.high),
        earlier.size + later.size,
    )


def _lowest(one: float, other: float) -> float:
    return math.nan if math.isnan(one) or math.isnan(other) else min(one, other)


def _known(values: tuple[float, ...]) -> tuple[float | None, ...]:
    """None in place of the extremes that are unknown."""
    if not any(map(math.isnan, values)):
        return values
    return tuple(None if math.isnan(value) else value for value in values)
