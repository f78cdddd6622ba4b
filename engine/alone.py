"""A stretch of work in a folder that only one process does at a time."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from time import sleep as wait

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 5.0
"""Seconds after which nobody is waited for any longer: who holds the lock may be stopped."""
_LOOKS = 0.005
"""Seconds between two tries."""


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Inside, no other process is inside a block for the same folder, nor another thread.

    The lock is on the folder itself: it needs no file, and ends with its process. Where the system
    cannot lock folders, or there is none, nobody is waited for.
    """
    descriptor: int | None = None
    if fcntl is not None:
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
    try:
        if descriptor is not None:
            _wait_for(descriptor)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _wait_for(descriptor: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait(_LOOKS)
        except OSError:
            return  # some network drives know no locks
        else:
            return
