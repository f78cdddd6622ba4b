"""Tell a person's ctrl+c from a KeyboardInterrupt that code raises itself."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Interrupts:
    """Notes in `came` whether a ctrl+c came while this was entered."""

    def __init__(self) -> None:
        # Without Python's own handler, or beside the main thread, nothing can be told apart.
        self.came = signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        self.came = self.came or threading.current_thread() is not threading.main_thread()
        self.watches = not self.came

    def note(self, number: int, frame: FrameType | None) -> None:
        """A ctrl+c came."""
        self.came = True
        signal.default_int_handler(number, frame)

    def __enter__(self) -> None:
        if self.watches:
            signal.signal(signal.SIGINT, self.note)

    def __exit__(self, *_: object) -> None:
        if self.watches:
            signal.signal(signal.SIGINT, signal.default_int_handler)
