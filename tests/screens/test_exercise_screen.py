"""Writing a function in the editor: saving, testing, hints, the solution, another editor."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.training.turns import SharedTurn
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import Report, check
from lessons.exercises.exercise import Exercise
from lessons.exercises.files import Standing, passed, path_of, standing
from lessons.exercises.training import Course, Row
from lessons.format.catalog import catalog
from tests.screens.conftest import MakeTutor
from tests.screens.leaving import take_parts_away
from tests.screens.test_clicks import click
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.page.lines import line_text
from tui.screens.choice import ChoiceScreen
from tui.screens.exercise import ExerciseScreen
from tui.screens.exercise_training import CourseView, ExerciseTrainingScreen
from tui.screens.text import TextScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.train_row import TrainRow

RIGHT = """import numpy as np
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
def sigmoid_slope(z):
    return sigmoid(z) * (1 - sigmoid(z))
"""
SLIP = RIGHT.replace("sigmoid(z) * (1 - sigmoid(z))", "z * (1 - z)")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of its own has its tests; here the checks alone matter."""

    def run(exercise: Exercise, path: object, heard: object = None) -> Report:
        namespace: dict[str, object] = {}
        exec(path_of(exercise).read_text(), namespace)
        return check(exercise, namespace)

    monkeypatch.setattr("tui.screens.exercise.run", run)


@asynccontextmanager
async def editing(
    app: TutorApp, size: tuple[int, int]
) -> AsyncIterator[tuple[Pilot[None], ExerciseScreen]]:
    """The exercise `sigmoid` in its editor, in a terminal of some columns and rows."""
    async with app.run_test(size=size) as pilot:
        app.open_exercise("sigmoid")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ExerciseScreen)
        yield pilot, screen


def said(screen: ExerciseScreen) -> str:
    return "\n".join(line_text(line) for line in screen.report.lines(60))


async def test_a_slip_is_named_and_what_is_right_passes(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (120, 40)) as (pilot, screen):
        assert screen.editor.has_focus
        screen.editor.load_text(SLIP)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "the slope of an activation" in said(screen)
        assert "✗ sigmoid_slope([0.5])" in said(screen)
        screen.editor.load_text(RIGHT)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "All tests pass" in said(screen)
        assert passed() == {"sigmoid"}
        assert path_of(find_exercise("sigmoid")).read_text() == RIGHT


