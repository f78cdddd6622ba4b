"""A terminal that reads nothing: frames are left out, and signals end the program."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from queue import Queue
from types import SimpleNamespace
from typing import Any

import pytest

from engine.training.checkpoint_file import load
from tests.faults.signals import _left, begin
from tests.faults.terminal import Terminal, terminal
from tui.hangup import tolerant
from tui.output import TolerantFile

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty") or sys.platform != "linux",
    reason="there are no pseudo-terminals, or no /proc, here",
)
ENDS_WITHIN = 30.0
"""Seconds; a few, but for the load of the machine that runs the tests."""
WIDTH, HEIGHT = 100, 30
DIAGNOSIS = ("Measured after", "curvature")
"""What another pane shows, which is opened while nobody reads."""
KEPT = 30
"""So many writes wait for a terminal, before the next would wait itself."""
DOWN_AND_UP = ("\x1b[B", "\x1b[A")
MOST = 1_000_000
"""Bytes: the thirty writes that are kept, what the kernel keeps, and a whole screen."""


def be_deaf(line: Terminal, draws: int) -> None:
    """Read nothing, and have more drawn than the kernel keeps."""
    line.reads(False)
    line.type("?")
    for number in range(draws):  # little is drawn each time: another line of the help is marked
        line.type(DOWN_AND_UP[number % 2])


def test_who_takes_nothing_for_a_while_is_drawn_for_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[str] = []

    class Plain:
        """As much of Textual's driver as writes, by a thread of its own."""

        def __init__(self) -> None:
            self._writer_thread = SimpleNamespace(_queue=Queue(30))
            self._loop = SimpleNamespace(call_later=lambda *_what: None)

        def write(self, data: str) -> None:
            taken.append(data)

    with terminal() as line, os.fdopen(os.dup(line.slave), "w") as slave:
        line.reads(False)
        file = TolerantFile(slave)
        make: Any = tolerant(Plain)  # type: ignore[arg-type]  # stands for a Driver
        driver = make()
        driver._file = file
        assert file.waited == 0
        writing = threading.Thread(target=file.write, args=("x" * 200_000,))
        writing.start()
        line.wait_until(lambda: file.waited, "a write that waits")
        driver.write("a moment is no reason")
        monkeypatch.setattr("tui.hangup.DEAF_AFTER", 0.0)
        driver.write("left out")
        assert taken == ["a moment is no reason"]
        assert driver.is_behind
        line.reads(True)
        writing.join(ENDS_WITHIN)
        assert file.waited == 0


@pytest.mark.parametrize("how", ["SIGINT", "SIGHUP"])
def test_the_program_ends_while_nobody_reads(how: str, tmp_path: Path) -> None:
    with terminal(WIDTH, HEIGHT) as line:
        begin(line, "training running", tmp_path, tidy=False)
        process = line.process
        assert process is not None
        be_deaf(line, KEPT + 10)
        if how == "SIGINT":  # first it reads again, and is sent a whole screen
            line.type("?", "9")
            time.sleep(0.5)
            mark = line.mark
            line.reads(True)
            for part in DIAGNOSIS:
                line.wait_for(part, mark)
            assert line.mark - mark < MOST, "what nobody read was kept"
            be_deaf(line, 10)
        process.send_signal(signal.Signals[how])
        if how == "SIGHUP":  # the training goes on without its terminal
            time.sleep(1.0)
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
        process.wait(ENDS_WITHIN)
        assert process.returncode == 0
        assert _left(process.pid, tmp_path) == []
        line.reads(True)
        line.quiet()
        assert line.left_on() == []
        assert "Traceback" not in line.text
    folder = tmp_path / ".local/share/dltutor/checkpoints"
    kept = [load(path) for path in folder.glob("*/*.safetensors")]
    assert any(one.epoch + one.epoch_step for one in kept)
