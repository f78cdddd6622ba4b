"""When the line to the terminal drops: draw into nothing, so that a training can go on.

The kernel sends SIGHUP, and from then on every write to the terminal fails. The screens are drawn
on, but into /dev/null, which costs next to nothing; the application decides when it is done.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from typing import Any, TextIO

from textual.driver import Driver

from engine.training.snapshot import SessionState, Snapshot

LEFT_BEHIND = "left behind"
"""The setting that holds what became of a training whose line dropped, until it is told."""


class TolerantFile:
    """A text file whose writes are lost, and no error, where nobody is at the other end."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write `text`, if that is possible."""
        with contextlib.suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if that is possible."""
        with contextlib.suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """The number of the file below."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether the file below is a terminal."""
        return self._file.isatty()


def tolerant(driver: type[Driver]) -> type[Driver]:
    """The same driver, writing through a `TolerantFile`.

    Textual's writer thread would end at the first failed write, and the next ones would wait for
    it for ever: between the loss of the line and the signal that tells of it.
    """

    class TolerantDriver(driver):  # type: ignore[valid-type, misc]  # chosen by platform
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            file = getattr(self, "_file", None)
            if file is not None:
                self._file = TolerantFile(file)

    return TolerantDriver


class Line:
    """The line to the terminal, watched from the running event loop; never lost on Windows."""

    def __init__(self, lost: Callable[[], None], ended: Callable[[], None]) -> None:
        """`lost` is called on the event loop when the line drops, `ended` on SIGTERM."""
        self._lost = lost
        self._ended = ended
        self._silence: int | None = None

    def watch(self) -> None:
        """Begin to listen for the signals."""
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTERM, self._ended)
            loop.add_signal_handler(signal.SIGHUP, self._hung_up)

    def unwatch(self) -> None:
        """Let the signals do again what they do by themselves."""
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            loop = asyncio.get_running_loop()
            loop.remove_signal_handler(signal.SIGTERM)
            loop.remove_signal_handler(signal.SIGHUP)

    def _hung_up(self) -> None:
        if self._silence is None:
            nothing = os.open(os.devnull, os.O_WRONLY)
            for descriptor in (1, 2):
                os.dup2(nothing, descriptor)
            # A pipe that nobody writes to keeps the thread that reads the keys asleep;
            # /dev/null would wake it again and again, for its end is always there to be read.
            keys, self._silence = os.pipe()
            os.dup2(keys, 0)
        self._lost()

    def release(self) -> None:
        """Wake the thread that reads the keys, so that it can end with the application."""
        if self._silence is not None:
            os.close(self._silence)
            self._silence = None


def goes_on(state: SessionState) -> bool:
    """Whether a training in this state comes to its end by itself."""
    return state in (SessionState.LOADING, SessionState.RUNNING)


def left_behind(snapshot: Snapshot) -> str:
    """What to tell the learner about a training that went on without a terminal."""
    told = f"The line dropped while the recipe {snapshot.recipe!r} was in training. "
    if snapshot.state is SessionState.FINISHED:
        told += f"It went on and finished all {snapshot.epochs} epochs. "
    elif snapshot.state is SessionState.PAUSED:
        told += f"It was paused in epoch {snapshot.epoch + 1} of {snapshot.epochs} and is saved. "
    else:
        told += f"It ended in epoch {snapshot.epoch + 1} of {snapshot.epochs}. {snapshot.message} "
    if snapshot.measured and snapshot.measured[-1].test_accuracy is not None:
        told += f"Test accuracy {snapshot.measured[-1].test_accuracy:.4f}. "
    return told + f"`dltutor train {snapshot.recipe} --resume --epochs N` trains on."
