"""Several processes that train together, forked from this one: so torch is imported only once."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from engine.ranks.group import Group
from engine.ranks.launch import environment
from engine.ranks.place import Place

T = TypeVar("T")


def together(size: int, folder: Path, work: Callable[[Group], T]) -> list[T]:
    """What `work` gives in each of `size` processes; `folder` is where they find each other.

    What it gives must be plain values. A process that fails fails the test, with its traceback.
    """
    os.environ["GLOO_SOCKET_IFNAME"] = "lo" if sys.platform == "linux" else "lo0"
    context = multiprocessing.get_context("fork")
    store = str(folder / f"store-{size}-{os.urandom(4).hex()}")
    started = []
    for rank in range(size):
        receiver, sender = context.Pipe(duplex=False)
        place = Place(rank, size, rank, size, store)
        process = context.Process(target=_run, args=(place, work, sender), daemon=True)
        process.start()
        sender.close()
        started.append((process, receiver))
    answers = []
    for process, receiver in started:
        try:
            answers.append(receiver.recv())
        except EOFError:
            answers.append("the process ended without an answer")
        process.join(20)
    troubles = [text for text in answers if isinstance(text, str)]
    assert not troubles, "\n".join(troubles)
    return [answer[0] for answer in answers]


def _run(place: Place, work: Callable[[Group], T], answer: Connection) -> None:
    try:
        group = Group.join(place)
        answer.send((work(group),))
        group.leave()
    except BaseException:
        answer.send(traceback.format_exc())


class Ranks:
    """Processes that run `main` as torchrun would start them; their output goes to files."""

    def __init__(self, size: int, folder: Path, main: Callable[[], int]) -> None:
        self.folder = folder
        self._open, write = os.pipe()  # stays open: nobody writes to their standard input
        self._write = write
        store = str(folder / f"store-{os.urandom(4).hex()}")
        self.pids = [self._fork(rank, size, store, main) for rank in range(size)]

    def _fork(self, rank: int, size: int, store: str, main: Callable[[], int]) -> int:
        pid = os.fork()
        if pid:
            return pid
        status = 99
        try:
            os.close(self._write)
            os.dup2(self._open, 0)
            for stream, name in ((1, "out"), (2, "err")):
                file = os.open(
                    self.folder / f"{name}-{rank}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                )
                os.dup2(file, stream)
            sys.stdout, sys.stderr = (os.fdopen(number, "w") for number in (1, 2))
            os.environ |= environment(rank, size, store)
            status = main()
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def out(self, rank: int) -> str:
        """What a process has printed so far."""
        return (self.folder / f"out-{rank}").read_text(encoding="utf-8")

    def err(self, rank: int) -> str:
        """What it has printed to stderr so far."""
        return (self.folder / f"err-{rank}").read_text(encoding="utf-8")

    def wait_for(self, text: str) -> None:
        """Wait until process 0 has printed `text`."""
        for _look in range(3000):
            with contextlib.suppress(FileNotFoundError):
                if text in self.out(0):
                    return
            time.sleep(0.01)
        raise AssertionError(f"{text!r} was not printed: {self.out(0)} {self.err(0)}")

    def wait(self) -> list[int]:
        """The exit status of each, or the negative number of the signal that ended it."""
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in self.pids]
        os.close(self._open)
        os.close(self._write)
        return codes
