"""Signals that stop the program and let it go on, met while a write is under way."""

from __future__ import annotations

import asyncio
import signal
from queue import Queue
from typing import Any

import pytest

from tui.hangup import tolerant

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="no job control here")


class Recorded:
    """As much of Textual's driver as suspends and goes on: both of them write."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.queue: Queue[str] = Queue(30)
        self.was_free: list[bool] = []
        self._must_signal_resume = True

    def _sigtstp_application(self, *_signal: Any) -> None:
        self.was_free.append(not self.queue.mutex.locked())

    def _sigcont_application(self, *_signal: Any) -> None:
        self.was_free.append(not self.queue.mutex.locked())


@pytest.mark.parametrize("name", ["_sigtstp_application", "_sigcont_application"])
async def test_a_signal_during_a_write_waits_until_the_queue_is_free(name: str) -> None:
    made: type[Any] = tolerant(Recorded)  # type: ignore[arg-type]  # stands for a Driver
    driver = made(asyncio.get_running_loop())
    before = signal.signal(signal.SIGUSR1, getattr(driver, name))
    try:
        with driver.queue.mutex:  # a write holds it for a moment
            signal.raise_signal(signal.SIGUSR1)
            assert driver.was_free == [], "to write now would wait for itself, for ever"
        await asyncio.sleep(0)
        assert driver.was_free == [True]
    finally:
        signal.signal(signal.SIGUSR1, before)
