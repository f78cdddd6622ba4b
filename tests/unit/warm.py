"""Run programs in forks of one interpreter that has imported PyTorch, which takes seconds.

Started as a program, this file is that interpreter. It has imported dltutor, too, and forgets it
in a fork that does not ask for it, which then imports from where it is told to, as a new one
does. What a program must not import at all, and what happens while an interpreter starts, can only
be tested in a new one.

All workers of a run share the one that the first of them starts; it ends with the last of them,
however that one ends.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import random
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO, TypeAlias

FORKS = hasattr(os, "fork")
ROOT = Path(__file__).parents[2]
_FREE = 300
"""From here on, no descriptor that a test passes has its number."""
_RUN = "PYTEST_XDIST_TESTRUNUID"
SHARED = {_RUN: os.environ.get(_RUN) or str(os.getpid())}
"""What a program needs in its environment to start forks of the same interpreter."""
_LOADED = (
    "http.server", "plotext", "pytest", "rich._emoji_codes", "safetensors.numpy",
    "textual.drivers.headless_driver", "textual.drivers.linux_driver", "textual.pilot",
    "textual.scrollbar", "engine.recipes.linear", "engine.trace_writer", "engine.training.begin",
    "engine.training.begun", "engine.training.keeping", "engine.training.observe",
    "engine.training.session", "engine.worked_example", "lessons.exercises.process",
    "lessons.proof.supervised", "tests.faults.answering", "tests.faults.kills",
    "tests.faults.opening", "tui.cli", "tui.commands.sweep_output", "tui.commands.sweep_pool",
    "tui.commands.train", "tui.figures.graph_layout", "tui.figures.network", "tui.figures.plot",
    "tui.figures.surface", "tui.math.one_line", "tui.screens.exercise", "tui.screens.help",
    "tui.screens.home", "tui.screens.lesson", "tui.screens.review", "tui.screens.training",
    "tui.serving.running", "tui.trainings",
)  # fmt: skip
"""What of dltutor, and for it, has been imported before a program runs that asks for it."""
_READ = ("backprop/deltas", "linear/from-scratch", "linear/model")
"""The lessons that such programs open; what belongs to them is imported with them."""
_OURS = ("engine", "lessons", "tests", "textual", "tui")
"""What others forget: Textual too, which knows of each class that is derived from its own."""
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
    answer: int | None = json.loads(_line(server))
    return answer


def _line(from_: socket.socket) -> bytes:
    """Read to the end of a line; nothing follows it before it is answered."""
    read = b""
    while not read.endswith(b"\n"):
        part = from_.recv(65536)
        if not part:
            raise EOFError
        read += part
    return read


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
        [sys.executable, "-P", __file__, *(str(each.fileno()) for each in given)],
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


def _serve(orders: socket.socket, others: Sequence[socket.socket]) -> None:
    """Obey each worker whose orders are read, until the last one has left."""
    import torchvision  # noqa: F401

    ours = _load()
    for left in weakref.finalize._registry:  # type: ignore[attr-defined]
        left.atexit = False  # what PyTorch takes down in the end took each fork 0.05 s
    gc.collect()
    gc.freeze()  # otherwise each fork looks through all of it in its end, which takes it a second

    workers = [orders]
    while workers:
        for ready in select.select([*workers, *others], [], [])[0]:
            if ready in others:
                workers.append(ready.accept()[0])
                continue
            try:
                _, descriptors, _, _ = socket.recv_fds(ready, 1, 32)
                order = json.loads(_line(ready))
            except (EOFError, ConnectionResetError):  # it has left
                workers.remove(ready)
                ready.close()
                continue
            answer = _obey(order, descriptors, ours, [*workers, *others])
            for descriptor in descriptors:
                os.close(descriptor)
            with suppress(BrokenPipeError):  # it was killed
                ready.sendall(json.dumps(answer).encode() + b"\n")


def _obey(
    order: Any, descriptors: Sequence[int], ours: Sequence[str], lines: Sequence[socket.socket]
) -> int | None:
    """Fork for an order; the fork runs it, and leaves as a new interpreter would.

    A number is no order but a fork, of which is told how it has ended.
    """
    if isinstance(order, int):
        pid, status = os.waitpid(order, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None
    folder, words, env, numbers, tidy, group, loaded = order
    if forked := os.fork():
        if group:
            os.setpgid(forked, forked)
        return forked
    for line in lines:
        line.close()
    for name in ours if not loaded else ():
        del sys.modules[name]
    _become(folder, env, dict(zip(numbers, descriptors, strict=True)))
    with _quick_end() if not tidy else nullcontext():
        _execute(words)
    raise AssertionError("it has ended")


def _load() -> list[str]:
    """Import what programs need; the names of what others have to import themselves."""
    sys.path.insert(0, str(ROOT))
    for name in _LOADED:
        import_module(name)
    from engine.data.glyphs import glyph_images
    from lessons.format.catalog import catalog

    glyph_images()  # most programs that train begin with it
    for slug in _READ:
        catalog().load(slug)
    sys.path.remove(str(ROOT))
    return [name for name in sys.modules if name.partition(".")[0] in _OURS]


def _become(folder: str, env: Mapping[str, str], descriptors: Mapping[int, int]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    random.seed()
    sys.path.insert(0, folder)
    sys.path[1:1] = [each for each in env.get("PYTHONPATH", "").split(os.pathsep) if each]
    out_of_the_way = {
        number: fcntl.fcntl(descriptor, fcntl.F_DUPFD, _FREE)
        for number, descriptor in descriptors.items()
    }
    for descriptor in descriptors.values():
        os.close(descriptor)
    for number, descriptor in out_of_the_way.items():
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    # Textual reads from and prints to these; what is left in them at the end would be lost.
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = (  # type: ignore[misc]
        sys.stdin, sys.stdout, sys.stderr,
    )  # fmt: skip


@contextmanager
def _quick_end() -> Iterator[None]:
    """All that Python does in its end but for taking modules apart."""
    status: object = 1
    try:
        yield
    except SystemExit as left:
        status = left.code
    except BaseException:
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that are no daemons
    atexit._run_exitfuncs()
    if isinstance(status, str):
        print(status, file=sys.stderr)
        status = 1
    with suppress(OSError, ValueError, AttributeError):  # the program may have replaced it
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)


def _execute(words: Sequence[str]) -> None:
    """Run the program, and end."""
    how, what, *arguments = words if words[0] in ("-c", "-m") else ("", *words)
    sys.argv = [how or what, *arguments]
    if how == "-c":
        exec(compile(what, "<string>", "exec"), vars(sys.modules["__main__"]))
    elif not how:
        runpy.run_path(what, run_name="__main__")
    else:
        sys.modules.pop(what, None)  # as if it were not loaded: otherwise there is a warning
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    raise SystemExit(0)


if __name__ == "__main__":
    first, *others = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    _serve(first, others)
    os._exit(0)  # to take down what is imported would take it longer than pytest, which has ended
