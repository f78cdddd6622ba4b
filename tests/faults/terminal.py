"""A terminal for programs under test: it reads, types, resizes, and knows what was left on.

The program's side of the line stays open here, so that its settings can be compared afterwards.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.unit import warm

ROOT = Path(__file__).parents[2]
TIMEOUT = 110.0
UNDER_WAY = 5.0
"""Seconds after the end of a program within which what it wrote is read, on a busy machine too."""
LOGIN = """
import os, sys
os.login_tty(int(sys.argv[1]))
sys.argv[1:2] = []
"""
"""What a program does first, to have the terminal as its own."""

MODES = {
    1049: "alternate screen", 1000: "mouse", 1003: "mouse moves", 1006: "mouse cells",
    1015: "mouse cells", 1016: "mouse pixels", 2004: "bracketed paste", 1004: "focus",
    2048: "sizes in band",
}  # fmt: skip
_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_=>]")


class Terminal:
    """One pseudo-terminal, read on a thread of its own as fast as the program writes."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.master, self.slave = os.openpty()
        self.resize(columns, rows)
        self.settings: list[Any] = termios.tcgetattr(self.slave)
        """What `stty` says, before a program changes it."""
        self.received = b""
        self.process: warm.Process | None = None
        self._reads = threading.Event()
        self._reads.set()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def start(
        self,
        program: str,
        *words: str,
        env: Mapping[str, str] | None = None,
        new: bool = False,
        tidy: bool = False,
    ) -> warm.Process:
        """Run a Python program with this terminal as its own; `LOGIN` is put before it.

        A `new` interpreter has imported nothing before, others the screens. One that is `tidy`
        takes its modules apart in the end.
        """
        words = ("-c", LOGIN + program, str(self.slave), *words)
        self.process = warm.start(
            words, env=env, pass_fds=[self.slave], new=new, loaded=not new, tidy=tidy
        )
        return self.process

    def _read(self) -> None:
        while not self._closed.is_set():
            if not self._reads.wait(0.05) or not select.select([self.master], [], [], 0.05)[0]:
                continue
            with suppress(OSError), self._lock:
                if not self._closed.is_set():
                    self.received += os.read(self.master, 65536)

    def reads(self, yes: bool) -> None:
        """Whether this terminal takes what the program writes."""
        if yes:
            self._reads.set()
        else:
            self._reads.clear()

    def hang_up(self) -> None:
        """Close the terminal's side; the program gets SIGHUP, and its writes fail."""
        os.close(self.slave)
        self.slave = -1
        self._end()

    def close(self) -> None:
        """Close both sides."""
        if self.slave >= 0:
            os.close(self.slave)
            self.slave = -1
        self._end()

    def _end(self) -> None:
        if not self._closed.is_set():
            self._closed.set()
            self._thread.join()
            os.close(self.master)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; the kernel sends SIGWINCH."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            os.write(self.master, key.encode())
            time.sleep(0.03)

    @property
    def text(self) -> str:
        """All that was ever drawn, without its escape sequences."""
        return _ESCAPE.sub("", self.received.decode(errors="replace"))

    @property
    def mark(self) -> int:
        """Here ends what was received up to now."""
        return len(self.received)

    def since(self, mark: int) -> str:
        """What was drawn after `mark`."""
        return _ESCAPE.sub("", self.received[mark:].decode(errors="replace"))

    def wait_for(self, wanted: str, since: int = 0, timeout: float = TIMEOUT) -> None:
        """Wait until `wanted`, as text or as a sequence, has come after `since`."""
        raw, seen = wanted.encode(), -1

        def has_come() -> bool:
            nonlocal seen
            if seen == self.mark:  # to look through a megabyte again takes the program its time
                return False
            seen = self.mark
            return raw in self.received[since:] or wanted in self.since(since)

        self.wait_until(has_come, wanted, timeout)

    def wait_until(
        self, condition: Callable[[], object], what: str = "", timeout: float = TIMEOUT
    ) -> None:
        """Wait for something; AssertionError with what was drawn last where it does not come."""
        until = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < until, f"{what!r} never came: {self.text[-600:]!r}"
            time.sleep(0.01)

    def quiet(self, seconds: float = 0.3) -> None:
        """Wait until nothing has been drawn for a while."""
        seen, since = -1, time.monotonic()
        until = since + TIMEOUT
        while time.monotonic() - since < seconds and time.monotonic() < until:
            if self.mark != seen:
                seen, since = self.mark, time.monotonic()
            time.sleep(0.02)

    def left_on(self) -> list[str]:
        """What the program has not restored.

        Once it has ended, the last that it wrote may still be on its way.
        """
        has_ended = self.process is not None and self.process.poll() is not None
        until = time.monotonic() + (UNDER_WAY if has_ended else 0)
        while (found := self._left_on()) and time.monotonic() < until:
            time.sleep(0.01)
        return found

    def _left_on(self) -> list[str]:
        found = []
        for mode, name in MODES.items():
            last = re.findall(rb"\x1b\[\?" + str(mode).encode() + rb"([hl])", self.received)
            if last and last[-1] == b"h":
                found.append(name)
        if re.findall(rb"\x1b\[\?25([hl])", self.received)[-1:] == [b"l"]:
            found.append("cursor hidden")
        if re.findall(rb"\x1b\[\?7([hl])", self.received)[-1:] == [b"l"]:
            found.append("no wrapping")
        if self.received.count(b"\x1b[>") > self.received.count(b"\x1b[<u"):
            found.append("keyboard protocol")
        if termios.tcgetattr(self.slave) != self.settings:
            found.append("stty")
        return found

    def wait_until_stopped(self) -> None:
        """Wait until the kernel says that the program is stopped."""
        assert self.process is not None
        pid = self.process.pid
        self.wait_until(lambda: _state(pid) == "T", "stopped")


def _state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def members(session: int) -> list[int]:
    """The processes that are still there of a session, without those that only wait to be read."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(path.parent.name))
    return found


@contextmanager
def terminal(columns: int = 80, rows: int = 24) -> Iterator[Terminal]:
    """A terminal whose program is gone in the end."""
    made = Terminal(columns, rows)
    try:
        yield made
    finally:
        process = made.process
        if process is not None:
            session = members(process.pid) if sys.platform == "linux" else []
            for pid in {process.pid, *session} if process.poll() is None else session:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait(TIMEOUT)
        made.close()


def environment(home: Path | str, **given: str) -> dict[str, str]:
    """Variables for a program with a home of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "DLTUTOR_", "SSH_", "TMUX", "STY"))
        # The pseudo-terminal has a size of its own, which COLUMNS and LINES would hide.
        and name not in ("NO_COLOR", "COLORTERM", "LC_ALL", "LC_CTYPE", "COLUMNS", "LINES")
    }
    return {
        **kept, "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8",
        "DLTUTOR_LANG": "en", **given,
    }  # fmt: skip


def words_of(values: Sequence[object]) -> list[str]:
    """Values as words of a command line."""
    return list(map(str, values))
