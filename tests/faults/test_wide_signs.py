"""Terminals that draw ambiguous signs two cells wide, and such that answer no question."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.signals import STARTING
from tests.faults.terminal import TIMEOUT, Terminal, environment, terminal

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here"
)
DOCTOR = "from tui.cli import main; sys.exit(main(['doctor']))"
ASKS_WHERE = b"\x1b[6n"
TOLD = "two cells wide"


@contextmanager
def answering(line: Terminal, column: int) -> Iterator[None]:
    """Say that the cursor is in this column of the first row, whenever that is asked."""
    done = threading.Event()

    def answer() -> None:
        answered = 0
        while not done.wait(0.005):
            while line.received.count(ASKS_WHERE) > answered:
                os.write(line.master, f"\x1b[1;{column}R".encode())
                answered += 1

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def examined(line: Terminal, home: Path, **given: str) -> str:
    """What `dltutor doctor` says in this terminal; it is left as it was."""
    process = line.start(DOCTOR, env=environment(home, **given))
    assert process.wait(TIMEOUT) == 0
    line.quiet(0.1)
    assert line.left_on() == []
    return " ".join(line.text.split())


@pytest.mark.parametrize(("column", "is_told"), [(2, False), (3, True)])
def test_doctor_tells_of_wide_signs(column: int, is_told: bool, tmp_path: Path) -> None:
    with terminal() as line, answering(line, column):
        assert (TOLD in examined(line, tmp_path)) is is_told


def test_doctor_goes_on_where_nothing_is_answered(tmp_path: Path) -> None:
    with terminal() as line:
        assert TOLD not in examined(line, tmp_path)
        assert ASKS_WHERE in line.received


def opened(column: int, wanted: str, home: Path) -> str:
    """What the screens show until `wanted`, and until they are left."""
    with terminal() as line, answering(line, column):
        process = line.start(STARTING, env=environment(home))
        line.wait_for(wanted)
        mark = line.mark
        line.type("\x11")
        line.wait_until(lambda: process.poll() is not None, "the end")
        assert process.returncode == 0
        assert line.left_on() == []
        assert f";{column}R" not in line.since(mark), "the program itself reads the answer"
        return " ".join(line.text.split())


def test_screens_tell_of_wide_signs_once(tmp_path: Path) -> None:
    assert TOLD not in opened(2, "Help", tmp_path)
    assert TOLD in opened(3, "two cells", tmp_path)
    assert TOLD not in opened(3, "Help", tmp_path)


SILENT = {
    "no answer at all": {},
    "Windows Terminal": {"WT_SESSION": "5a1f", "TERM": "xterm-256color"},
    "Terminal.app by SSH": {"TERM": "xterm-256color", "SSH_TTY": "/dev/pts/9"},
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_screens_do_not_wait_for_an_answer(name: str, tmp_path: Path) -> None:
    with terminal() as line:
        process = line.start(STARTING, env=environment(tmp_path, **SILENT[name]))
        line.wait_for("Help")
        if "SSH_TTY" in SILENT[name]:
            assert not re.search(rb"\x1b\[\?\d+\$p", line.received), "it would show the p"
        mark = line.mark
        line.type("\x11")
        line.wait_until(lambda: process.poll() is not None, "the end")
        assert process.returncode == 0
        line.quiet()  # what it sent last may still be on its way
        assert line.left_on() == []
        assert "$p" not in line.since(mark)
