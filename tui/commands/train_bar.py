"""The progress bar of `dltutor train`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from engine.language import _
from tui.streams import silence

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Report it to the bar; by default, Rich would end the program."""
        raise BrokenPipeError


class RichBar:
    """A bar that is drawn only on request, by the calling thread, and that never raises."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.perf_counter) -> None:
        self._stream = stream
        self._clock = clock
        self._began: tuple[float, int] | None = None
        """When it was first drawn, and after which update."""
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
                BarColumn(bar_width=10),
                TextColumn("{task.fields[about]}"),
                console=self._console,
                auto_refresh=False,
                transient=True,
            )
            self._task = self._progress.add_task("", total=run.total_steps, epoch="", about="")
            self._progress.start()
        rate = run.samples_seen / run.seconds if run.seconds > 0 else 0.0
        epoch = _("epoch {epoch}/{epochs}").format(
            epoch=min(run.epoch + 1, run.epochs), epochs=run.epochs
        )
        parts = {
            "share": f"{100 * run.step / run.total_steps:.0f} %",
            "loss": _loss(run),
            "rate": _("{rate} samples/s").format(rate=f"{rate:,.0f}".replace(",", " ")),
            "left": self._left(run, rate),
        }
        # The least wanted goes first where the line is too narrow for all.
        for name in ("rate", "share", "loss"):
            if (
                len(epoch) + 14 + sum(len(part) + 2 for part in parts.values())
                > self._console.width
            ):
                del parts[name]
        about = "  ".join(filter(None, parts.values()))
        self._progress.update(self._task, completed=run.step, epoch=epoch, about=about)
        self._progress.refresh()

    def _left(self, run: TrainingRun, rate: float) -> str:
        """The time to the end of the training, with all that is measured and saved on the way."""
        now = self._clock()
        if self._began is None:
            self._began = now, run.step
        began, first = self._began
        if run.step > first and now > began:
            seconds = (run.total_steps - run.step) * (now - began) / (run.step - first)
        elif rate > 0:
            seconds = (run.epochs * run.task.train_samples - run.samples_seen) / rate
        else:
            return ""
        return _duration(round(seconds))

    def _die(self) -> None:
        self._is_dead = True
        self._progress = None
        silence(self._stream)


def _loss(run: TrainingRun) -> str:
    """The mean loss of the epoch so far, or at its very start that of the one before."""
    last = run.measured[-1] if run.measured else None
    value = run.sums.mean_loss if run.sums.samples else None
    if value is None and last is not None:
        value = last.train_loss if last.during_loss is None else last.during_loss
    return "" if value is None else _("loss {value}").format(value=f"{value:#.4g}")


def _duration(seconds: int) -> str:
    if seconds < 60:
        return _("{seconds} s left").format(seconds=seconds)
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return _("{minutes} min {seconds} s left").format(minutes=minutes, seconds=f"{seconds:02}")
    hours, minutes = divmod(minutes, 60)
    return _("{hours} h {minutes} min left").format(hours=hours, minutes=f"{minutes:02}")
