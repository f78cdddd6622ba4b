"""What the owner of a training asks of the thread that makes the updates."""

from __future__ import annotations

import threading
from enum import Enum, auto


class _Mode(Enum):
    WAIT = auto()
    STEP = auto()
    EPOCH = auto()
    RUN = auto()


class Control:
    """Commands from any thread, obeyed by one: run, make one update or one epoch, wait, stop.

    The thread that trains asks `may_step` before each update, waits in `wait`, and reports each
    update to `stepped`. No command waits for the thread.
    """

    def __init__(self, paused: bool = False) -> None:
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._mode = _Mode.WAIT if paused else _Mode.RUN
        self._steps = 0
        self._learning_rate: float | None = None

    def pause(self) -> None:
        """Wait before the next update."""
        self._command(_Mode.WAIT)

    def resume(self) -> None:
        """Let the training go on after a pause."""
        self._command(_Mode.RUN)

    def step(self) -> None:
        """Make one update, then wait; several calls make as many updates."""
        with self._changed:
            self._steps = self._steps + 1 if self._mode is _Mode.STEP else 1
            self._mode = _Mode.STEP
            self._changed.notify_all()

    def run_epoch(self) -> None:
        """Continue to the end of the current epoch, then wait."""
        self._command(_Mode.EPOCH)

    def stop(self) -> None:
        """End the training before its next update, paused or not."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()

    def set_learning_rate(self, value: float) -> None:
        """Use `value` from the next update on."""
        with self._changed:
            self._learning_rate = value
            self._changed.notify_all()

    @property
    def is_stopping(self) -> bool:
        """Whether the training is to end."""
        return self._stopping.is_set()

    def may_step(self) -> bool:
        """Whether the next update may be made now."""
        return self._mode is not _Mode.WAIT

    def take_learning_rate(self) -> float | None:
        """The learning rate that was asked for since the last call, if any."""
        if self._learning_rate is None:
            return None
        with self._changed:
            value, self._learning_rate = self._learning_rate, None
            return value

    def stepped(self, ended_epoch: bool) -> None:
        """Count one update towards what was asked for."""
        if self._mode is _Mode.RUN:
            return
        with self._changed:
            if self._mode is _Mode.STEP:
                self._steps -= 1
                if self._steps <= 0:
                    self._mode = _Mode.WAIT
            elif self._mode is _Mode.EPOCH and ended_epoch:
                self._mode = _Mode.WAIT

    def wait(self) -> None:
        """Sleep until there is something to do: an update, a new learning rate, or the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._mode is not _Mode.WAIT
                    or self._learning_rate is not None
                    or self._stopping.is_set()
                )
            )

    def _command(self, mode: _Mode) -> None:
        with self._changed:
            self._mode = mode
            self._changed.notify_all()
