"""The training loop: a plain generator that makes one update per `next()`.

There is no thread here, no screen and no clock: whoever iterates decides when the next update is
made, and may look at the `TrainingRun`, or change its learning rate, in between.
What is measured, and when, is said in `measuring`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, TypeAlias

from engine.devices import CpuThreads, memory_explained
from engine.training.divergence import DivergenceError, all_finite, rate_to_try
from engine.training.film import Reel
from engine.training.guess import Guess
from engine.training.measuring import measure
from engine.training.metrics import History, RunningSums
from engine.training.optimiser_state import OptimiserState
from engine.training.snapshot import Change, EpochMetrics, Processes, Setting
from engine.training.task import Batch, BatchSums, Task, right_answers
from engine.training.watch import Watch

if TYPE_CHECKING:
    import torch

Clock: TypeAlias = Callable[[], float]
"""Gives seconds from an arbitrary start, such as `time.perf_counter`."""

CHECK_EVERY = 64
"""Updates between two checks of the parameters; fixed, so that a failure repeats exactly."""


MOST_UNCOUNTED = 65536
"""Samples whose scores are kept until their right answers are counted: 2.6 MB for ten classes."""


@dataclass(frozen=True, slots=True)
class _GoodCopy:
    """The state of a run when all its numbers were last known to be finite."""

    parameters: dict[str, torch.Tensor]
    optimiser: OptimiserState
    step: int
    epoch_step: int
    sums: RunningSums


class TrainingRun:
    """The state of one training: all that a checkpoint must hold, and nothing about threads."""

    def __init__(
        self,
        task: Task,
        recipe: str,
        settings: Mapping[str, Setting],
        clock: Clock,
        name: str = "",
    ) -> None:
        """`name` is that of the run, under which it is kept."""
        self.task = task
        self.recipe = recipe
        self.name = name
        self.usual_rate: float | None = None
        """That of the recipe for these settings, for the advice after a divergence."""
        self.started_with: dict[str, Setting] = dict(settings)
        """The settings at the first update."""
        self.changes: list[Change] = []
        """What was changed since, in the order of the steps."""
        self.processes: Processes = ((0, task.processes),)
        """From which step on how many processes trained it."""
        self.guess = Guess()
        """What the learner guessed before the first update."""
        self.data_dir = ""
        """The folder that was named for its images; empty where they lie in the usual places."""
        self.reel: Reel | None = None
        """Films the weights, where somebody watches."""
        self.plan: list[Change] = []
        """Changes to make when their step comes, as in the run that is repeated."""
        self._learning_rate = float(settings["lr"])
        self.on_threads = CpuThreads(int(settings.get("threads", 1)))
        """Inside its `with` block, PyTorch computes on the CPU threads of this run."""
        self.epochs = int(settings["epochs"])
        self.batch_size = int(settings["batch_size"])
        self.steps_per_epoch = math.ceil(task.train_samples / self.batch_size)
        self.epoch = 0
        """Finished epochs."""
        self.step = 0
        """Updates made since the beginning."""
        self.epoch_step = 0
        """Updates made in the epoch under way."""
        self.seconds = 0.0
        self.epoch_seconds = 0.0
        self.sums = RunningSums()
        self.history = History()
        self.measured: list[EpochMetrics] = []
        self.epoch_generator_state = task.generator.get_state()
        """State of the generator before it shuffled the current epoch."""
        self._settings = dict(settings)
        self._clock = clock
        self._pending: list[BatchSums] = []
        self._uncounted = 0
        self._good: _GoodCopy | None = None
        self._good = self._copy()
        self.watch = Watch(self)
        """What is known of the inside of the model."""

    @property
    def settings(self) -> dict[str, Setting]:
        """The settings in force, including a changed learning rate."""
        threads = {"threads": self.threads} if "threads" in self._settings else {}
        return {**self._settings, "lr": self.learning_rate, **threads}

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update; it may be changed between two updates."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self.record(Change(self.step, "lr", value))
        self._learning_rate = value

    @property
    def threads(self) -> int:
        """CPU threads of the next update: with another number, sums may be rounded differently."""
        return self.on_threads.count

    @threads.setter
    def threads(self, value: int) -> None:
        if "threads" in self._settings:
            self.record(Change(self.step, "threads", value))
            self.on_threads = CpuThreads(value)

    def record(self, change: Change) -> None:
        """Write a change down; two at one step count as one, and none without an effect."""
        same = (change.step, change.setting)
        kept = [c for c in self.changes if (c.step, c.setting) != same]
        earlier = [c.value for c in kept if c.setting == change.setting]
        before = earlier[-1] if earlier else self.started_with.get(change.setting)
        if change.step == 0:
            self.started_with[change.setting] = change.value
        elif change.value != before:
            kept.append(change)
        self.changes = kept

    @property
    def is_changed(self) -> bool:
        """Whether a setting was changed since the last update, after the first one."""
        return self.step > 0 and any(change.step == self.step for change in self.changes)

    def follow_plan(self) -> None:
        """Make the changes of the plan whose step has come."""
        while self.plan and self.plan[0].step <= self.step:
            change = self.plan.pop(0)
            if change.setting == "lr":
                self.learning_rate = float(change.value)
            elif change.setting == "threads":
                self.threads = int(change.value)

    @property
    def total_steps(self) -> int:
        """The number of updates in all epochs together."""
        return self.epochs * self.steps_per_epoch

    @property
    def samples_seen(self) -> int:
        """The number of samples used for updates, counted once per epoch."""
        in_epoch = min(self.epoch_step * self.batch_size, self.task.train_samples)
        return self.epoch * self.task.train_samples + in_epoch

    def remaining_batches(self) -> Iterator[Batch]:
        """The batches of the current epoch that have not been used for an update yet."""
        self.task.generator.set_state(self.epoch_generator_state)
        return islice(self.task.batches(self.batch_size), self.epoch_step, None)

    def update(self, batches: Iterator[Batch]) -> None:
        """Make one update from the next batch; raises DivergenceError where a check fails.

        Raises DeviceMemoryError where the device has too little memory.
        """
        self.follow_plan()
        with self.on_threads:
            self.watch.before_update()
            started = self._clock()
            try:
                self._note(self.task.update(next(batches), self._learning_rate))
            except (MemoryError, RuntimeError):
                with memory_explained():
                    raise
            self.step += 1
            self.epoch_step += 1
            self._count_time(started)
            # `finish_epoch` checks the last update of an epoch, and measures before it copies.
            if self.step % CHECK_EVERY == 0 and self.epoch_step < self.steps_per_epoch:
                self.check()
            self.watch.after_update()

    def measure_start(self) -> None:
        """Measure epoch 0, the model before its first update, unless that was done before.

        Nothing is measured where a loss is not finite: the first update then says so.
        """
        if self.step == 0 and not self.measured:
            with self.on_threads:
                metrics = measure(self.task, 0, self.step)
                self.measured += [metrics] if metrics else []
                self.watch.start()

    def finish_epoch(self) -> EpochMetrics:
        """Close the epoch after its last update: measure it, and get ready for the next one.

        Where a measured loss is not finite, it goes back to before the last update, to a place
        where it can be saved and resumed. Raises DivergenceError.
        """
        self.collect()
        try:
            metrics = measure(
                self.task,
                self.epoch + 1,
                self.step,
                during=self.sums,
                seconds=self.epoch_seconds,
                samples_per_second=(
                    self.sums.samples / self.epoch_seconds if self.epoch_seconds > 0 else 0.0
                ),
            )
        except Exception:
            # Another process may be gone: those that continue keep the updates of this epoch.
            self._good = self._copy()
            raise
        if metrics is None:
            raise self._diverged(self.step, in_update=False)
        self.measured.append(metrics)
        self.epoch += 1
        self.epoch_step = 0
        self.epoch_seconds = 0.0
        self.sums = RunningSums()
        self.epoch_generator_state = self.task.generator.get_state()
        self._good = self._copy()
        self.watch.end_epoch()
        return metrics

    def _note(self, sums: BatchSums) -> None:
        """Keep measurements until they are collected; the answers of so many samples at most."""
        self._pending.append(sums)
        self._uncounted += sums.samples
        if self._uncounted > MOST_UNCOUNTED:
            right = right_answers(self._pending)
            kept = [each._replace(correct=None) for each in self._pending]
            self._pending = [*kept[:-1], kept[-1]._replace(correct=right)]
            self._uncounted = 0

    def collect(self) -> None:
        """Add the pending measurements, which are still on the device, to the sums and the history.

        Sums are added in the order of the steps, so they do not depend on how often this is
        called. Raises DivergenceError where a loss or a parameter is not finite.
        """
        if not self._pending:
            return
        started = self._clock()
        summed = self.task.summed(self._pending)
        pending, self._pending = self._pending, []
        self._uncounted = 0
        losses: list[float] = summed.losses.tolist()
        right = 0 if summed.right is None else int(summed.right)
        parameters_are_finite = all_finite(self.task.parameters.values())
        self._count_time(started)
        first = self.step - len(pending) + 1
        for step, loss, sums in zip(range(first, self.step + 1), losses, pending, strict=True):
            self.history.append(step, loss / sums.samples)
            if not math.isfinite(loss):
                raise self._diverged(step)
            self.sums.add(loss, 0, sums.samples)  # what is right is known of all together
        if not parameters_are_finite:
            raise self._diverged(self.step)
        self.sums.correct += right

    def check(self) -> None:
        """Collect, and copy the parameters if they are finite; raises DivergenceError if not."""
        self.collect()
        self._good = self._copy()

    def restart_from(self, *, epoch: int, epoch_step: int) -> None:
        """Continue from what was restored into the task and this run."""
        self.epoch, self.epoch_step = epoch, epoch_step
        self.step = epoch * self.steps_per_epoch + epoch_step
        self._pending = []
        self._good = self._copy()

    def _count_time(self, started: float) -> None:
        elapsed = self._clock() - started
        self.seconds += elapsed
        self.epoch_seconds += elapsed

    def _copy(self) -> _GoodCopy:
        optimiser = self.task.optimiser_state()
        return _GoodCopy(self._copies(), optimiser, self.step, self.epoch_step, replace(self.sums))

    def _copies(self) -> dict[str, torch.Tensor]:
        """Copies of the parameters, in the memory of the last ones."""
        parameters = self.task.parameters
        if self._good is None:
            return {name: value.detach().clone() for name, value in parameters.items()}
        for name, copy in self._good.parameters.items():
            copy.copy_(parameters[name].detach())
        return self._good.parameters

    def _diverged(self, step: int, *, in_update: bool = True) -> DivergenceError:
        """Go back to the last good parameters; the history keeps what led to the failure.

        Update `step` was the first with a number that is not finite; or, where not `in_update`, the
        last before one was measured.
        """
        assert self._good is not None
        self.go_back()
        self.watch.diverged()
        return DivergenceError(
            step, self._good.step, *self._known_rates(), self.watch.largest_stable,
            in_update=in_update,
        )  # fmt: skip

    def smaller_rate(self, largest: float | None) -> float:
        """The rate to try after a divergence, where steps overshoot above `largest`."""
        return rate_to_try(*self._known_rates(), largest)[0]

    def _known_rates(self) -> tuple[float, float | None, float | None, float | None]:
        """That of now, the usual one, one that went well and the highest before, for the advice."""
        highest = max((rate for rate, _updates in self._rates_before()), default=None)
        return self.learning_rate, self.usual_rate, self._stable_rate(), highest

    def go_back(self) -> None:
        """Go back to the last check: its parameters, its optimiser, its place in the epoch."""
        import torch

        assert self._good is not None
        with torch.no_grad():
            for name, value in self._good.parameters.items():
                self.task.parameters[name].copy_(value)
        self.task.restore_optimiser(self._good.optimiser)
        self.step, self.epoch_step = self._good.step, self._good.epoch_step
        self.sums = replace(self._good.sums)
        self._pending = []

    def _stable_rate(self) -> float | None:
        """The latest lower rate that was in force for some time, else the one that was longest."""
        lower = [one for one in self._rates_before() if one[0] < self.learning_rate]
        proven = [rate for rate, updates in lower if updates >= CHECK_EVERY]
        if proven:
            return proven[-1]
        return max(lower, key=lambda one: one[1])[0] if lower else None

    def _rates_before(self) -> list[tuple[float, int]]:
        """The rates before the present one, and for how many updates each was in force."""
        begun = [(0, float(self.started_with["lr"]))]
        begun += [(c.step, float(c.value)) for c in self.changes if c.setting == "lr"]
        return [(rate, following - step) for (step, rate), (following, _rate) in pairwise(begun)]


def train(run: TrainingRun) -> Iterator[EpochMetrics | None]:
    """Train to the last epoch, one update per `next()`.

    Yields the measurements of an epoch after its last update, and None after any other update.
    Raises DivergenceError as soon as a check finds a number that is not finite.
    """
    run.measure_start()
    while run.epoch < run.epochs:
        batches = run.remaining_batches()
        while run.epoch_step < run.steps_per_epoch - 1:
            run.update(batches)
            yield None
        run.update(batches)
        with run.on_threads:
            metrics = run.finish_epoch()
        yield metrics
