"""Signals and keys that end or stop the screens; the long version tries all on all."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.faults.signals import survive, survive_start
from tests.faults.terminal import TIMEOUT
from tests.unit import warm

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty") or sys.platform != "linux",
    reason="there are no pseudo-terminals, or no /proc, here",
)
TRIED = (
    ("lesson", "SIGQUIT"), ("question", "SIGINT"), ("home", "ctrl+z"),
    ("exercise", "SIGHUP"), ("training running", "SIGHUP"),
)  # fmt: skip


TAKEN_APART = ("question", "training running")
"""Where the end of the interpreter is waited for too: it takes longer than all before."""


@pytest.mark.parametrize(("screen", "how"), TRIED)
def test_the_terminal_is_restored_and_all_is_saved(screen: str, how: str, tmp_path: Path) -> None:
    assert survive(screen, how, tmp_path, tidy=screen in TAKEN_APART) == []


def test_a_signal_before_the_first_frame(tmp_path: Path) -> None:
    # The alternate screen is there, and what is written next hides the cursor.
    assert survive_start(signal.SIGQUIT, "\x1b[?25l", tmp_path) == []


@pytest.mark.parametrize("code", ["while True: pass", "sum(iter(int, 1))"])
def test_code_without_an_end_ends_with_the_program(code: str, tmp_path: Path) -> None:
    path, noted = tmp_path / "relu.py", tmp_path / "pid"
    tell = f"import os\nopen({str(noted)!r}, 'w').write(str(os.getpid()))\n"
    path.write_text(tell + code)
    program = (
        "import sys; from pathlib import Path; from lessons.exercises.process import run;"
        "from lessons.exercises.catalog import find_exercise;"
        "run(find_exercise('relu'), Path(sys.argv[1]))"
    )
    process = warm.start(["-c", program, str(path)], loaded=True)
    until = time.monotonic() + TIMEOUT
    while not (noted.exists() and noted.read_text()):
        assert time.monotonic() < until, "the learner's code never ran"
        time.sleep(0.02)
    process.kill()
    process.wait()
    while Path(f"/proc/{noted.read_text()}").exists():
        assert time.monotonic() < until, "the learner's code still runs"
        time.sleep(0.02)
