"""Random keys, clicks and sizes: nothing raises, and the layout comes back.

`python -m tests.faults.long keys` and `… sizes` do the same for long, over all screens and labs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.keys import press, random_acts, resize
from tests.faults.signals import STARTING
from tests.faults.terminal import environment, terminal

pytestmark = pytest.mark.usefixtures("drawn_at_once")

STARTED = (
    ("lesson", (80, 24)), ("training", (120, 40)), ("lab activations", (60, 18)),
)  # fmt: skip
RESIZED = ("lesson", "question", "training", "training paused", "lab stepper")


@pytest.mark.parametrize(("screen", "size"), STARTED)
async def test_random_keys_and_clicks(screen: str, size: tuple[int, int], tmp_path: Path) -> None:
    acts = random_acts(len(screen), 25, size)
    await press(screen, size, acts, tmp_path / "log")


@pytest.mark.parametrize("screen", RESIZED)
async def test_after_any_size_the_layout_comes_back(screen: str) -> None:
    assert await resize(screen, 6, seed=3) == []


@pytest.mark.skipif(not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here")
def test_too_small_a_terminal_is_told_in_a_sentence(tmp_path: Path) -> None:
    with terminal(59, 17) as line:
        process = line.start(STARTING, env=environment(tmp_path))
        line.wait_for("This window is 59×17. dltutor needs 60×18")
        for columns, rows in ((1, 1), (300, 5)):
            line.resize(columns, rows)
            line.quiet()
        line.wait_for("This window is 300×5.")
        assert "lessons done" not in line.text
        mark = line.mark
        line.resize(80, 24)
        line.wait_for("lessons done", mark)
        line.wait_for("Help", mark)
        line.type("\x11")
        line.wait_until(lambda: process.poll() is not None, "the end")
        assert process.returncode == 0
        assert line.left_on() == []
