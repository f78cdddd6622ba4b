"""Random keys, clicks and sizes: nothing raises, and the layout comes back.

`python -m tests.faults.long keys` and `… sizes` do the same for long, over all screens and labs.
"""

from __future__ import annotations

import asyncio
import os
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from textual import events
from textual.geometry import Size

from lessons.learner.progress import Progress
from tests.faults.keys import open_screen, press, random_acts, receive, resize, tutor
from tests.faults.opening import with_old_answers
from tests.faults.signals import STARTING
from tests.faults.terminal import environment, terminal
from tests.screens.leaving import take_parts_away
from tui.widgets.key_bar import KeyBar
from tui.widgets.static_block import StaticBlock

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


async def test_a_new_size_arrives_however_late_the_machine_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where 20 ms passed as its timer began, this size was lost, and each one after it."""
    app = tutor("home", Progress(tmp_path / "p.sqlite"))
    looks = count()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        began = monotonic()
        # The clock of Textual's timers: whoever looks at it twice was kept waiting in between.
        monkeypatch.setattr("textual._time.get_time", lambda: began + next(looks) / 50)
        for size in (Size(100, 30), Size(90, 40)):
            app.post_message(events.Resize(size, size))
            async with asyncio.timeout(5):  # a pilot would not leave it to the timer
                while app.screen.outer_size != size:  # for which it was laid out
                    await asyncio.sleep(0.005)
        monkeypatch.undo()


PRESSED, MOVED, LET_GO = "\x1b[<0;{};{}M", "\x1b[<32;{};{}M", "\x1b[<0;{};{}m"


async def test_the_mouse_on_what_is_being_taken_away(tmp_path: Path, empty_home: Path) -> None:
    """A widget that is gone is drawn until the next layout: a press on it raised."""
    app = tutor("lesson", Progress(tmp_path / "p.sqlite"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = app.screen
        cells = [(x, y) for y in range(screen.size.height) for x in range(screen.size.width)]
        drawn = {screen.get_widget_at(*cell)[0]: cell for cell in reversed(cells)}
        text = [block for block in screen.query(StaticBlock) if block in drawn]
        assert text
        for block in text:
            column, row = (place + 1 for place in drawn[block])
            receive(app, PRESSED.format(column, row))  # begins to mark what is about to go
            await pilot.pause()
            block.remove()
            for what in (MOVED, LET_GO, PRESSED, MOVED, LET_GO):
                # The widget is there no more, and no layout has come between.
                receive(app, what.format(column, row))
            await pilot.pause()
            assert app.is_running
            assert not screen._selecting


LEFT = ("home", "chapter", "lesson", "review", "exercise", "training", "playground", "help",
        "lab stepper", "lab fading")  # fmt: skip


@pytest.mark.parametrize("opened", LEFT)
async def test_a_screen_that_is_left_is_not_asked_for_its_parts(
    opened: str, tmp_path: Path, empty_home: Path
) -> None:
    """Where the keys were to be shown again just then, what they depend on had gone: it raised."""
    progress = Progress(tmp_path / "p.sqlite")
    with_old_answers(progress)
    app = tutor(opened, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_screen(opened, pilot, app)
        screen = app.screen
        bars = [*screen.query(KeyBar)]
        await take_parts_away(screen, but=bars)
        for bar in bars:
            bar.renew()
        assert all(active.node is app for active in screen.active_bindings.values())


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
