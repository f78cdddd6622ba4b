"""The review, the end of a lesson, an exercise, a race and the rate finder, looked over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from engine.training.snapshot import SessionState
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import HostApp, softmax_running
from tests.screens.kept_runs import app_with, run_with
from tests.screens.layout import HELP, problems
from tests.screens.test_rates_pane import view_of
from tests.screens.waiting import settle
from tests.small_course import small_course
from tui.screens.lesson import LessonScreen
from tui.screens.review import ReviewScreen
from tui.screens.training import TrainingScreen

pytestmark = pytest.mark.usefixtures("drawn_at_pauses")

SIZES = [(80, 24), (120, 40)]


async def found(app: App[None], pilot: Pilot[None], *left_out: str) -> list[str]:
    await settle(pilot)
    await pilot.pause()  # the row of keys is renewed once more
    for field in app.screen.query(Input):
        field.cursor_blink = False
    return [str(one) for one in problems(app.screen) if one.kind not in left_out]


@pytest.mark.parametrize("size", SIZES)
async def test_the_review(
    make_tutor: MakeTutor, tmp_path: Path, fixed_day: date, size: tuple[int, int]
) -> None:
    days = [fixed_day - timedelta(days=3)]
    progress = Progress(tmp_path / "p.sqlite", lambda: days[-1])
    progress.answer("backprop/one", "z_h1", "0.3775", "right")
    progress.answer("backprop/two", "grad_w5", "", "shown")
    days.append(fixed_day)
    app = make_tutor(progress=progress, contents=small_course(tmp_path / "en"))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        wrong = await found(app, pilot)
        await pilot.press(*"9", "enter")
        wrong += await found(app, pilot, HELP)  # in a field, ? is typed
        await pilot.press("ctrl+r", "escape")
        wrong += await found(app, pilot)
        app.open_chapter("backprop")  # its list has shaky questions now, and a card says more
        wrong += await found(app, pilot)
        await pilot.press("end")
        wrong += await found(app, pilot)
        app.choose_exercise()
        wrong += await found(app, pilot)
        assert wrong == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_end_of_a_lesson(make_tutor: MakeTutor, size: tuple[int, int]) -> None:
    app = make_tutor("functions/softmax")
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await screen.show_recap()
        assert await found(app, pilot) == []


@pytest.mark.parametrize("size", SIZES)
async def test_an_exercise(make_tutor: MakeTutor, size: tuple[int, int]) -> None:
    app = make_tutor()
    async with app.run_test(size=size) as pilot:
        app.open_exercise("sigmoid")
        wrong = await found(app, pilot, HELP)
        await pilot.press("ctrl+t")
        wrong += await found(app, pilot, HELP)
        await pilot.press("escape")
        wrong += await found(app, pilot)
        assert wrong == []


@pytest.mark.parametrize("size", SIZES)
async def test_a_race(size: tuple[int, int]) -> None:
    app = app_with(*(run_with(number, lr=0.1 * number) for number in (1, 2, 3)))
    running = replace(softmax_running(4), run="softmax-4", state=SessionState.RUNNING)
    app.fake.publish(running)
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        await screen.action_pane("runs")
        assert await found(app, pilot, HELP) == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_rate_finder(size: tuple[int, int]) -> None:
    app = HostApp(TrainingScreen("linear", {"seed": "3"}))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("l")
        wrong = await found(app, pilot, HELP)
        await pilot.press("space")
        await settle(pilot)
        assert view_of(app).found is not None
        wrong += await found(app, pilot, HELP)
        assert wrong == []
