"""One run of the playground: it steps, measures, and goes to any step that it has made.

Every epoch has its own order of the samples, drawn from the seed and its number. So a step depends
only on the parameters before it: going back takes a kept step and repeats those after it, bit for
bit.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.playground.features import Array, features
from engine.playground.inside import look
from engine.playground.model import Model, sigmoid
from engine.playground.optimiser import Memory, update
from engine.playground.points import Points, Split, split_points
from engine.playground.settings import Settings
from engine.training.diagnoses import Evidence, diagnose, kinds
from engine.training.insight import Diagnosis, Insight
from engine.training.snapshot import EpochMetrics
from engine.training.steady import Finding, Steady

MOST_KEPT = 256
"""Steps whose parameters are kept; when there are more, every second one is dropped."""
MOST_ROWS = 600
"""Epochs whose losses are kept; thinned in the same way."""
PATIENCE_EPOCHS = 100
"""A playground has no planned end; diagnoses are as patient as in a training of so many epochs."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Where a run stands: everything that the next step depends on."""

    step: int
    flat: Array
    memory: Memory


@dataclass(frozen=True, slots=True)
class Row:
    """Losses without penalties after some epochs; accuracies, from 0 to 1, not in a regression."""

    epoch: int
    step: int
    train_loss: float
    test_loss: float
    train_accuracy: float | None
    test_accuracy: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What a screen shows of a run: immutable, replaced after every few steps."""

    step: int
    epoch: int
    flat: Array
    now: Row
    """The losses of this very step."""
    rows: tuple[Row, ...]
    diagnoses: tuple[Diagnosis, ...]
    diverged: bool
    samples: int
    """Samples trained on since the run began, going back left out."""


class Run:
    """The same settings and points give the same run."""

    def __init__(self, settings: Settings, read: Points | None = None) -> None:
        """Raises UserError where the points do not suit the settings."""
        self.settings = settings
        self.split: Split = split_points(settings, read)
        train, test = self.split.train, self.split.test
        self.model = Model(settings, train.is_regression)
        self.train_inputs = features(settings.features, train.x)
        self.test_inputs = features(settings.features, test.x)
        self.steps_per_epoch = math.ceil(len(train.y) / settings.batch)
        first = self.model.first()
        self.state = State(0, first, Memory.empty(len(first)))
        self.diverged = False
        self.samples = 0
        self._kept = {0: self.state}
        self._spacing = 1
        self._row_spacing = 1
        self._order: tuple[int, npt.NDArray[np.int64]] | None = None
        self._last: Array | None = None
        self._rows = [self._measure()]
        self._looks = [look(self, None)]
        self._steady = Steady(kinds())
        self._findings: dict[int, tuple[Finding, ...]] = {0: ()}
        """What was found up to each diagnosis, by its step: going back tells what was told then."""
        self._diagnoses: tuple[Diagnosis, ...] = ()

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self.state.step // self.steps_per_epoch

    @property
    def hash(self) -> str:
        """A fingerprint of the parameters, 16 hexadecimal digits."""
        data = self.state.flat.astype("<f8").tobytes()
        return hashlib.sha256(data).hexdigest()[:16]

    @property
    def frame(self) -> Frame:
        """What a screen shows now."""
        return Frame(
            self.state.step, self.epoch, self.state.flat, self._measure(), tuple(self._rows),
            self._diagnoses, self.diverged, self.samples,
        )  # fmt: skip

    def forward(self) -> bool:
        """One step; False where the run has diverged, so that there is none."""
        if self.diverged:
            return False
        before = self.state
        epoch, within = divmod(before.step, self.steps_per_epoch)
        chosen = self._order_of(epoch)[within * self.settings.batch :][: self.settings.batch]
        with np.errstate(all="ignore"):
            done = self.model.backward(
                before.flat, self.train_inputs[chosen], self.split.train.y[chosen]
            )
            change, memory = update(
                self.settings.optimiser, self.settings.rate, done.gradient, before.memory
            )
            flat = before.flat + change
        if not np.isfinite(flat).all():
            self.diverged = True
            self._diagnoses = self._found()
            return False
        self.state = State(before.step + 1, flat, memory)
        self._last = before.flat
        self.samples += len(chosen)
        self._keep()
        if self.state.step % self.steps_per_epoch == 0:
            self._after_epoch()
        return True

    def forward_epoch(self) -> None:
        """Steps to the end of the epoch."""
        while self.forward() and self.state.step % self.steps_per_epoch:
            pass

    def back(self, steps: int = 1) -> None:
        """Go back some steps, at most to the first."""
        self.go(max(0, self.state.step - steps))

    def go(self, step: int) -> None:
        """Go to any step, in either direction."""
        step = max(0, step)
        if step < self.state.step:
            start = max(kept for kept in self._kept if kept <= step)
            self.state, self.diverged, self._last = self._kept[start], False, None
            self._rows = [row for row in self._rows if row.step <= start]
            self._looks = [one for one in self._looks if one.step <= start]
            self._findings = {at: one for at, one in self._findings.items() if at <= start}
            self._steady.findings = self._findings[max(self._findings)]
            self._diagnoses = self._steady.told
            samples = self.samples
            while self.state.step < step and self.forward():
                pass
            self.samples = samples
        else:
            while self.state.step < step and self.forward():
                pass

    def _order_of(self, epoch: int) -> npt.NDArray[np.int64]:
        if self._order is None or self._order[0] != epoch:
            seeds = np.random.SeedSequence([self.settings.seed, 4, epoch])
            random = np.random.Generator(np.random.PCG64(seeds))
            self._order = (epoch, random.permutation(len(self.split.train.y)))
        return self._order[1]

    def _keep(self) -> None:
        if self.state.step % self._spacing:
            return
        self._kept[self.state.step] = self.state
        if len(self._kept) > MOST_KEPT:
            self._spacing *= 2
            self._kept = {at: one for at, one in self._kept.items() if at % self._spacing == 0}

    def _after_epoch(self) -> None:
        epoch = self.epoch
        if epoch % self._row_spacing:
            return
        self._rows.append(self._measure())
        if len(self._rows) > MOST_ROWS:
            self._row_spacing *= 2
            self._rows = [row for row in self._rows if row.epoch % self._row_spacing == 0]
        # What is inside is looked at less and less often: at 1, 2, 4, 6, 8, 12, 16, 24 … epochs.
        if epoch % max(1, 2 ** (epoch.bit_length() - 2)) == 0 or epoch % PATIENCE_EPOCHS == 0:
            self._looks.append(look(self, self._last))
            self._looks = self._looks[:1] + self._looks[1:][-40:]
            self._diagnose()

    def _measure(self) -> Row:
        found: list[tuple[float, float | None]] = []
        with np.errstate(all="ignore"):
            for inputs, points in (
                (self.train_inputs, self.split.train), (self.test_inputs, self.split.test),
            ):  # fmt: skip
                output = self.model.forward(self.state.flat, inputs).output
                loss = float(self.model.losses(output, points.y).mean())
                right = float(((output > 0) == (points.y > 0.5)).mean())
                found.append((loss, None if points.is_regression else right))
        (train, train_right), (test, test_right) = found
        return Row(self.epoch, self.state.step, train, test, train_right, test_right)

    @property
    def chance(self) -> float:
        """The least mean training loss of a model with the same answer for every sample."""
        y = self.split.train.y
        if self.split.train.is_regression:
            return float(y.var() / 2)
        share = float(y.mean())
        return -sum(p * math.log(p) for p in (share, 1 - share) if p > 0)

    @property
    def looks(self) -> tuple[Insight, ...]:
        """What was measured inside, in the order of the steps."""
        return tuple(self._looks)

    def _diagnose(self) -> None:
        step = self.state.step
        self._steady.take(self._found(), step, PATIENCE_EPOCHS * self.steps_per_epoch)
        self._findings[step] = self._steady.findings
        self._diagnoses = self._steady.told

    def _found(self) -> tuple[Diagnosis, ...]:
        """What is wrong by the measurements and the looks up to now."""
        measured = tuple(
            EpochMetrics(
                row.epoch, row.step, row.train_loss, row.train_accuracy, row.test_loss,
                row.test_accuracy, seconds=0.0, samples_per_second=0.0,
            )
            for row in self._rows
        )  # fmt: skip
        return diagnose(
            Evidence(
                looks=tuple(self._looks), measured=measured, epochs=PATIENCE_EPOCHS,
                epoch=self.epoch, step=self.state.step, learning_rate=self.settings.rate,
                optimiser=self.settings.optimiser, diverged=self.diverged,
            )
        )  # fmt: skip

    def probability(self, points: Array) -> Array:
        """The output at points (n, 2) as it is shown: from −1 to 1."""
        inputs = features(self.settings.features, points)
        return self.model.shown(self.model.forward(self.state.flat, inputs).output)


__all__ = ["Frame", "Row", "Run", "State", "sigmoid"]
