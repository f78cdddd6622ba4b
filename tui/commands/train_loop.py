"""One training without the screens: its updates, checkpoints, signals, record and report."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, TypeAlias

from engine.language import _, plural
from engine.training import underway
from engine.training.export import export, refuse_unwritable
from engine.training.room import told
from engine.training.run_files import checkpoint_path, release
from engine.training.runs import RunStore, is_worth_keeping, kept_run
from engine.training.snapshot import SessionState, Snapshot
from engine.training.unsaved import not_saved
from tui.commands.crew import ALONE, Crew
from tui.commands.train_log import Log
from tui.commands.train_output import Ending, Outlet, Report, report_for

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun

FINISHED, FAILED, INTERRUPTED = 0, 1, 130
STATUS = {FINISHED: "finished", FAILED: "failed", INTERRUPTED: "interrupted"}
STOPPED = "stopped"
"""Of a training that was to go no further than some update."""
PROGRESS_INTERVAL = 0.1
LONGEST_UNSAVED = 10.0
"""Seconds after which a checkpoint is saved in the middle of a long epoch."""
SAVE_PAUSE, SAVE_INTERVAL = 10, 2.0
"""Between the checkpoints of short epochs: ten times what saving takes, at most 2 seconds."""

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None


def carry_out(
    prepare: Callable[[], TrainingRun],
    recipe: str,
    *,
    as_json: bool,
    export_to: Path | None = None,
    until: int | None = None,
    log: Log = Log(),  # noqa: B008 - it cannot be changed
    crew: Crew = ALONE,
) -> tuple[int, Snapshot]:
    """Train what `prepare` gives, up to update `until`; the exit status, and how it ended.

    Of several processes in `crew`, one writes and speaks. Raises UserError, before anything is
    trained, where nothing can be exported to `export_to`.
    """
    if export_to is not None:
        refuse_unwritable(export_to)
    with Signals(crew.patience) as signals:
        training = prepare()
        from engine.training.begun import note  # torch is loaded by now
        from engine.training.keeping import take

        signals.ask = True
        crew.first_does(lambda: take(training))
        if crew.writes:
            note(training)
        gone: list[str] = []
        """Runs whose checkpoints made room."""
        is_over = training.epoch == training.epochs
        stays = is_over and crew.first_does(lambda: _is_known(training))
        """Whether nothing of the run changes: it was finished before, and is not trained on."""
        status = _train(
            training, lambda: report_for(log, as_json=as_json), signals, until, crew, gone, stays
        )
        snapshot = _at_the_end(training, status)
        if not crew.writes:
            return status, snapshot
        underway.end(recipe)
        for text in told([] if stays else _remember(snapshot), gone):
            Outlet(sys.stderr).line(text)
        if export_to is not None:
            path = export(snapshot, export_to)
            Outlet(sys.stderr).line(_("Exported to {path}").format(path=path))
    return status, snapshot


def _at_the_end(training: TrainingRun, status: int) -> Snapshot:
    """What there is to see of a training that has ended.

    One that was to go no further than some update is not finished while epochs are left.
    """
    from engine.training.checkpoint import parameters_sha256
    from engine.training.observe import observe

    state = SessionState.FAILED if status == FAILED else SessionState.STOPPED
    if status == FINISHED and training.epoch >= training.epochs:
        state = SessionState.FINISHED
    return replace(
        observe(training, state),
        data_sha256=training.task.data_sha256,
        parameters_sha256=parameters_sha256(training),
    )


def _is_known(training: TrainingRun) -> bool:
    """Whether the record of the run goes as far, and needs not be written again."""
    kept = RunStore().of(training.recipe)
    return any((run.run, run.step, run.is_whole) == (training.name, training.step, True)
               for run in kept)  # fmt: skip


def _remember(snapshot: Snapshot) -> list[str]:
    """Keep the record of the run; one without an update leaves nothing behind.

    Returns the runs that made room for it.
    """
    if is_worth_keeping(snapshot):
        return RunStore().add(kept_run(snapshot))
    release(snapshot.run)
    return []


def _train(
    training: TrainingRun,
    new_report: Callable[[], Report],
    signals: Signals,
    until: int | None,
    crew: Crew,
    gone: list[str],
    stays: bool,
) -> int:
    from engine.training.checkpoint import parameters_sha256
    from engine.training.divergence import DivergenceError
    from engine.training.keeping import can_be_kept
    from engine.training.loop import train
    from engine.training.worker import explain

    errors, report = Outlet(sys.stderr), new_report()
    saver = _Saver(training, errors, crew, gone)
    report.start(training)
    if training.step == 0:
        for start in training.measured:
            report.epoch(training, start)
    if training.epoch == training.epochs:
        errors.line(
            plural(
                "The one epoch was completed already. To train more, give a larger --epochs.",
                "All {count} epochs were completed already. To train more, give a larger --epochs.",
                training.epochs,
            )
        )
    if training.is_changed and not stays:
        saver.save()  # a run that is resumed with other settings has them from now on
    status, trouble, salvaged = FINISHED, "", False
    shown = time.perf_counter()
    try:
        for metrics in train(training):
            if metrics:
                saver.save_after_epoch()
                report.epoch(training, metrics)
            due = False
            if time.perf_counter() - shown >= PROGRESS_INTERVAL:
                report.progress(training)
                shown = time.perf_counter()
                due = saver.is_due()
            if crew.saves(due):
                saver.save()
            if until is not None and training.step >= until:
                if training.epoch < training.epochs:
                    saver.save(is_over=True)
                break
            if crew.stops(signals.asked) and training.epoch < training.epochs:
                saver.save(is_over=True)
                status = INTERRUPTED
                break
    except Exception as error:
        status, trouble = FAILED, explain(error)
        spoke, salvaged = crew.writes, crew.salvage(training, error)
        if salvaged:
            errors, report = Outlet(sys.stderr), report if spoke else new_report()
            saver.save(is_over=True)
        elif isinstance(error, DivergenceError) and can_be_kept(training):
            saver.save(is_over=True)
        errors.line(f"dltutor: {trouble}")
    is_part = status == FINISHED and training.epoch < training.epochs
    name = STOPPED if is_part else STATUS[status]
    checkpoint = saver.saved if saver.is_current else None
    report.end(training, Ending(name, parameters_sha256(training), checkpoint, trouble))
    if (status == INTERRUPTED or salvaged) and saver.saved:
        command = f"dltutor runs resume {training.name}"
        errors.line(_("To continue, run `{command}`.").format(command=command))
    return status


class _Saver:
    """Saves checkpoints; if the disk refuses one, the training goes on without it."""

    def __init__(self, training: TrainingRun, errors: Outlet, crew: Crew, gone: list[str]) -> None:
        """Older runs whose checkpoints make room are added to `gone`."""
        self._training, self._crew, self._gone = training, crew, gone
        self._errors = errors
        self.saved: Path | None = checkpoint_path(training.name) if training.step else None
        """Where the last checkpoint of this training is."""
        self.is_current = True
        """Whether that was saved when it was last tried, so that it holds what was learned."""
        self._told = ""
        self._ended = self._took = 0.0
        """When the last one was saved, and how many seconds it took."""
        self._began = time.perf_counter()

    def save_after_epoch(self) -> None:
        """Save one, unless saving would take longer than training; raises DivergenceError.

        A checkpoint holds the measurements of all epochs: saved after each of 10 000, it would take
        longer and longer. The first, the last and any 2 s after the one before are always saved.
        """
        waited = time.perf_counter() - self._ended
        is_last = self._training.epoch == self._training.epochs
        if is_last or waited >= min(SAVE_PAUSE * self._took, SAVE_INTERVAL):
            self.save()

    def is_due(self) -> bool:
        """Whether the last one is 10 seconds old, in a long epoch."""
        return time.perf_counter() - max(self._ended, self._began) >= LONGEST_UNSAVED

    def save(self, *, is_over: bool = False) -> None:
        """Save one, the last where `is_over`.

        Raises DivergenceError if a parameter is no longer finite.
        """
        from engine.training.keeping import keep, told_renamed

        self._crew.gather(self._training)
        if not self._crew.writes:
            return
        began, name = time.perf_counter(), self._training.name
        try:
            self._gone += keep(self._training)
        except OSError as error:
            is_over = is_over or self._training.epoch >= self._training.epochs
            text = not_saved(self._training.name, error, is_over=is_over)
            if text != self._told:  # once, not after every epoch
                self._errors.line(f"dltutor: {text}")
            self.is_current, self._told = False, text
        else:
            path = checkpoint_path(self._training.name)
            self.saved, self.is_current, self._told = path, True, ""
        if renamed := told_renamed(name, self._training.name):
            self._errors.line(f"dltutor: {renamed}")
        self._ended = time.perf_counter()
        self._took = self._ended - began


class Signals:
    """Inside its `with` block, a signal asks the training to end cleanly, or is ignored."""

    def __init__(self, patience: float = 0.0) -> None:
        """Within `patience` seconds, two signals count as one."""
        self._patience = patience
        self._last = 0.0
        self.ask = False
        """Whether to ask; until then, a signal ends the program as usual."""
        self.asked = False
        self._before: dict[int, _Handler] = {}

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            self._set(signal.SIGINT, self._interrupt)
            self._set(signal.SIGTERM, self._interrupt)
            if hasattr(signal, "SIGHUP"):
                self._set(signal.SIGHUP, signal.SIG_IGN)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _set(self, number: int, handler: _Handler) -> None:
        self._before[number] = signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.asked and time.monotonic() - self._last < self._patience:
            return
        if self.asked or not self.ask:
            raise KeyboardInterrupt
        self.asked, self._last = True, time.monotonic()
