"""A fault while the program ends is neither hidden nor shown as a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from textual import events
from textual.css.query import NoMatches

from engine.folders import state_folder
from lessons.learner.progress import Progress
from tests.faults.keys import tutor
from tests.faults.opening import opening
from tests.faults.terminal import environment, terminal
from tests.screens.leaving import take_parts_away
from tests.unit import warm
from tui.app import TutorApp
from tui.ending import MOST, note
from tui.palette import Palette
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen

SPOILED = """
from tui.app import TutorApp
from tui.cli import main

from tui.screens.home import HomeScreen

def spoiled(pump):
    raise RuntimeError(f"{type(pump).__name__} is spoiled")

HomeScreen._on_unmount = spoiled
sys.exit(main([]))
"""
PROBLEMS = """
import json
from tui.commands import doctor

report = doctor.Report(doctor.inspect_terminal())
doctor._examine_faults(report)
print(json.dumps(report.problems))
"""


@pytest.mark.skipif(not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here")
def test_a_fault_at_the_end_is_told_in_a_sentence_and_noted(tmp_path: Path) -> None:
    with terminal(80, 24) as line:
        process = line.start(SPOILED, env=environment(tmp_path), tidy=True)
        line.wait_for("Help")
        line.quiet()
        line.type("\x11")
        line.wait_until(lambda: process.poll() is not None, "the end")
        line.wait_for("Something went wrong while dltutor ended")
        assert process.returncode == 0
        assert line.left_on() == []
        assert "Traceback" not in line.text
    path = tmp_path / ".local/state/dltutor/faults.txt"
    assert "RuntimeError: HomeScreen is spoiled" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    told = warm.run(["-c", PROBLEMS], env=environment(tmp_path), loaded=True).stdout
    assert [str(path) in problem for problem in json.loads(told)] == [True]


def test_what_is_missed_at_the_end_is_no_fault_and_notes_do_not_grow(empty_home: Path) -> None:
    assert note(NoMatches("gone")) is None
    for number in range(4):
        path = note(ValueError(str(number) * (MOST // 3)))
        assert path == state_folder() / "faults.txt"
    assert path is not None
    assert path.stat().st_size < 1.5 * MOST


async def test_a_screen_may_be_left_before_it_has_come_up(tmp_path: Path, empty_home: Path) -> None:
    app = tutor("home", Progress(tmp_path / "p.sqlite"))
    async with app.run_test() as pilot:
        for name in ("exercise", "training", "playground", "chapter", "question"):
            opening(name).call(app)
            app.pop_screen()
        await pilot.pause()
        assert len(app.screen_stack) == 1
        app.exit()
        app._handle_exception(NoMatches("gone"))
        assert app.fault_note is None
        app._handle_exception(ValueError("no fault of the order"))
        assert app.fault_note is not None


async def test_a_screen_may_be_closed_before_it_has_come_up(
    tmp_path: Path, empty_home: Path
) -> None:
    """So it is where the program ends just then: its parts are never there."""
    app = tutor("home", Progress(tmp_path / "p.sqlite"))
    async with app.run_test() as pilot:
        for name in ("exercise", "training", "playground", "chapter", "question"):
            opening(name).call(app)
            screen = app.screen
            await screen._close_messages()
            assert not screen.is_running
            await app.pop_screen()
        await pilot.pause()
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("name", ["exercise", "training", "playground", "chapter", "question"])
async def test_a_screen_may_be_asked_for_just_before_the_end(
    name: str, tmp_path: Path, empty_home: Path
) -> None:
    app = tutor("home", Progress(tmp_path / "p.sqlite"))
    async with app.run_test():
        opening(name).call(app)
        app._running = False  # as where the end begins: what is mounted from now on is closed
        await app.screen._mounted_event.wait()
    assert app.return_code in (None, 0)


async def test_a_screen_may_be_left_while_a_key_has_its_effect(
    tmp_path: Path, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click is handled beside the key, by the widget that takes it."""
    app = tutor("lesson", Progress(tmp_path / "p.sqlite"))
    async with app.run_test() as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LessonScreen)

        async def left() -> None:
            await app.pop_screen()

        monkeypatch.setattr(screen.page, "remove_children", left)
        await pilot.press("right")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert app.is_running


async def test_a_key_may_come_to_a_screen_before_it_has_come_up(
    tmp_path: Path, empty_home: Path
) -> None:
    """It was typed on the screen before, on which a click has opened this one."""
    app = tutor("home", Progress(tmp_path / "p.sqlite"))
    async with app.run_test() as pilot:
        for name, action in (("playground", "draw"), ("question", "scroll(1)")):
            opening(name).call(app)
            screen = app.screen
            await app.run_action(action, screen)
            await pilot.pause()
            assert app.screen is screen
            assert screen.is_mounted


async def test_what_a_worker_misses_by_leaving_is_no_fault(
    tmp_path: Path, empty_home: Path
) -> None:
    app = tutor("lesson", Progress(tmp_path / "p.sqlite"))
    async with app.run_test() as pilot:
        await pilot.pause()
        screen = app.screen

        async def work() -> None:
            await take_parts_away(screen)
            screen.query_one("#place")

        def begin() -> None:
            screen.run_worker(work())

        screen.call_later(begin)
        await pilot.pause()
        await app.workers.wait_for_complete()
        assert not screen.children
        assert app.is_running


async def test_a_palette_that_is_left_before_it_has_come_up(
    tmp_path: Path, empty_home: Path
) -> None:
    """Textual's looks for the screen below, and there was no other."""
    app = tutor("home", Progress(tmp_path / "p.sqlite"))
    async with app.run_test() as pilot:
        await pilot.pause()
        palette = Palette()
        await app.push_screen(palette)
        app._screen_stack.remove(palette)
        await palette._dispatch_message(events.Mount())
        app._screen_stack.append(palette)


async def failing_twice(app: TutorApp) -> None:
    async with app.run_test():
        app._handle_exception(ValueError("first"))
        app._handle_exception(ValueError("second"))
        assert len(app._exit_renderables) == 1


async def test_the_first_of_several_faults_is_told(tmp_path: Path, empty_home: Path) -> None:
    app = tutor("home", Progress(tmp_path / "p.sqlite"))
    with pytest.raises(ValueError, match="first"):
        await failing_twice(app)
