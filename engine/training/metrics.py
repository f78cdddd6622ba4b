"""What is measured while a model trains: sums over samples, and a history of bounded length.

Nothing here knows torch: numbers arrive as Python floats, after they have left the device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.training.snapshot import Curve

HISTORY_POINTS = 2048


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


class History:
    """A series of one value per step that never holds more than `limit` points.

    When it is full, each pair of neighbours becomes one point (their mean, at the later step), and
    every further point covers twice as many steps as before. So a point is always the mean of the
    steps that it covers, and the whole run stays in view however long it is.
    """

    def __init__(self, limit: int = HISTORY_POINTS) -> None:
        if limit < 2 or limit % 2:
            raise ValueError(f"limit must be even and at least 2, not {limit}")
        self._limit = limit
        self._stride = 1
        self._steps: list[int] = []
        self._values: list[float] = []
        # The point that is being filled covers fewer steps than the stride.
        self._open_step = 0
        self._open_sum = 0.0
        self._open_count = 0

    @property
    def stride(self) -> int:
        """How many steps one point covers."""
        return self._stride

    def append(self, step: int, value: float) -> None:
        """Add the value of `step`; steps come in ascending order."""
        self._open_step = step
        self._open_sum += value
        self._open_count += 1
        if self._open_count < self._stride:
            return
        self._steps.append(step)
        self._values.append(self._open_sum / self._open_count)
        self._open_sum, self._open_count = 0.0, 0
        if len(self._steps) == self._limit:
            self._halve()

    def _halve(self) -> None:
        self._steps = self._steps[1::2]
        pairs = zip(self._values[::2], self._values[1::2], strict=True)
        self._values = [(earlier + later) / 2 for earlier, later in pairs]
        self._stride *= 2

    def curve(self) -> Curve:
        """All points, immutable; the last one may cover fewer steps than a stride."""
        steps, values = tuple(self._steps), tuple(self._values)
        if self._open_count:
            steps += (self._open_step,)
            values += (self._open_sum / self._open_count,)
        return Curve(steps, values)

    def state(self) -> tuple[list[int], list[float]]:
        """Everything it holds, as integers and floats, for `from_state`."""
        counters = [self._limit, self._stride, self._open_step, self._open_count]
        return counters + self._steps, [self._open_sum, *self._values]

    def copy(self) -> History:
        """An independent history with the same points."""
        return History.from_state(*self.state())

    @classmethod
    def from_state(cls, whole: Sequence[int], floats: Sequence[float]) -> History:
        """The history whose `state` this is; raises ValueError where it is not valid."""
        if len(whole) < 4 or len(floats) != len(whole) - 3:
            raise ValueError("the stored history is incomplete")
        history = cls(whole[0])
        if len(whole) - 4 >= history._limit or whole[1] < 1 or not 0 <= whole[3] < whole[1]:
            raise ValueError("the stored history is out of bounds")
        history._stride, history._open_step, history._open_count = whole[1], whole[2], whole[3]
        history._open_sum = floats[0]
        history._steps, history._values = list(whole[4:]), list(floats[1:])
        return history
