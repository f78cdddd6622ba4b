"""Run programs in forks of one interpreter that has imported PyTorch, which takes seconds.

Started as a program, this file is that interpreter. It imports nothing of dltutor, so that a fork
imports from where it is told to, as a new interpreter does. What a program must not import at all
can only be tested in a new one.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TextIO

FORKS = hasattr(os, "fork")


def run(
    folder: Path, words: Sequence[str], env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """`python WORDS`, where these are -c and a program, or -m, a module and its arguments.

    Modules are imported from `folder` first, which is the current folder, too.
    """
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said) / "out", Path(said) / "err"
        status = _wait(_start(folder, words, env, out, err))
        texts = (path.read_text("utf-8") for path in (out, err))
        return subprocess.CompletedProcess([*words], status, *texts)


class Started:
    """A program that goes on in a fork, as much of a process as is asked for here."""

    def __init__(self, pid: int, stdout: TextIO) -> None:
        self.pid, self.stdout = pid, stdout
        self._status: int | None = None

    def kill(self) -> None:
        """Send SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end: the status, or the negative number of the signal."""
        if self._status is None:
            self._status = _wait(self.pid)
        return self._status


@contextmanager
def started(folder: Path, words: Sequence[str], env: Mapping[str, str]) -> Iterator[Started]:
    """Run what `run` runs beside the test; what it prints is read from `stdout` meanwhile.

    What it says on stderr is lost. It is killed at the end, unless it has been waited for.
    """
    with tempfile.TemporaryDirectory() as said:
        out = Path(said) / "out"
        os.mkfifo(out)
        reader = os.open(out, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(reader, encoding="utf-8") as stdout:
            process = Started(_start(folder, words, env, out, Path(said) / "err"), stdout)
            os.set_blocking(reader, True)
            try:
                yield process
            finally:
                if process._status is None:
                    process.kill()
                    process.wait()


def _start(folder: Path, words: Sequence[str], env: Mapping[str, str], out: Path, err: Path) -> int:
    return _order([str(folder), [*words], dict(env), str(out), str(err)])


def _wait(pid: int) -> int:
    return _order(pid)


def _order(what: object) -> int:
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(what) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-P", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1"},
    )

    def end() -> None:
        server.communicate()

    atexit.register(end)
    return server


def _serve() -> None:
    """Fork for each order that is read; the fork runs it, and leaves as a new interpreter would.

    A number is no order but the fork to wait for.
    """
    import torch  # noqa: F401 - this is what the forks need not do
    import torchvision  # noqa: F401

    for line in sys.stdin:
        order = json.loads(line)
        if isinstance(order, int):
            _, status = os.waitpid(order, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        folder, words, env, out, err = order
        # The fork has it too: whoever reads from a named pipe finds no end before the fork's.
        held = os.open(out, os.O_WRONLY | os.O_CREAT, 0o600)
        forked = os.fork()
        if forked == 0:
            _become(folder, env, out, err)
            _execute(words)
        os.close(held)
        print(forked, flush=True)


def _become(folder: str, env: Mapping[str, str], out: str, err: str) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.path.insert(0, folder)
    for descriptor, place in ((0, os.devnull), (1, out), (2, err)):
        opened = os.open(place, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    # Textual prints to `__stdout__`; what is left in it at the end would be lost.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.__stdout__ = sys.stdout  # type: ignore[misc]
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115


def _execute(words: Sequence[str]) -> None:
    """Run the program, and end."""
    how, what, *arguments = words
    sys.argv = [how, *arguments]
    if how == "-c":
        exec(compile(what, "<string>", "exec"), vars(sys.modules["__main__"]))
    else:
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    raise SystemExit(0)


if __name__ == "__main__":
    _serve()
