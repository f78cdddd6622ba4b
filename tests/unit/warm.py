"""Run programs in forks of one interpreter that has imported PyTorch, which takes seconds.

`tests.unit.warm_server` is that interpreter. What a program must not import at all, and what
happens while an interpreter starts, can only be tested in a new one.

All workers of a run share the one that the first of them starts; it ends with the last of them,
however that one ends.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TextIO, TypeAlias

from tests.unit import warm_server
from tests.unit.warm_server import line_from

FORKS = hasattr(os, "fork")
ROOT = Path(__file__).parents[2]
_RUN = "PYTEST_XDIST_TESTRUNUID"
SHARED = {_RUN: os.environ.get(_RUN) or str(os.getpid())}
"""What a program needs in its environment to start forks of the same interpreter."""
_FOR_LOADED = {"DLTUTOR_LANG": "en", "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}
"""What is looked at while dltutor and Textual are imported, as in all tests but a few."""


class Started:
    """A program in a fork: as much of `subprocess.Popen` as is asked for here."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The status, or the negative number of the signal that ended it; None as long as it runs.

        As with `subprocess`, it is a zombie until this, or `wait`, has been called.
        """
        if self.returncode is None:
            self.returncode = _order(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, at most so many seconds: what `poll` gives.

        Raises subprocess.TimeoutExpired.
        """
        if (status := self.poll()) is not None:
            return status
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        with _end_of(self.pid) as has_ended:
            while (status := self.poll()) is None:
                left = until - time.monotonic()
                if left < 0:
                    raise subprocess.TimeoutExpired(f"fork {self.pid}", timeout or 0)
                has_ended(left)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


Process: TypeAlias = "Started | subprocess.Popen[bytes]"


def start(
    words: Sequence[str],
    *,
    folder: Path = ROOT,
    env: Mapping[str, str] | None = None,
    stdin: int = 0,
    stdout: int = 1,
    stderr: int = 2,
    pass_fds: Sequence[int] = (),
    tidy: bool = True,
    group: bool = False,
    new: bool = False,
    loaded: bool = False,
) -> Process:
    """`python WORDS`: -c and a program, -m and a module, or a file of the folder, with arguments.

    Modules are imported from `folder` first, which is the current folder, too. The streams are
    descriptors of this process; those of `pass_fds` have the same numbers in the other. A program
    that is not `tidy` ends without taking its modules apart, which takes 0.3 s. With a `group` it
    leads a group of processes of its own. A `new` interpreter has imported nothing before; it is
    started where there are no forks, too. A program that is `loaded` finds imported what most
    programs of dltutor need, as long as it imports from here and none of its variables says
    otherwise; an option must not choose another language.
    """
    streams = [stdin, stdout, stderr]
    given = dict(os.environ if env is None else env)
    if new or not FORKS:
        return subprocess.Popen(
            [sys.executable, *words], cwd=folder, env=given,
            stdin=stdin, stdout=stdout, stderr=stderr, pass_fds=pass_fds, start_new_session=group,
        )  # fmt: skip
    loaded &= folder == ROOT and {**given, **_FOR_LOADED} == given
    order = [str(folder), [*words], given, [0, 1, 2, *pass_fds], tidy, group, loaded]
    forked = _order(order, [*streams, *pass_fds])
    assert forked is not None
    return Started(forked)


def run(
    words: Sequence[str],
    *,
    folder: Path = ROOT,
    env: Mapping[str, str] | None = None,
    loaded: bool = False,
) -> subprocess.CompletedProcess[str]:
    """What `start` starts, to its end, with what it has printed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = start(
            words, folder=folder, env=env, tidy=False, loaded=loaded,
            stdout=out.fileno(), stderr=err.fileno(),
        )  # fmt: skip
        status = process.wait()
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
        return subprocess.CompletedProcess([*words], status, *texts)


@contextmanager
def started(
    words: Sequence[str], *, env: Mapping[str, str] | None = None, loaded: bool = False
) -> Iterator[tuple[Process, TextIO]]:
    """What `start` starts, beside the test, and what it prints. It is killed in the end."""
    reader, writer = os.pipe()
    with os.fdopen(reader, encoding="utf-8") as stdout:
        process = start(words, env=env, stdout=writer, tidy=False, loaded=loaded)
        os.close(writer)
        try:
            yield process, stdout
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()


class Piped(Started):
    """A program in a fork whose streams are pipes, in a group of processes of its own.

    As much of `subprocess.Popen` as the program asks for where it starts Python; `words` are
    without the interpreter.
    """

    def __init__(
        self, words: Sequence[str], env: Mapping[str, str], *, loaded: bool = False
    ) -> None:
        ends = [os.pipe() for _ in range(3)]
        (theirs, ours), *others = ends
        started = start(
            words, env=env, stdin=theirs, stdout=others[0][1], stderr=others[1][1],
            tidy=False, group=True, loaded=loaded,
        )  # fmt: skip
        for end in (theirs, others[0][1], others[1][1]):
            os.close(end)
        super().__init__(started.pid)
        self.stdin = os.fdopen(ours, "w", encoding="utf-8")
        self.stdout, self.stderr = (os.fdopen(end, encoding="utf-8") for end, _ in others)


@contextmanager
def _end_of(pid: int) -> Iterator[Callable[[float], object]]:
    """What waits for the end of a process, at most so many seconds.

    Without Linux it waits a moment: to ask each time takes both sides their time.
    """
    if not hasattr(os, "pidfd_open"):
        yield lambda _seconds: time.sleep(0.005)
        return
    end = os.pidfd_open(pid)
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(end, selectors.EVENT_READ)
            yield lambda seconds: selector.select(min(seconds, 60))
    finally:
        os.close(end)


def _order(what: object, descriptors: Sequence[int] = ()) -> int | None:
    server = _server()
    socket.send_fds(server, [b"."], descriptors)
    server.sendall(json.dumps(what).encode() + b"\n")
    answer: int | None = json.loads(line_from(server))
    return answer


@cache
def _server() -> socket.socket:
    ours, its = socket.socketpair()
    given = [its]
    if name := _name():
        others = socket.socket(socket.AF_UNIX)
        while True:
            try:
                others.bind(name)
                break
            except OSError:  # another worker was faster, and listens, or is about to
                with suppress(ConnectionRefusedError):
                    others.connect(name)
                    return others
                time.sleep(0.01)
        others.listen()
        given.append(others)
    server = subprocess.Popen(
        [sys.executable, "-P", warm_server.__file__, *(str(each.fileno()) for each in given)],
        stdin=subprocess.DEVNULL,
        pass_fds=[each.fileno() for each in given],
        cwd="/",
        env={**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1", **_FOR_LOADED, **SHARED},
    )
    for each in given:
        each.close()

    def end() -> None:
        ours.close()
        if _RUN not in os.environ:  # otherwise it may serve others for longer
            server.wait()

    atexit.register(end)
    return ours


def _name() -> str:
    """Where it listens for other workers, and for programs that want forks themselves.

    Only Linux has names that are no files: such a one is free as soon as nobody listens to it.
    """
    return f"\0dltutor {SHARED[_RUN]}" if sys.platform == "linux" else ""
