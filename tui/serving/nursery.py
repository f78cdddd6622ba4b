"""The process that forks one for each visitor, so that all share what it has imported once.

It is started as `python -P -m tui.serving.nursery FD LANGUAGE TRAIN`, the last one `train` or
empty. Over FD, a Unix socket, it is told what to do in lines of JSON, and answers each one:

    {"do": "start", "visit": N, "environment": {…}}   and with it, the socket of the visit and a log
    {"do": "signal", "visit": N, "signal": 15}

It says by itself when it can begin, `{"ready": PID}`, and who has ended, `{"ended": N}`. When the
socket is closed, it ends all its visits, and then itself.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NoReturn

LAST_SECONDS = 12.0
"""How long the visits may take to save everything when the server is gone."""
_MESSAGE = 65_536
_PACKAGES = ("tui.screens", "tui.widgets", "tui.labs", "tui.panes", "tui.page", "tui.figures")
_COMMON_FOLDERS = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")


def main() -> None:
    """Run until the socket of the server is closed."""
    control = socket.socket(fileno=int(sys.argv[1]))
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the server says when to end, and how
    prepare(sys.argv[2])
    Nursery(control, more(trains=sys.argv[3] == "train")).run()


def prepare(language: str) -> None:
    """Import the screens and read the course: all that no visitor changes."""
    from engine import language as languages
    from tui.terminal import settle

    settle(os.environ)
    languages.use(language)
    gc.disable()
    from lessons.format.catalog import catalog
    from tui import labs
    from tui.figures import registry as figures

    labs.declare()
    figures.declare()
    for package in _PACKAGES:
        for found in iter_modules(import_module(package).__path__):
            import_module(f"{package}.{found.name}")
    import_module("tui.app")
    import_module("textual.drivers.web_driver")
    import_module("tui.serving.driver")
    import_module("tui.serving.child")
    catalog()
    settle_memory()


def more(trains: bool) -> Iterator[None]:
    """Import and read what some visitors need, a little at a time, while nobody waits."""
    from lessons.format.catalog import catalog

    contents = catalog()
    for entry in contents.entries():
        if entry.is_written:
            with contextlib.suppress(Exception):  # the lesson itself says what is wrong with it
                contents.load(entry.slug)
            yield
    settle_memory()
    yield
    with contextlib.suppress(Exception):  # it is reported where it is needed
        import torch  # noqa: F401 - lessons compute with it, too
    settle_memory()
    yield
    if not trains:
        return
    with contextlib.suppress(Exception):
        import_module("engine.training.begin")
        import_module("engine.training.loop")
        for found in iter_modules(import_module("engine.recipes").__path__):
            import_module(f"engine.recipes.{found.name}")
    settle_memory()
    yield
    with contextlib.suppress(Exception):
        from engine.data.glyphs import glyph_images

        glyph_images()  # who trains without an image set need not draw it again
    settle_memory()


def settle_memory() -> None:
    """Keep the collector off what is shared: a look at an object would copy its page."""
    gc.collect()
    gc.freeze()


class Nursery:
    """Starts visits, and knows which of them are alive."""

    def __init__(self, control: socket.socket, chores: Iterator[None]) -> None:
        """`chores` are done one by one while nobody asks for anything."""
        self.control = control
        self.alive: dict[int, int] = {}
        """The number of each visit by the process that serves it."""
        self._chores = chores
        self._is_complete = False
        self._rest = b""
        self._descriptors: list[int] = []

    def run(self) -> None:
        """Do what the server says until it hangs up."""
        reading, writing = os.pipe()
        for end in (reading, writing):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGTERM, self._end)
        self._say({"ready": os.getpid()})
        with selectors.DefaultSelector() as selector:
            selector.register(self.control, selectors.EVENT_READ)
            selector.register(reading, selectors.EVENT_READ)
            while True:
                found = selector.select(None if self._is_complete else 0.01)
                if not found:
                    self._is_complete = next(self._chores, self) is self
                for key, _events in found:
                    if key.fileobj is self.control:
                        if not self._listen():
                            self._end()
                    else:
                        with contextlib.suppress(BlockingIOError):
                            os.read(reading, 4096)
                self._reap()

    def _say(self, message: Mapping[str, object]) -> None:
        with contextlib.suppress(OSError):
            self.control.sendall(json.dumps(message).encode() + b"\n")

    def _listen(self) -> bool:
        """Obey what has come; False where the server is gone."""
        try:
            data, descriptors, _flags, _address = socket.recv_fds(self.control, _MESSAGE, 8)
        except OSError:
            return False
        if not data:
            return False
        self._descriptors += descriptors
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            if asked["do"] == "start":
                given, self._descriptors = self._descriptors[:2], self._descriptors[2:]
                try:
                    self._start(asked, given)
                finally:
                    for descriptor in given:
                        os.close(descriptor)
            else:
                self._signal(asked["visit"], asked["signal"])
        return True

    def _start(self, asked: Mapping[str, Any], descriptors: list[int]) -> None:
        try:
            process = os.fork()
        except OSError as error:
            self._say(
                {"started": 0, "visit": asked["visit"], "error": error.strerror or str(error)}
            )
            return
        if process == 0:
            _become(asked["environment"], *descriptors)
        self.alive[process] = asked["visit"]
        self._say({"started": process, "visit": asked["visit"]})

    def _signal(self, visit: int, number: int) -> None:
        for process, served in self.alive.items():
            if served == visit:  # it is not reaped yet, so its number belongs to nobody else
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)

    def _reap(self) -> None:
        while True:
            try:
                process, _status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not process:
                return
            visit = self.alive.pop(process, None)
            if visit is not None:
                self._say({"ended": visit})

    def _end(self, *_signal: object) -> NoReturn:
        """End every visit, then this process."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        until = time.monotonic() + LAST_SECONDS
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self.alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
            while self.alive and (number == signal.SIGKILL or time.monotonic() < until):
                self._reap()
                time.sleep(0.02)
        os._exit(0)


def _become(environment: Mapping[str, str], line: int, log: int) -> NoReturn:
    """In the new process: be the visitor's, and end with the visit."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.setsid()
        os.umask(0o077)
        for source, target in ((line, 0), (line, 1), (log, 2)):
            os.dup2(source, target)
        os.closerange(3, 1024)  # the server's socket, and those of other visitors
        for name in _COMMON_FOLDERS:
            os.environ.pop(name, None)
        os.environ.update(environment)
        random.seed()
        os.chdir(Path(environment["HOME"]))
        from tui.serving.child import visit

        status = visit()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
