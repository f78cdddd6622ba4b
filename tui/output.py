"""The terminal as a file that never keeps its writer waiting for ever.

A terminal may read nothing for a while: ctrl+s in the one around it, a laptop that sleeps at the
other end of SSH, a stopped multiplexer. The thread that writes waits for it, but can be told to
give up; nobody else waits.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from typing import TextIO

LOOKS = 0.1
"""Seconds between two looks at whether to give up."""


class TolerantFile:
    """A text file whose writes are discarded without error once the other end is gone.

    A terminal is opened once more for it, so that its writes need not wait: the setting belongs to
    the descriptor, and the one of before is shared with the shell.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._own: int | None = None
        self._is_left = False
        self._until: float | None = None
        """When to give up; None as long as the program goes on."""
        self._refused_at: float | None = None
        """The time since which the terminal has taken nothing of a write; None where none waits."""
        self.has_lost = False
        """Whether something was thrown away since `begin`."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            if file.isatty():
                flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
                self._own = os.open(os.ttyname(file.fileno()), flags)

    def begin(self) -> None:
        """Write again, for as long as it takes."""
        self._until, self.has_lost = None, False

    def end_within(self, seconds: float) -> None:
        """What is not read within so many seconds from now is thrown away."""
        if self._until is None:
            self._until = time.monotonic() + seconds

    def leave(self) -> None:
        """Never write to this terminal again; what the first descriptor has become is written to.

        The thread that writes closes the terminal with its next write.
        """
        self._is_left, self._until = True, 0.0

    @property
    def is_patient(self) -> bool:
        """Whether a write can be given up."""
        return self._own is not None

    @property
    def waited(self) -> float:
        """For how many seconds the terminal has taken nothing of what waits for it."""
        since = self._refused_at
        return 0.0 if since is None else time.monotonic() - since

    @property
    def has_given_up(self) -> bool:
        """Whether nothing is waited for any more."""
        return self._until is not None and time.monotonic() >= self._until

    def write(self, text: str) -> int:
        """Write `text` if possible; wait for a terminal until it is time to give up."""
        if self._is_left and self._own is not None:
            os.close(self._own)
            self._own = None
        if self._own is None:
            with contextlib.suppress(OSError):
                self._file.write(text)
            return len(text)
        data = memoryview(text.encode(self._file.encoding or "utf-8", "backslashreplace"))
        while data:
            if self.has_given_up:
                self.has_lost = True
                break
            try:
                data = data[os.write(self._own, data) :]
                self._refused_at = None
            except BlockingIOError:
                self._refused_at = self._refused_at or time.monotonic()
                with contextlib.suppress(OSError, ValueError):
                    select.select([], [self._own], [], LOOKS)
            except OSError:
                break
        self._refused_at = None
        return len(text)

    def flush(self) -> None:
        """Flush if possible."""
        if self._own is None:
            with contextlib.suppress(OSError):
                self._file.flush()

    def fileno(self) -> int:
        """The descriptor of the underlying file."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether the underlying file is a terminal."""
        return self._file.isatty()


def discard(terminal: int) -> None:
    """Throw away what was written to a terminal and was not read by it."""
    import termios

    with contextlib.suppress(OSError, termios.error):
        termios.tcflush(terminal, termios.TCOFLUSH)
