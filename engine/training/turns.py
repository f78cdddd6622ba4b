"""How many trainings run at once, over all processes: each takes a turn, which dies with it.

A turn is a lock on a file (`flock`), so a process that is killed leaves none behind.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import Protocol

from engine.language import _, plural


class Turn(Protocol):
    """What a training asks before it computes, on its own thread."""

    def take(self) -> str:
        """Take a turn unless it is held; empty, or a sentence that says why there is none."""

    def give_back(self) -> None:
        """Let another training have it."""


class AlwaysFree:
    """On one's own machine nobody waits."""

    def take(self) -> str:
        """There is always a turn."""
        return ""

    def give_back(self) -> None:
        """Nothing is held."""


class SharedTurn:
    """One of `count` turns that all processes share which name the same folder; needs `fcntl`."""

    def __init__(self, folder: Path, count: int) -> None:
        """The folder exists and is writable."""
        self._folder = folder
        self._count = count
        self._held: int | None = None
        self._lock = threading.Lock()

    def take(self) -> str:
        """Take a free turn; raises OSError where the folder cannot be used."""
        import fcntl

        with self._lock:
            if self._held is not None:
                return ""
            for number in range(self._count):
                path = self._folder / f"training-{number}"
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(descriptor)
                except BaseException:
                    os.close(descriptor)
                    raise
                else:
                    self._held = descriptor
                    _be_patient()
                    return ""
        return _none_left(self._count)

    def give_back(self) -> None:
        """Let another training have the turn."""
        with self._lock:
            held, self._held = self._held, None
            if held is not None:
                os.close(held)


def _none_left(count: int) -> str:
    if not count:
        return _("Nothing can be trained here: this server allows no trainings.")
    return plural(
        "{count} training runs already, which is all that this server runs at once. Try again in a"
        " minute.",
        "{count} trainings run already, which is all that this server runs at once. Try again in a"
        " minute.",
        count,
    )


def _be_patient() -> None:
    """Let the screens of others come first: on Linux, a thread has a priority of its own."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
