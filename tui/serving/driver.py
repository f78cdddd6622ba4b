"""How the screens of a visitor reach the server: Textual's web driver, made to survive its end."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from functools import partial
from typing import Any

from textual import events
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size
from textual.message import Message

from tui.serving.sizes import fitting

LAST_SECONDS = 12.0
"""How long a visit may take to end after the browser has left, before it is cut off."""


class VisitDriver(WebDriver):
    """Ends the visit when the server hangs up, and takes no size that would eat the memory."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_gone = False
        self._sending = threading.Lock()
        self._write = partial(self._send)

    def _send(self, data: bytes) -> int:
        """Send a whole packet; nothing where nobody listens any more."""
        sent = 0
        with self._sending:
            while sent < len(data) and not self._is_gone:
                try:
                    sent += os.write(self.fileno, data[sent:])
                except OSError:
                    self._is_gone = True
        return sent

    def start_application_mode(self) -> None:
        """Begin with the page in focus: Textual takes it for blurred, and shows no keys then.

        A page that is not in focus says so by itself.
        """
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())

    def run_input_thread(self) -> None:
        """Read what the browser sends, until the server hangs up."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._is_gone = True
            self._hung_up()

    def _hung_up(self) -> None:
        watchdog = threading.Timer(LAST_SECONDS, os._exit, (1,))
        watchdog.daemon = True
        watchdog.start()
        ended = getattr(self._app, "ended", self._app.exit)
        with suppress(RuntimeError):  # the loop is closed: it has ended by itself
            self._loop.call_soon_threadsafe(ended)

    def process_message(self, message: Message) -> None:
        """Pass an event on; a terminal may say its size in a sequence, and lie."""
        if isinstance(message, events.Resize):
            size = Size(*fitting(*message.size))
            message = events.Resize(size, size)
        super().process_message(message)
