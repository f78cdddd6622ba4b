"""Who takes part in a training: this process alone, or several that share every batch."""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from engine.errors import UserError
from engine.language import _
from engine.naming import count_of
from engine.ranks.place import MOST, Place, place_here, refuse_crowd
from engine.training.run_files import new_name

if TYPE_CHECKING:
    from engine.ranks.group import Group
    from engine.training.checkpoint import Checkpoint
    from engine.training.loop import TrainingRun
    from engine.training.order import TrainingOrder
    from engine.training.recipe import Recipe
    from engine.training.task import Task

T = TypeVar("T")


class Crew:
    """One process that trains alone."""

    writes = True
    """Whether this process writes checkpoints and records, and speaks."""
    patience = 0.0
    """Seconds within which two signals count as one."""

    def first_does(self, work: Callable[[], T]) -> T:
        """What `work` gives in process 0, which alone does it; raises what it raises."""
        return work()

    def begin(self, order: TrainingOrder, checkpoint: Checkpoint | None) -> TrainingRun:
        """The run of `order`, new or from its checkpoint; this imports torch. Raises UserError."""
        from engine.training.begin import begin

        return begin(order, time.perf_counter, checkpoint=checkpoint)

    def stops(self, asked: bool) -> bool:
        """Whether all stop here, where `asked` says that this process was asked to."""
        return asked

    def saves(self, due: bool) -> bool:
        """Whether all save here, where `due` says that this process would."""
        return due

    def gather(self, training: TrainingRun) -> None:
        """Bring together what every process has measured."""

    def salvage(self, training: TrainingRun, error: Exception) -> bool:
        """Get ready to save what is left after an error; whether there is something to save."""
        return False


class RankCrew(Crew):
    """One of several processes that train one model together."""

    patience = 2.0  # ctrl+c reaches every process of a terminal, and the launcher passes it on

    def __init__(self, place: Place, group: Group) -> None:
        self.place, self.group = place, group
        self.writes = place.rank == 0
        self._streams = sys.stdout, sys.stderr
        if not self.writes:
            sys.stdout, sys.stderr = io.StringIO(), io.StringIO()

    def speak(self) -> None:
        """Print again where this process was silent."""
        sys.stdout, sys.stderr = self._streams

    def first_does(self, work: Callable[[], T]) -> T:
        """What `work` gives in process 0; raises UserError in all where it does so there."""
        found: tuple[T | None, UserError | None] = None, None
        if self.place.rank == 0:
            try:
                found = work(), None
            except UserError as error:
                found = None, error
        answer: tuple[T, UserError | None] = self.group.told(found)
        if answer[1] is not None:
            raise answer[1]
        return answer[0]

    def begin(self, order: TrainingOrder, checkpoint: Checkpoint | None) -> TrainingRun:
        """The same run in all processes, under the name that process 0 gives it."""
        from engine.training.begin import begin

        refuse_crowd(self.place.size, int(order.settings["batch_size"]))
        refuse_crowd(self.place.size, int(order.settings["batch_size"]))
        run = begin(order, time.perf_counter, load_task=self._load, checkpoint=checkpoint, name="")
        run.name = self.first_does(lambda: run.name or new_name(order.recipe.name))
        return run

    def _load(self, order: TrainingOrder) -> Task:
        """The share of this process; raises UserError where the others found different data."""
        from engine.ranks.task import RankTask
        from engine.training.order import load_task

        trouble: Exception | None = None
        try:
            whole = load_task(order)
        except UserError as error:
            trouble = error
        self.group.agree(trouble)
        if len(set(self.group.gather(whole.data_sha256))) > 1:
            raise UserError(
                _(
                    "The processes found different data. Give all of them the same files, for"
                    " example with --data-dir."
                )
            )
        return RankTask(whole, self.group)

    def stops(self, asked: bool) -> bool:
        """Whether one of the processes was asked to stop before the last update."""
        from engine.ranks.group import Ask

        if asked:
            self.group.ask(Ask.STOP)
        return Ask.STOP in self.group.agreed

    def saves(self, due: bool) -> bool:
        """Whether process 0 wanted to save before the last update."""
        from engine.ranks.group import Ask

        if due and self.writes:
            self.group.ask(Ask.SAVE)
        return Ask.SAVE in self.group.agreed

    def gather(self, training: TrainingRun) -> None:
        """Add up the measurements of all; raises DivergenceError and RankLost."""
        training.check()

    def salvage(self, training: TrainingRun, error: Exception) -> bool:
        """Where another process is gone: go back to where all last agreed, and go on alone.

        The lowest process that is left then writes and speaks.
        """
        from engine.ranks.group import RankLost
        from engine.ranks.task import RankTask

        if not isinstance(error, RankLost) or not isinstance(training.task, RankTask):
            return False
        training.task.go_alone()
        training.go_back()
        if training.epoch_step == training.steps_per_epoch:
            training.finish_epoch()  # it was lost while the epoch was measured
        self.writes = self.group.is_first_alive()
        if self.writes:
            self.speak()
        return self.writes


ALONE = Crew()


def add_nproc(parser: argparse.ArgumentParser) -> None:
    """Declare `--nproc`."""
    parser.add_argument(
        "--nproc",
        metavar="N",
        help=_(
            "train with N processes that share every batch: one CPU thread each, or one GPU each"
            " (default: 1)"
        ),
    )


def processes_of(args: argparse.Namespace) -> int:
    """The number of processes that are asked for; raises UserError."""
    text: str | None = args.nproc
    if text is None:
        return 1
    count = count_of(text)
    if not count:
        raise UserError(
            _("--nproc takes a whole number from 1 on, not {text!r}.").format(text=text)
        )
    if count > MOST:
        told = _("--nproc starts at most {most} processes on one machine, not {count}.")
        raise UserError(told.format(most=MOST, count=text.strip()))
    return count


def in_crew(
    args: argparse.Namespace,
    recipe: Recipe,
    batch_size: int | None,
    work: Callable[[Crew, argparse.Namespace], int],
) -> int:
    """Do `work` alone, in the processes that are asked for, or as the one of several that this is.

    `work` gets the crew, and the arguments with the device of this process; it gives the exit
    status. Raises UserError, also where so many cannot share a batch of `batch_size`.
    """
    count, place = processes_of(args), place_here()
    if place is None and count == 1:
        return work(ALONE, args)
    from tui.commands import train_ranks

    if batch_size is not None:
        refuse_crowd(count if place is None else place.size, batch_size)
    if place is None:
        return train_ranks.launch_all(count, args.command_words)
    if args.nproc is not None and count != place.size:
        text = _("There are {size} processes already, and --nproc asks for {count}. Leave it out.")
        raise UserError(text.format(size=place.size, count=count))
    return train_ranks.as_rank(place, args, recipe, work)
