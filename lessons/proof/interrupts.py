"""Tell a person's ctrl+c from a KeyboardInterrupt that code raises itself."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Interrupts:
    """Notes in `came` whether a ctrl+c came while this was entered.

    Where the screens are open, their loop acts on it, and it is no KeyboardInterrupt.
    """

    came = False

    def __init__(self) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        # Beside the main thread no signal raises anything, and nobody may handle one.
        self._before = signal.getsignal(signal.SIGINT) if is_main else None

    def note(self, number: int, frame: FrameType | None) -> None:
        """A ctrl+c came."""
        self.came = True
        if callable(self._before):
            self._before(number, frame)

    def __enter__(self) -> None:
        if callable(self._before):
            signal.signal(signal.SIGINT, self.note)

    def __exit__(self, *_: object) -> None:
        if callable(self._before):
            signal.signal(signal.SIGINT, self._before)
