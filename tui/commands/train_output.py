"""What `dltutor train` prints: JSON lines for scripts, or sentences and a progress bar for people.

The training never stops because a stream is gone (a closed pipe, a lost connection).
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from engine.language import _, plural
from engine.training.guess import as_json as guess_json
from engine.training.snapshot import EpochMetrics, Setting
from tui.commands.epoch_lines import EpochLines
from tui.commands.train_diagnoses import DiagnosisLines
from tui.commands.train_log import EpochPicker, Log
from tui.guess import verdict
from tui.streams import silence

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun


class Outlet:
    """A text stream that falls silent, instead of failing, when nobody reads it anymore."""

    def __init__(self, stream: TextIO, end: str = "\n") -> None:
        self._stream = stream
        self._end = end
        self._is_open = True
        self._error: OSError | None = None

    def line(self, text: str) -> None:
        """Write one line and flush it."""
        if not self._is_open:
            return
        try:
            print(text, file=self._stream, end=self._end, flush=True)
        except (OSError, ValueError) as error:
            self._is_open = False
            self._error = error if isinstance(error, OSError) else None
            silence(self._stream)

    def settle(self) -> None:
        """At the end: raise what kept it from writing, unless only its reader has left."""
        if self._error is not None and not isinstance(self._error, BrokenPipeError):
            raise self._error


def warn_of_threads(before: Mapping[str, Setting], now: Mapping[str, Setting]) -> None:
    """Say on stderr that a training continues with another number of CPU threads, if it does."""
    old, new = int(before.get("threads", 1)), int(now.get("threads", 1))
    if old == new:
        return
    text = _(
        "The training so far used {old}, and continues with {new}: sums may be rounded differently,"
        " so the last bits may differ from those of an uninterrupted run."
    )
    words = [plural("{count} CPU thread", "{count} CPU threads", number) for number in (old, new)]
    Outlet(sys.stderr).line(text.format(old=words[0], new=words[1]))


@dataclass(frozen=True, slots=True)
class Ending:
    """How a training ended."""

    status: str
    """`finished`, `stopped` (before the last epoch, as asked), `interrupted` or `failed`."""
    parameters_sha256: str
    checkpoint: Path | None
    """Where the last one is; None where there is none, or it could not be written at the end."""
    error: str = ""
    """Of a failed training: what happened, in sentences."""


_ENDINGS = {
    "finished": _("finished"),
    "stopped": _("stopped"),
    "interrupted": _("interrupted"),
    "failed": _("failed"),
}


class Report(Protocol):
    """Reports the course of a training."""

    def start(self, run: TrainingRun) -> None:
        """Before the first update."""

    def progress(self, run: TrainingRun) -> None:
        """From time to time, between two updates."""

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """After an epoch, once its checkpoint is saved."""

    def end(self, run: TrainingRun, ending: Ending) -> None:
        """After the last update."""


class JsonReport:
    """One JSON object per line on stdout, each flushed."""

    def __init__(self, log: Log = Log()) -> None:  # noqa: B008 - it cannot be changed
        self._out = Outlet(sys.stdout)
        self._log = log
        self._picker = EpochPicker(log, 1, thin=False)

    def start(self, run: TrainingRun) -> None:
        """The event `start`."""
        self._picker = EpochPicker(self._log, run.epochs, thin=False)
        task = run.task
        self._event(
            "start",
            {
                "run": run.name,
                "recipe": run.recipe,
                "device": str(task.device),
                "dataset": task.dataset_name,
                "synthetic": task.synthetic,
                "train_samples": task.train_samples,
                "test_samples": task.test_samples,
                "validation_samples": task.validation_samples,
                "probe_samples": task.probe_samples,
                "settings": run.settings,
                **({"processes": task.processes} if task.processes > 1 else {}),
            },
        )

    def progress(self, run: TrainingRun) -> None:
        """Nothing: scripts wait for the epochs."""

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """The event `epoch`, where it is asked for."""
        if self._picker.takes(metrics):
            self._tell(run, metrics)

    def _tell(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        diagnoses = [one.as_json() for one in run.watch.insights.diagnoses]
        self._event("epoch", {**asdict(metrics), "diagnoses": diagnoses})

    def end(self, run: TrainingRun, ending: Ending) -> None:
        """The event `end`; for a model with few parameters, also these by name."""
        if self._picker.held:
            self._tell(run, self._picker.held)
        few = run.task.exchange() if run.task.rows() else {}
        self._event(
            "end",
            {
                "status": ending.status,
                "epochs": run.epoch,
                "seconds": run.seconds,
                "parameters_sha256": ending.parameters_sha256,
                "run": run.name,
                "checkpoint": str(ending.checkpoint) if ending.checkpoint else None,
                **({"error": ending.error} if ending.error else {}),
                "diagnoses": [one.as_json() for one in run.watch.insights.diagnoses],
                **({"guess": guess_json(run.guess, run.measured)} if run.guess else {}),
                **{name: tensor.tolist() for name, tensor in few.items()},
            },
        )

    def _event(self, event: str, fields: Mapping[str, object]) -> None:
        self._out.line(json.dumps({"event": event, **fields}, allow_nan=False))


class TextReport:
    """Lines for epochs on stdout; on a terminal, also a progress bar on stderr."""

    def __init__(self, log: Log = Log()) -> None:  # noqa: B008 - it cannot be changed
        self._out = Outlet(sys.stdout)
        self._log = log
        self._picker = EpochPicker(log, 1, thin=True)
        self._bar = _bar() if sys.stderr.isatty() else None
        self._warnings = DiagnosisLines(Outlet(sys.stderr))
        self._lines: EpochLines | None = None

    def start(self, run: TrainingRun) -> None:
        """Print what is trained, and on what."""
        task = run.task
        settings = ", ".join(f"{name} {value}" for name, value in run.settings.items())
        text = _("{recipe} on {device}: {train} training samples, {test} test samples")
        if task.validation_samples:
            text = _(
                "{recipe} on {device}: {train} training samples, {held} held out for validation,"
                " {test} test samples"
            )
        self._out.line(
            text.format(
                recipe=run.recipe,
                device=task.device,
                train=task.train_samples,
                test=task.test_samples,
                held=task.validation_samples,
            )
        )
        self._out.line(_("run: {name}").format(name=run.name))
        self._out.line(_("data: {name}").format(name=task.dataset))
        self._out.line(_("settings: {settings}").format(settings=settings))
        if task.processes > 1:
            self._out.line(_("processes: {count}").format(count=task.processes))
        if run.step:
            text = _("resumed after update {step} of {steps}")
            self._out.line(text.format(step=run.step, steps=run.total_steps))
        self._picker = EpochPicker(self._log, run.epochs, thin=True)
        if self._picker.is_thin:
            text = _("{epochs} epochs: a line for some of them; --log-every 1 prints all")
            self._out.line(text.format(epochs=run.epochs))
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        self._lines = EpochLines(run, width)
        for line in self._lines.header():
            self._out.line(line)

    def progress(self, run: TrainingRun) -> None:
        """Redraw the bar."""
        if self._bar:
            self._bar.show(run)

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """Print a line for the epoch, where it is asked for."""
        taken = self._picker.takes(metrics)
        if self._bar and (taken or self._warnings.has_news(run)):
            self._bar.hide()
        if taken:
            self._tell(run, metrics)
        self._warnings.tell(run)

    def _tell(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        if self._lines is None:
            self._lines = EpochLines(run, None)
        self._out.line(self._lines.row(metrics))

    def end(self, run: TrainingRun, ending: Ending) -> None:
        """Print how it ended, and what was learned."""
        if self._bar:
            self._bar.hide()
        if self._picker.held:
            self._tell(run, self._picker.held)
        self._warnings.tell(run, is_over=True)
        for row in run.task.rows():
            true = "" if row.true is None else "   " + _("(true {value:g})").format(value=row.true)
            self._out.line(f"{row.name:<3} {row.learned:.6f}{true}")
        self._out.line(
            _("{status}: {epoch} of {epochs}, {updates}, {seconds:.2f} s").format(
                status=_ENDINGS[ending.status],
                epoch=run.epoch,
                epochs=plural("{count} epoch", "{count} epochs", run.epochs),
                updates=plural("{count} update", "{count} updates", run.step),
                seconds=run.seconds,
            )
        )
        for sentence in verdict(run.guess, run.measured, run.epochs):
            self._out.line(sentence)
        self._out.line(_("SHA-256 of the parameters: {sum}").format(sum=ending.parameters_sha256))
        if ending.checkpoint:
            self._out.line(_("checkpoint: {path}").format(path=ending.checkpoint))


class QuietReport:
    """Only the name of the run, on stdout, when it has ended."""

    def start(self, run: TrainingRun) -> None:
        """Nothing."""

    def progress(self, run: TrainingRun) -> None:
        """Nothing."""

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """Nothing."""

    def end(self, run: TrainingRun, ending: Ending) -> None:
        """Print the name, for `dltutor runs show`."""
        Outlet(sys.stdout).line(run.name)


def report_for(log: Log, *, as_json: bool) -> Report:
    """The report that was asked for."""
    if as_json:
        return JsonReport(log)
    return QuietReport() if log.quiet else TextReport(log)


class Bar(Protocol):
    """A progress bar that can be hidden."""

    def show(self, run: TrainingRun) -> None:
        """Draw it at the present step of `run`."""

    def hide(self) -> None:
        """Remove it from the screen."""


def _bar() -> Bar:
    from tui.commands.train_bar import RichBar

    return RichBar(sys.stderr)
