"""Imports what a learner asks for next, on a thread of its own, in the order of asking."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

PATIENCE = 30.0
"""Seconds for which PyTorch waits until somebody at the contents has opened a lesson. To import it
takes more than a second, in which the screen answers slowly."""
LOOK = 0.5
"""Seconds between two looks whether something else was opened."""


class LoadingAhead:
    """First what shows a lesson; then, when one is read, `preload`: it imports PyTorch."""

    def __init__(self, preload: Callable[[], None], is_elsewhere: Callable[[], bool]) -> None:
        """`is_elsewhere` says whether the learner has left the contents."""
        self._preload, self._is_elsewhere = preload, is_elsewhere
        self._something_is_read = threading.Event()

    def begin(self) -> None:
        """Begin; to quit never waits for it, as it would for a worker of Textual."""
        threading.Thread(target=self._work, name="preload", daemon=True).start()

    def go_on(self) -> None:
        """Something is seen that takes a while to read: no need to wait any longer."""
        self._something_is_read.set()

    def _work(self) -> None:
        with suppress(Exception):  # what is broken is told where it is needed
            import_module("tui.screens.lesson")
        for _look in range(round(PATIENCE / LOOK)):
            if self._something_is_read.wait(LOOK) or self._is_elsewhere():
                break
        self._preload()
