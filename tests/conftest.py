"""What every test stands on: an empty home, a fixed terminal, no network, no shared state."""

from __future__ import annotations

import gc
import os
import random
import re
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# Several workers with several threads each wait for each other: a small loss took 9 ms, not 10 µs.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import engine  # noqa: F401 - before NumPy, whose threads it limits
from engine.training import turns
from lessons.learner.progress_file import prepare

# Nothing that is imported or collected becomes garbage: to look for it took a tenth of that time.
gc.disable()

# What is compiled is kept, whatever the machine is set to: otherwise each worker compiles all tests
# again, which took it 7 s, and each program that a test starts compiles dltutor.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The same examples on every run and every machine, however busy it is.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks that tests carry."""
    config.addinivalue_line("markers", "cuda: computes on a GPU, and is left out without one")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of several workers that all find the whole suite, each begins with a part of its own.

    In a new clone the others then find it compiled, when they come to it.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker and session.config.args == session.config.getini("testpaths"):
        paths = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
        number = int(worker["workerid"].removeprefix("gw"))
        for path in paths[number :: worker["workercount"]]:
            # What is wrong with it is told when it is collected.
            with suppress(Exception, pytest.skip.Exception):
                import_module(".".join(path.with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Pilots that wait for what is left to do, not for time; and less looking for garbage.

    Through torch and the course, that took a fifth of all time.
    """
    if "textual.pilot" in sys.modules:
        from tests.screens import drawing, quiet, styles_once

        for part in (styles_once, quiet, drawing):
            part.install()
        from tui.screens import ahead

        # Some answers take a training: few of the tests that open a step give one.
        vars(ahead)["compute_ahead"] = lambda question: None
    gc.enable()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_sessionfinish() -> None:
    """Work beside screens that were left ends first: Python may crash when it ends under it."""
    if "tui.background" in sys.modules:
        from tui.background import wait_until_idle

        wait_until_idle()
    # What is garbage is found now: pytest looks five times, through all that is not.
    gc.collect()
    gc.freeze()


ROOT = Path(__file__).parents[1]
DAY = date(2026, 3, 2)

_numbers = count()
"""Numbers of folders. Left to itself, pytest reads a folder of thousands to find the next one."""


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """An empty folder, called as the test is."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    return tmp_path_factory.mktemp(f"{name}{next(_numbers)}", numbered=False)


@pytest.fixture(autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test."""
    home = tmp_path_factory.mktemp(f"home{next(_numbers)}", numbered=False)
    monkeypatch.setenv("HOME", str(home))
    random.seed(0)  # a lab that draws its numbers draws the same ones in each test
    for name, folder in {
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "XDG_CACHE_HOME": ".cache",
        "XDG_CONFIG_HOME": ".config",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
    return home


# What is the same for every test is set once: a fixture takes each test half a millisecond.
@pytest.fixture(autouse=True, scope="session")
def same_for_all() -> Iterator[None]:
    """No settings of the machine, no network, one day, and options in the order of their files."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _set_terminal(monkeypatch)
        _forbid_network(monkeypatch)
        monkeypatch.setattr("lessons.learner.progress.local_day", lambda: DAY)
        _keep_priority(monkeypatch)
        _do_not_wait_for_the_disk(monkeypatch)
        # A test that wants them shuffled draws a seed of its own.
        monkeypatch.setattr("lessons.learner.seed.new_seed", lambda: "")
        yield


@pytest.fixture(scope="session")
def fixed_day(same_for_all: None) -> date:
    """The day on which every test of this process runs."""
    return DAY


def _set_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DLTUTOR_DATA", "NO_COLOR", "FORCE_COLOR", "SSH_CONNECTION", "SSH_TTY", "TMUX",
        "COLUMNS", "LINES",  # they would hide the size of a pseudo-terminal
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLTUTOR_LANG", "en")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


def _keep_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shared training takes a low priority for its thread: never for the thread of the tests.

    It would be kept to the end, and passed on to every process that is started after it.
    """
    lower = turns._be_patient

    def lower_another() -> None:
        if threading.current_thread() is not threading.main_thread():
            lower()

    monkeypatch.setattr(turns, "_be_patient", lower_another)


def _do_not_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written has to outlive a program that is killed, not a machine without power."""

    def prepare_at_once(base: sqlite3.Connection) -> None:
        off = "PRAGMA synchronous = OFF"
        ((_, _, name),) = base.execute("PRAGMA database_list")
        if name and Path(name).is_file() and not Path(name).stat().st_size:
            base.execute(off)  # to make the tables would wait 20 ms
        prepare(base)
        base.execute(off)

    monkeypatch.setattr("lessons.learner.progress_store.prepare", prepare_at_once)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def _forbid_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine is a mistake of the test."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError("tests have no network")
        connect(self, address)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture
def drawn_at_once() -> Iterator[None]:
    """Screens are drawn as with a terminal, not only when the test asks for it."""
    from tests.screens.drawing import drawing_when

    with drawing_when("always"):
        yield