async def test_hints_come_one_by_one_and_stay_readable(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        await pilot.press("ctrl+t", "ctrl+t")
        assert said(screen).startswith("●●○")
        assert "np.exp" in said(screen)
        assert "value of the sigmoid" in said(screen)


async def test_the_solution_and_the_way_back_keep_the_file(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (120, 40)) as (pilot, screen):
        screen.editor.load_text(SLIP)
        await pilot.press("escape")
        await settle(pilot)
        shown = [key.description for key in screen.query_one(KeyBar).shown]
        assert shown == ["Save and test", "Hint", "Edit", "Solution", "Back", "Help"]
        await pilot.press("d")
        assert isinstance(app.screen, TextScreen)
        assert "+    a = sigmoid(z)" in str(app.screen.text)
        await pilot.press("escape", "q")
        assert not isinstance(app.screen, ExerciseScreen)
        assert path_of(find_exercise("sigmoid")).read_text() == SLIP


async def test_what_another_editor_saves_is_tested(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (120, 40)) as (pilot, screen):
        screen.file.path.write_text(RIGHT)
        screen.look()
        await settle(pilot)
        assert screen.editor.text == RIGHT
        assert "All tests pass" in said(screen)


async def test_x_offers_the_exercises_of_a_lesson(make_tutor: MakeTutor) -> None:
    app = make_tutor("functions/activations")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("x")
        assert isinstance(app.screen, ChoiceScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.exercise.text.lesson == "functions/activations"
        # The steps of this lesson name exercises that belong to others.
        await pilot.press("escape")
        app.choose_exercise(catalog("en").load("backprop/worked-example"))
        await settle(pilot)
        assert isinstance(app.screen, ChoiceScreen)
        assert [name for name, _text in app.screen.options][:2] == ["forward-pass", "deltas"]


@pytest.mark.parametrize(
    "data", [b"x = 1\r\ny = 2\r\n", b"\xef\xbb\xbfx = 1\n", b"# \xe9\xff\x00\n"]
)
async def test_a_file_that_nobody_changed_stays_as_it_is(
    make_tutor: MakeTutor, data: bytes
) -> None:
    path = path_of(find_exercise("sigmoid"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_exercise("sigmoid")
        await settle(pilot)
        if b"\xff" in data:
            await pilot.press("z")  # what is not UTF-8 cannot be changed here
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert not isinstance(app.screen, ExerciseScreen)
    assert path.read_bytes() == data


async def test_what_two_editors_wrote_is_both_kept(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    path = path_of(find_exercise("sigmoid"))
    async with editing(app, (80, 24)) as (pilot, screen):
        screen.editor.load_text("here = 1\n")
        path.write_text("there = 1\n")
        screen.look()
        await settle(pilot)
        assert screen.editor.text == "there = 1\n"
        assert path.with_name("sigmoid.1.py").read_text() == "here = 1\n"
        screen.editor.load_text("here = 2\n")
        path.write_text("there = 2, longer\n")
        assert screen.save()
        assert path.with_name("sigmoid.2.py").read_text() == "there = 2, longer\n"
    assert path.read_text() == "here = 2\n"


async def test_who_quits_from_the_editor_keeps_what_was_typed(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_exercise("sigmoid")
        await settle(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        app.screen.editor.load_text("x = 1\n")
    assert path_of(find_exercise("sigmoid")).read_text() == "x = 1\n"


async def test_what_passes_trains_beside_ours(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(exercise: Exercise, path: object, **given: object) -> Course:
        rows = (Row(1, 2.5, 2.5, 0.0), Row(2, 2.0, 2.0, 1e-17))
        return Course(exercise.name, "mlp", "glyphs", rows, True, True, None, "Together.")

    monkeypatch.setattr("tui.screens.exercise_training.train", train)
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        row = screen.query_one(TrainRow)
        assert not row.display
        screen.editor.load_text(RIGHT)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert row.display
        await pilot.click(row)
        await settle(pilot)
        assert isinstance(app.screen, ExerciseTrainingScreen)
        shown = "\n".join(line_text(line) for line in app.screen.query_one(CourseView).lines(70))
        assert "2.5" in shown
        assert "✓ Together." in shown
        await pilot.press("escape", "escape", "m")
        await settle(pilot)
        assert isinstance(app.screen, ExerciseTrainingScreen)
        await pilot.press("q")
        assert app.screen is screen
        await pilot.press("m")
        await settle(pilot)
        await click(pilot, "esc close")
        assert app.screen is screen


async def test_what_is_saved_while_the_tests_run_is_tested_too(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, go_on = list[str](), threading.Event()

    def run(exercise: Exercise, path: Path, heard: object = None) -> Report:
        text = path.read_text()
        assert go_on.wait(20)
        found.append(text)
        return Report("sigmoid", False, (), None, "No.")

    monkeypatch.setattr("tui.screens.exercise.run", run)
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        screen.editor.load_text(SLIP)
        await pilot.press("ctrl+s")
        screen.editor.load_text(RIGHT)
        await pilot.press("ctrl+s", "ctrl+s")
        go_on.set()
        while len(found) < 2:
            await settle(pilot)
        await settle(pilot)
    assert found == [SLIP, RIGHT]


async def test_the_report_scrolls_by_pages(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        screen.report.show(None, "word " * 400)
        await pilot.press("escape", "pagedown")
        assert screen.query_one("#report-pane").scroll_y > 1


async def test_what_may_not_run_here_is_no_failure(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Report("sigmoid", False, (), None, "Not here.", was_run=False)
    monkeypatch.setattr("tui.screens.exercise.run", lambda *_words, **_more: refused)
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert said(screen) == "Not here."
        assert not screen.report.has_class("-wrong")
    assert standing(find_exercise("sigmoid")) is Standing.UNTESTED


async def test_a_verdict_that_comes_while_the_screen_is_left_is_dropped(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts of a screen go before it does: there is nowhere to show it."""
    left = threading.Event()

    def run(exercise: Exercise, path: object, heard: Callable[[Report], None]) -> Report:
        left.wait(60)
        heard(right)
        return right

    right = Report("sigmoid", True, (), None, "Right.", was_run=False)
    monkeypatch.setattr("tui.screens.exercise.run", run)
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        await pilot.press("ctrl+s")
        await take_parts_away(screen)
        left.set()
        await settle(pilot)
        assert not screen.children


async def test_a_training_with_mine_asks_for_a_turn(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("lessons.exercises.training.launch", None)  # a call would fail
    app = make_tutor("linear/model")
    app.new_turn = lambda: SharedTurn(tmp_path, 0)
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_exercise("sigmoid")
        await settle(pilot)
        await pilot.press("escape", "m")
        await settle(pilot)
        assert isinstance(app.screen, ExerciseTrainingScreen)
        view = app.screen.query_one(CourseView)
        assert view.region.y - app.screen.pane.region.y == 2, "a row of air below the title"
        shown = "\n".join(line_text(line) for line in view.lines(70))
        assert "Nothing can be trained here: this server allows no trainings." in shown
        assert not app._notifications


async def test_what_no_recipe_uses_offers_no_training(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_exercise("accuracy")
        await settle(pilot)
        await pilot.press("escape", "m")
        await settle(pilot)
        assert isinstance(app.screen, ExerciseScreen)


async def test_the_editor_has_colours_also_after_typing_and_in_another_theme(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        screen.editor.load_text("é = 'ü'  # ∂\ndef f():\n    return 12\n")

        def colours(row: int) -> dict[str, str]:
            strip = screen.editor.render_line(row)
            return {
                segment.text.strip(): str(segment.style.color and segment.style.color.name)
                for segment in strip
                if segment.style and segment.text.strip()
            }

        first = colours(0)
        assert len({first["'ü'"], first["# ∂"]}) == 2
        assert colours(1)["def"] != colours(1)["f"]
        screen.editor.insert("x = 3", (3, 0))
        assert colours(3)["3"] == colours(2)["12"]
        dark = colours(1)
        app.theme = next(name for name, theme in app.available_themes.items() if not theme.dark)
        await settle(pilot)
        assert colours(1) != dark


async def test_a_reset_asks_and_keeps_the_old_file(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        screen.editor.load_text("mine = 1\n")
        await pilot.press("escape", "r", "n")
        assert screen.editor.text == "mine = 1\n"
        await pilot.press("r", "y")
        await settle(pilot)
        assert "def sigmoid(z):" in screen.editor.text
        assert screen.file.path.with_name("sigmoid.1.py").read_text() == "mine = 1\n"


async def test_the_learners_own_editor_is_opened_and_its_file_tested(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    right = tmp_path / "right.py"
    right.write_text(RIGHT)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"cp {right}")
    app = make_tutor("linear/model")
    monkeypatch.setattr(type(app), "suspend", lambda _app: contextlib.nullcontext())
    async with editing(app, (120, 40)) as (pilot, screen):
        await pilot.press("ctrl+o")
        await settle(pilot)
        assert screen.editor.text == RIGHT
        assert "All tests pass" in said(screen)
        monkeypatch.setenv("EDITOR", "no-such-editor")
        await pilot.press("ctrl+o")
        monkeypatch.delenv("EDITOR")
        await pilot.press("ctrl+o")
        assert screen.editor.text == RIGHT


async def test_the_last_hint_stays_the_last(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with editing(app, (80, 24)) as (pilot, screen):
        await pilot.press(*["ctrl+t"] * 5)
        assert said(screen).startswith("●●●")
        told = "That was the last hint. escape, d: the solution"
        assert " ".join(said(screen).split()).endswith(told)
        await pilot.press("ctrl+r")
        assert not said(screen)


async def test_the_title_stands_once_with_air_below(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_exercise("sigmoid")
        await settle(pilot)
        await pilot.pause()
        found = [strip.text for strip in app.screen._compositor.render_strips()]
        assert sum(find_exercise("sigmoid").text.title in row for row in found[:11]) == 1
        assert found[1].strip() == ""
