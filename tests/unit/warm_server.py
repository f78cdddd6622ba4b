"""The interpreter of `tests.unit.warm` that has imported PyTorch, and forks for each order.

It has imported dltutor, too, and forgets it in a fork that does not ask for it, which then imports
from where it is told to, as a new one does. Started as a program, with the descriptors of a socket
of the worker that started it, and of one where others may come, it ends with the last of them.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import random
import runpy
import select
import socket
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_FREE = 300
"""From here on, no descriptor that a test passes has its number."""
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


def line_from(from_: socket.socket) -> bytes:
    """Read to the end of a line; nothing follows it before it is answered."""
    read = b""
    while not read.endswith(b"\n"):
        part = from_.recv(65536)
        if not part:
            raise EOFError
        read += part
    return read


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
                order = json.loads(line_from(ready))
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
    import fcntl  # Windows, which has no forks, does not have it

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
