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
        few = run.task.exchange() if run.task.rows() else {}
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
        settings = ", ".join(f"{name} {value}" for name, value in run.settings.items())
        self._out.line(
            f"{run.recipe} on {task.device}: {task.train_samples} samples to train on,"
            f" {task.test_samples} to test on"
        )
        self._out.line(f"data: {task.dataset}")
        self._out.line(f"settings: {settings}")
        if run.step:
            self._out.line(f"resumed after update {run.step} of {run.total_steps}")
        self._row("epoch", "train loss", "right", "test loss", "right", "seconds", "samples/s")

    def progress(self, run: TrainingRun) -> None:
        """Move the bar."""
        if self._bar:
            self._bar.show(run)

    def epoch(self, run: TrainingRun, metrics: EpochMetrics) -> None:
        """A line for the epoch."""
        if self._bar:
            self._bar.hide()
        self._row(
            f"{metrics.epoch}/{run.epochs}",
            f"{metrics.train_loss:#.4g}",
            _percent(metrics.train_accuracy),
            f"{metrics.test_loss:#.4g}",
            _percent(metrics.test_accuracy),
            f"{metrics.seconds:.2f}",
            f"{metrics.samples_per_second:,.0f}".replace(",", " "),
        )

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

    def _row(self, *cells: str) -> None:
        widths = (11, 10, 7, 10, 7, 7, 9)
        row = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        self._out.line("  ".join(row))


def _percent(accuracy: float | None) -> str:
    return "-" if accuracy is None else f"{100 * accuracy:.2f} %"


class Bar(Protocol):
    """A progress bar that can be taken away."""

    def show(self, run: TrainingRun) -> None:
        """Draw it where `run` stands."""

    def hide(self) -> None:
        """Take it off the screen."""


def _bar() -> Bar:
    from tui.commands.train_bar import RichBar

    return RichBar(sys.stderr)
