"""A signal that ends the screens: the terminal is restored, and no process is left."""

from __future__ import annotations

import os
import signal
import termios
from contextlib import suppress

import pytest

from tests.faults.test_suspend import LEFT, TIMEOUT, screens

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here"
)
RESTORED = {
    "the cursor is shown": b"\x1b[?25h",
    "the mouse is off": b"\x1b[?1000l",
    "pasted text comes as typed": b"\x1b[?2004l",
}


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGINT])
def test_the_terminal_is_restored(number: signal.Signals) -> None:
    with screens() as (process, line):
        process.send_signal(number)
        seen = line.wait_for(LEFT)
        status = process.wait(TIMEOUT)
        with suppress(OSError):  # Linux says so where nobody has the other end open
            while True:
                seen += os.read(line.master, 65536)
        for what, sequence in RESTORED.items():
            assert sequence in seen, what
        flags = termios.tcgetattr(line.master)[3]
        assert flags & termios.ECHO
        assert flags & termios.ICANON
        assert b"Traceback" not in seen
        assert status == 0
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)
