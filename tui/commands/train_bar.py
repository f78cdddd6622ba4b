"""The progress bar of `dltutor train`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from engine.language import _
from tui.commands.train_output import divert

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Report it to the bar; by default, Rich would end the program."""
        raise BrokenPipeError


class RichBar:
    """A bar that is drawn only on request, by the calling thread, and that never raises."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._console = _Console(file=stream)
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._is_dead = False

    def show(self, run: TrainingRun) -> None:
        """Draw it at the present step of `run`."""
        if self._is_dead:
            return
        try:
            self._draw(run)
        except OSError:
            self._die()

    def hide(self) -> None:
        """Remove it from the screen."""
        progress, self._progress = self._progress, None
        if progress is None or self._is_dead:
            return
        try:
            progress.stop()
        except OSError:
            self._die()

    def _draw(self, run: TrainingRun) -> None:
        if self._progress is None:
            self._progress = Progress(
                TextColumn("{task.fields[epoch]}"),
                # Not to the line's end: an echoed ^C would wrap there and shift the bar.
                BarColumn(bar_width=20),
                TextColumn("{task.percentage:3.0f} %"),
                TextColumn("{task.fields[rate]}"),
                TextColumn("{task.fields[left]}"),
                console=self._console,
                auto_refresh=False,
                transient=True,
            )
            self._task = self._progress.add_task(
                "", total=run.total_steps, epoch="", rate="", left=""
            )
            self._progress.start()
        rate = run.samples_seen / run.seconds if run.seconds > 0 else 0.0
        left = run.epochs * run.task.train_samples - run.samples_seen
        self._progress.update(
            self._task,
            completed=run.step,
            epoch=_("epoch {epoch}/{epochs}").format(
                epoch=min(run.epoch + 1, run.epochs), epochs=run.epochs
            ),
            rate=_("{rate} samples/s").format(rate=f"{rate:,.0f}".replace(",", " ")),
            left=_("{seconds:.0f} s left").format(seconds=left / rate) if rate > 0 else "",
        )
        self._progress.refresh()

    def _die(self) -> None:
        self._is_dead = True
        self._progress = None
        divert(self._stream)
