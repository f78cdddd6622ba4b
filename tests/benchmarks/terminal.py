"""A program in a pseudo-terminal, as the benchmarks drive it. Linux only."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

READ = 65536


class Terminal:
    """Runs `command` in a terminal of `columns` × `rows`."""

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 120,
        rows: int = 40,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.began = time.perf_counter()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            os.execvpe(command[0], list(command), {**os.environ, **own, **(environ or {})})

    def press(self, key: str) -> float:
        """Send a key; when it was sent."""
        sent = time.perf_counter()
        os.write(self._file, key.encode())
        return sent

    def read(self, timeout: float) -> bytes:
        """What it writes next; empty if it writes nothing for `timeout` seconds."""
        if not select.select([self._file], [], [], max(0.0, timeout))[0]:
            return b""
        try:
            return os.read(self._file, READ)
        except OSError:
            raise SystemExit("The program ended too early.") from None

    def until(self, sign: str, timeout: float = 60.0) -> float:
        """When `sign` was written; raises SystemExit if it is not."""
        wanted, seen = sign.encode(), b""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            seen = seen[-len(wanted) :] + self.read(end - time.perf_counter())
            if wanted in seen:
                return time.perf_counter()
        raise SystemExit(f"The program did not show {sign!r} within {timeout} s.")

    def count(self, seconds: float) -> int:
        """How many bytes it writes in so many seconds."""
        end, total = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            total += len(self.read(left))
        return total

    @property
    def cpu(self) -> float:
        """Seconds of CPU time that all its threads have used."""
        total = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            with suppress(OSError):
                total += int((thread / "schedstat").read_text().split()[0])
        return total / 1e9

    def close(self) -> None:
        """End it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._file)


@contextmanager
def fresh_home() -> Iterator[dict[str, str]]:
    """The environment of somebody who starts dltutor for the first time."""
    with tempfile.TemporaryDirectory() as home:
        names = ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
        yield {"HOME": home, **{name: f"{home}/{name}" for name in names}}


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
