"""What `dltutor train` prints: JSON lines for scripts, or sentences and a progress bar for people.

A stream that goes away (a closed pipe, a dropped line) is never a reason to stop training.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from engine.training.snapshot import EpochMetrics

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun


class Outlet:
    """A text stream that falls silent, instead of failing, when nobody reads it any more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_open = True

    def line(self, text: str) -> None:
        """Write one line and send it off at once."""
        if not self._is_open:
            return
        try:
            print(text, file=self._stream, flush=True)
        except (OSError, ValueError):
            self._is_open = False
            divert(self._stream)


def divert(stream: TextIO) -> None:
    """Send what is left in a dead stream's buffer nowhere, so that a later flush cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a training ended."""

    status: str
    """`finished`, `interrupted` or `failed`."""
    parameters_sha256: str
    checkpoint: Path | None


class Report(Protocol):
    """Tells the course of a training."""

    def start(self, run: TrainingRun) -> None:
        """Before the first update."""

    def progress(self, run: TrainingRun) -> None:
        """Now and then, between two updates."""

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """After an epoch, once its checkpoint is saved."""

    def end(self, run: TrainingRun, ending: Ending) -> None:
        """After the last update."""


class JsonReport:
    """One JSON object a line on stdout, each flushed."""

    def __init__(self) -> None:
        self._out = Outlet(sys.stdout)

    def start(self, run: TrainingRun) -> None:
        """The event `start`."""
        task = run.task
        self._event(
            "start",
            {
                "recipe": run.recipe,
                "device": str(task.device),
                "dataset": task.dataset_name,
                "synthetic": task.synthetic,
                "train_samples": task.train_samples,
                "test_samples": task.test_samples,
                "settings": run.settings,
            },
        )

    def progress(self, run: TrainingRun) -> None:
        """Nothing: scripts wait for the epochs."""

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """The event `epoch`."""
        self._event("epoch", asdict(metrics))

    def end(self, run: TrainingRun, ending: Ending) -> None:
        """The event `end`; a model of few parameters adds them by name."""
        few = run.task.parameters if run.task.rows() else {}
        self._event(
            "end",
            {
                "status": ending.status,
                "epochs": run.epoch,
                "seconds": run.seconds,
                "parameters_sha256": ending.parameters_sha256,
                "checkpoint": str(ending.checkpoint) if ending.checkpoint else None,
                **{name: tensor.tolist() for name, tensor in few.items()},
            },
        )

    def _event(self, event: str, fields: Mapping[str, object]) -> None:
        self._out.line(json.dumps({"event": event, **fields}, allow_nan=False))


class TextReport:
    """A line an epoch on stdout; on a terminal, a progress bar on stderr while it trains."""

    def __init__(self) -> None:
        self._out = Outlet(sys.stdout)
        self._bar = _bar() if sys.stderr.isatty() else None

    def start(self, run: TrainingRun) -> None:
        """What is trained on what."""
        task = run.task
        synthetic = " (synthetic)" if task.synthetic else ""
        settings = ", ".join(f"{name} {value}" for name, value in run.settings.items())
        self._out.line(
            f"{run.recipe} on {task.device}: {task.dataset}{synthetic},"
            f" {task.train_samples} samples to train on, {task.test_samples} to test on"
        )
        self._out.line(f"settings: {settings}")
        if run.step:
            self._out.line(f"resumed after update {run.step} of {run.total_steps}")

    def progress(self, run: TrainingRun) -> None:
        """Move the bar."""
        if self._bar:
            self._bar.show(run)

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """A line for the epoch."""
        if self._bar:
            self._bar.hide()
        width = len(str(run.epochs))
        parts = [
            f"epoch {metrics.epoch:>{width}}/{run.epochs}",
            _measured("train", metrics.train_loss, metrics.train_accuracy),
            _measured("test", metrics.test_loss, metrics.test_accuracy),
            f"{metrics.seconds:.2f} s",
            f"{metrics.samples_per_second:,.0f} samples/s".replace(",", " "),
        ]
        self._out.line("   ".join(parts))

    def end(self, run: TrainingRun, ending: Ending) -> None:
        """How it ended, and what was learned."""
        if self._bar:
            self._bar.hide()
        for row in run.task.rows():
            true = "" if row.true is None else f"   (true {row.true:g})"
            self._out.line(f"{row.name:<3} {row.learned:.6f}{true}")
        self._out.line(
            f"{ending.status}: {run.epoch} of {run.epochs} epochs, {run.step} updates,"
            f" {run.seconds:.2f} s"
        )
        self._out.line(f"parameters sha256 {ending.parameters_sha256}")
        if ending.checkpoint:
            self._out.line(f"checkpoint {ending.checkpoint}")


def _measured(name: str, loss: float, accuracy: float | None) -> str:
    text = f"{name} loss {loss:.4g}"
    return text if accuracy is None else f"{text} accuracy {accuracy:.4f}"


class Bar(Protocol):
    """A progress bar that can be taken away."""

    def show(self, run: TrainingRun) -> None:
        """Draw it where `run` stands."""

    def hide(self) -> None:
        """Take it off the screen."""


def _bar() -> Bar:
    from tui.commands.train_bar import RichBar

    return RichBar()
