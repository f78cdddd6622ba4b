"""Starts the processes that train one model on this machine, and watches over them.

As torchrun does, it runs the same command several times and says each its place by variables. The
processes find each other by a file in a private folder, and talk over the loopback interface on
ports that the system chooses: so two launches at once never share one, and nobody else can join.

Importing this never imports torch.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from engine.language import _
from engine.ranks.place import STORE

GRACE = 20.0
"""Seconds that the others have to save and end after one has ended in trouble."""
_INTERVAL = 0.05
_MOST_SIGNALS = 3
"""So many signals, and the processes are killed."""
_USUAL = (0, 1, 2, 130)
"""The exit statuses of a process that has said what happened."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the processes ended."""

    status: int
    """The exit status of all together."""
    text: str = ""
    """What happened, where none of them can have said so."""


def launch(count: int, command: Sequence[str], grace: float = GRACE) -> Outcome:
    """Run `command` in `count` processes until the last has ended; none is left behind.

    SIGINT and SIGTERM are passed on; SIGHUP is ignored. When this process is killed for good, the
    others notice that and end.
    """
    with tempfile.TemporaryDirectory(prefix="dltutor-ranks-") as folder, _Signals() as signals:
        store = str(Path(folder) / "store")
        children: list[subprocess.Popen[bytes]] = []
        try:
            for rank in range(count):
                children.append(
                    subprocess.Popen(
                        command, env=environment(rank, count, store), stdin=subprocess.PIPE
                    )
                )
            return _watch(children, signals, grace)
        finally:
            for child in children:
                with suppress(OSError):
                    child.kill()
                child.wait()
                if child.stdin:
                    with suppress(OSError):
                        child.stdin.close()


def this_program(words: Sequence[str]) -> list[str]:
    """The command that runs `dltutor` with these words, by the same interpreter and files."""
    return [sys.executable, "-P", "-m", "tui.cli", *words]


def environment(rank: int, count: int, store: str) -> dict[str, str]:
    """The variables of one process."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    loopback = next((name for _index, name in socket.if_nameindex() if name[:2] == "lo"), "lo")
    defaults = {
        "OMP_NUM_THREADS": "1",
        "GLOO_SOCKET_IFNAME": loopback,
        "NCCL_SOCKET_IFNAME": loopback,
        "TORCH_CPP_LOG_LEVEL": "ERROR",
    }
    own = {
        "PYTHONPATH": path,
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(count),
        STORE: store,
    }
    return {**defaults, **os.environ, **own}


def end_with_launcher() -> None:
    """End this process, as by SIGTERM, when the one that launched it is gone.

    That one holds the other end of the standard input, and never writes.
    """

    def wait() -> None:
        with suppress(OSError):
            while os.read(0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=wait, name="launcher", daemon=True).start()


class _Signals:
    """Counts the signals that ask to end, from its beginning on."""

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> _Signals:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
            if hasattr(signal, "SIGHUP"):
                self._before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # as `signal` gave it

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


def _watch(children: Sequence[subprocess.Popen[bytes]], signals: _Signals, grace: float) -> Outcome:
    first: tuple[int, int] | None = None
    passed_on, until = 0, float("inf")
    while any([child.poll() is None for child in children]):  # noqa: C419 - ask every one
        if first is None and (first := _in_trouble(children)):
            until = time.monotonic() + grace
        if signals.count > passed_on:
            passed_on = signals.count
            for child in children:
                if child.poll() is None:
                    child.send_signal(
                        signal.SIGKILL if passed_on >= _MOST_SIGNALS else signal.SIGTERM
                    )
        if time.monotonic() > until:
            for child in children:
                if child.poll() is None:
                    child.kill()
        time.sleep(_INTERVAL)
    first = first or _in_trouble(children)
    if first is None:
        return Outcome(0)
    rank, code = first
    if signals.count:
        return Outcome(130)
    if code in _USUAL:
        return Outcome(children[0].returncode if children[0].returncode in _USUAL[1:] else code)
    return Outcome(1, _ended(rank, len(children), code))


def _in_trouble(children: Sequence[subprocess.Popen[bytes]]) -> tuple[int, int] | None:
    """The first process found that ended with another status than 0, and that status.

    One that was killed comes first: the others end because of it.
    """
    ended = [(rank, child.poll()) for rank, child in enumerate(children)]
    bad = [(rank, code) for rank, code in ended if code]
    return min(bad, key=lambda each: (each[1] in _USUAL, each[0]), default=None)


def _ended(rank: int, count: int, code: int) -> str:
    """What happened to a process that cannot say so itself."""
    if code >= 0:
        text = _("Process {number} of {count} ended unexpectedly, with status {status}.")
        return text.format(number=rank + 1, count=count, status=code)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    text = _("Process {number} of {count} was killed ({signal}), so the training stopped.")
    told = text.format(number=rank + 1, count=count, signal=name)
    if name == "SIGKILL":
        told += " " + _(
            "If nobody did that, the machine had too little memory: choose fewer processes."
        )
    return told
