"""ctrl+z and `kill -TSTP`: the terminal is given back, and `fg` brings the screen back."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

TIMEOUT = 30
LEFT, ENTERED = b"\x1b[?1049l", b"\x1b[?1049h"
"""The alternate screen, left and entered."""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here"
)

PROGRAM = """
import os, sys
os.login_tty(int(sys.argv[1]))
from tui.app import TutorApp
app = TutorApp(lesson="backprop/deltas", preload=None)
app.run()
sys.exit(app.return_code)
"""


class Line:
    """The terminal's side: what came, and what is typed."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.rest = b""
        """What came together with what was waited for, behind it."""

    def wait_for(self, wanted: bytes) -> bytes:
        """Read until `wanted` has come; what came behind it is kept for the next wait."""
        seen = self.rest
        until = time.monotonic() + TIMEOUT
        while wanted not in seen:
            assert time.monotonic() < until, seen[-200:]
            if select.select([self.master], [], [], 0.05)[0]:
                seen += os.read(self.master, 65536)
        end = seen.index(wanted) + len(wanted)
        self.rest = seen[end:]
        return seen[:end]

    def type(self, text: bytes) -> None:
        """Press keys."""
        os.write(self.master, text)


@contextmanager
def screens() -> Iterator[tuple[subprocess.Popen[bytes], Line]]:
    """The program in a pseudo-terminal, at the first step of a lesson."""
    master, slave = os.openpty()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(slave)], pass_fds=[slave])
    os.close(slave)
    line = Line(master)
    try:
        line.wait_for(b"What a delta is for")
        yield process, line
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait(TIMEOUT)
        os.close(master)


def wait_until_stopped(process: subprocess.Popen[bytes]) -> None:
    """Wait until the kernel reports that the process is stopped."""
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        pid, status = os.waitpid(process.pid, os.WUNTRACED | os.WNOHANG)
        if pid and os.WIFSTOPPED(status):
            return
        time.sleep(0.02)
    raise AssertionError("it was never stopped")


def test_the_terminal_is_given_back_and_the_screen_comes_back() -> None:
    """By the key, and by the signal, one after the other."""
    with screens() as (process, line):
        for how in ("ctrl+z", "SIGTSTP"):
            if how == "ctrl+z":
                line.type(b"\x1a")
            else:
                process.send_signal(signal.SIGTSTP)
            left = line.wait_for(LEFT)
            assert b"\x1b[?25h" in left + line_rest(line), "the cursor is visible again"
            wait_until_stopped(process)
            process.send_signal(signal.SIGCONT)
            line.wait_for(ENTERED)
            line.wait_for(b"What a delta is for")
        line.type(b"\x11")  # ctrl+q
        assert process.wait(TIMEOUT) == 0


def line_rest(line: Line) -> bytes:
    """What has come in the meantime."""
    seen, line.rest = line.rest, b""
    while select.select([line.master], [], [], 0.3)[0]:
        seen += os.read(line.master, 65536)
    return seen
