"""The process of a training with the learner's function.

`python -m lessons.exercises.trainer NAME FILE STEPS DATA FD LIFE` writes one JSON object a line to
FD: `start`, a `step` after each update, and `end`. DATA is the folder of the images, or empty.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from pathlib import Path

from engine.data.search import DataMissing
from engine.language import _
from engine.recipes.catalog import find_recipe
from engine.training.lockstep import Lockstep, LockstepError, LockstepStep, verdict
from engine.training.order import TrainingOrder, load_task
from engine.training.task import Batch, Source, Task
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import check, error_text, line_of
from lessons.exercises.exercise import Exercise, Namespace
from lessons.exercises.lifeline import end_with
from lessons.exercises.runner import load
from lessons.exercises.training import USES

OURS, YOURS = _("ours"), _("yours")


class MineLockstep(Lockstep):
    """Our version and the learner's, which may read its own batches, or begin where it will."""

    own_batches = False

    def batches(self) -> Iterator[tuple[Batch, ...]]:
        """One batch per version. Raises LockstepError where the learner's are fewer or more."""
        if not self.own_batches:
            yield from super().batches()
            return
        ours, mine = self.versions.values()
        both = zip_longest(ours.batches(self.batch_size), mine.batches(self.batch_size))
        for pair in both:
            if None in (each if each is None else 0 for each in pair):
                raise LockstepError(_("Your batches are fewer or more than ours in an epoch."))
            yield pair

    def check_finite(self, now: LockstepStep) -> None:
        """Raises LockstepError where the learner's numbers are no longer finite."""
        if not math.isfinite(now.losses[1]) or not math.isfinite(now.gap.difference):
            told = _(
                "At step {step} your version gives nan or inf ({loss:g}), and ours gives {ours:g}."
                " Is a number there that your function cannot take, such as a very large one?"
            )
            raise LockstepError(told.format(step=now.step, loss=now.losses[1], ours=now.losses[0]))


def main(name: str, path: str, steps: int, data_dir: str, descriptor: int) -> None:
    """Load, check and train; every line is written at once."""
    exercise = find_exercise(name)
    tell = _Lines(descriptor)
    try:
        _train(exercise, path, steps, Path(data_dir) if data_dir else None, tell)
    except SystemExit:
        tell.end(_("Your code ended the program: leave out `exit()` and `sys.exit()`."))
    except LockstepError as error:
        tell.end(str(error))
    except BaseException as error:  # a learner's code may raise KeyboardInterrupt, too
        line = line_of(error, path)
        if line:
            told = _("At step {step} your code fails, in line {line}: {error}.")
        else:
            told = _("At step {step} the training with your code fails: {error}.")
        tell.end(told.format(step=tell.step + 1, line=line, error=error_text(error)))


class _Lines:
    """Writes the lines."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.step = 0

    def line(self, **values: object) -> None:
        """Write an event to the reader as one line of JSON."""
        os.write(self.descriptor, json.dumps(values).encode() + b"\n")

    def end(self, text: str, *, together: bool | None = None, parted_at: int | None = None) -> None:
        """Write the event `end`, after all that the learner's code has printed."""
        with contextlib.suppress(Exception):  # the code may have closed or replaced it
            sys.stdout.flush()
        self.line(event="end", text=text, together=together, parted_at=parted_at)


def _train(exercise: Exercise, path: str, steps: int, data_dir: Path | None, tell: _Lines) -> None:
    mine = load(path)
    if isinstance(mine, str):
        tell.end(mine)
        return
    report = check(exercise, mine, path)
    if not report.passed:
        tell.end(_("What trains must pass its tests first. {why}").format(why=report.text))
        return
    lockstep = lockstep_of(exercise, mine, data_dir)
    ours = next(iter(lockstep.versions.values()))
    tell.line(event="start", dataset=ours.dataset, synthetic=ours.synthetic)
    now: LockstepStep | None = None
    for now in islice(lockstep.run(), steps):
        tell.step = now.step
        tell.line(event="step", step=now.step, losses=now.losses, difference=now.gap.difference)
        if not now.is_together:
            break
    assert now is not None, "there is at least one step"
    apart = now.first_apart
    text = verdict([*lockstep.versions], now)
    tell.end(text, together=now.is_together, parted_at=apart.step if apart else None)


def lockstep_of(exercise: Exercise, mine: Namespace, data_dir: Path | None = None) -> MineLockstep:
    """Our version and the learner's, ready; on the glyph set where the images are missing."""
    from lessons.exercises.plugs import OWN_BATCHES, OWN_START, PLUGS

    use = USES[exercise.name]
    order = TrainingOrder(find_recipe(use.recipe), dict(use.settings), Source("cpu", data_dir))
    try:
        ours = load_task(order)
    except DataMissing:
        order = replace(order, source=Source("cpu", allow_synthetic=True))
        ours = load_task(order)

    def fresh() -> Task:
        return load_task(order)

    tasks = {OURS: ours, YOURS: PLUGS[exercise.name](fresh, mine)}
    start = tasks[YOURS].exchange() if exercise.name in OWN_START else None
    size, rate = int(order.settings["batch_size"]), float(order.settings["lr"])
    lockstep = MineLockstep(tasks, size, rate)
    lockstep.own_batches = exercise.name in OWN_BATCHES
    if start is not None:
        tasks[YOURS].take(start)
    return lockstep


if __name__ == "__main__":
    end_with(int(sys.argv[6]))
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
