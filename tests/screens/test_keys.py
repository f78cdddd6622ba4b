"""Keys that the learner has changed, the bottom row, preferences, links."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Input, Static

from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession
from tests.screens.lesson_steps import shown
from tests.screens.notes import notes
from tests.screens.test_clicks import click
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.config import Config
from tui.labs.nudging import NudgingLab
from tui.page.lines import Ink
from tui.screens.help import HelpScreen, about
from tui.screens.lesson import LessonScreen
from tui.screens.training import TrainingScreen
from tui.widgets.feedback import Feedback
from tui.widgets.key_bar import KeyBar
from tui.widgets.static_block import StaticBlock


def configured(tmp_path: Path, config: Config, lesson: str = "backprop/deltas") -> TutorApp:
    return TutorApp(
        lesson=lesson,
        progress=Progress(tmp_path / "p.sqlite"),
        make_session=lambda _: FakeSession(),
        preload=None,
        config=config,
    )


async def test_a_changed_key_calls_its_action_and_the_old_one_does_not(tmp_path: Path) -> None:
    app = configured(tmp_path, Config(keys={"lesson.next": "n"}))
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await pilot.press("n")
        assert screen.step == 1
        await pilot.press("escape", "right")
        assert screen.step == 1


async def test_a_key_that_a_field_does_not_take_as_a_character_works_there_too(
    tmp_path: Path,
) -> None:
    app = configured(tmp_path, Config(keys={"app.help": "f1"}), "backprop/worked-example")
    async with app.run_test() as pilot:
        await pilot.press("right", "right", "3")
        assert app.screen.query_one(Input).has_focus
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)


async def test_a_changed_key_keeps_its_place_in_the_bottom_row(tmp_path: Path) -> None:
    app = configured(tmp_path, Config(keys={"lesson.next": "N,right", "lesson.symbols": "ctrl+s"}))
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("N", "escape")
        await pilot.pause()
        shown = [(key.display, key.action) for key in app.screen.query_one(KeyBar).shown]
        assert shown[0] == ("N", "next")
        assert ("^s", "symbols") in shown


async def test_hints_name_the_keys_that_are_in_force(tmp_path: Path) -> None:
    keys = {
        "predict.reveal": "ctrl+e", "lesson.next": "N", "nudging.up": "plus", "app.help": "f1",
        "derivation.reveal": "R", "training.pane_loss": "L", "training.start": "S",
        "training.log": "Y", "lesson.enter": "E", "predict.answer": "ctrl+d",
    }  # fmt: skip
    app = configured(tmp_path, Config(keys=keys), "backprop/worked-example")
    async with app.run_test(size=(160, 50)) as pilot:
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        await lesson.show_step(2)
        feedback = lesson.query(Feedback).first()
        assert shown(feedback) == "E: answer · N: skip"
        await settle(pilot)
        await click(pilot, ": answer")
        assert app.screen.query_one(Input).has_focus
        assert not app.screen.query_one(Input).value, "the key is not typed into the field"
        lines = feedback.lines(80)
        told = "".join(text for line in lines for text, _ink in line)
        assert "ctrl+d: answer · ctrl+e: reveal · escape, then N: skip" in told
        lit = [text for line in lines for text, ink in line if ink is Ink.CODE]
        assert lit == ["ctrl+d", "ctrl+e", "escape", "N"], "keys stand out of the quiet words"
        await lesson.show_step(3)
        await pilot.press("N")
        lab = lesson.query_one(NudgingLab)
        lab.focus()
        await pilot.pause()
        assert "← + nudge" in str(lab.query_one("#note", Static).content)
        assert "f1 keys" in str(lab.border_subtitle)
        app.open_training("softmax")
        await settle(pilot)
        training = app.screen
        assert isinstance(training, TrainingScreen)
        assert "L loss" in training.pane_bar.content.plain
        assert training.pane_bar.content.plain.endswith(" Y: log · m: view")


async def test_help_lists_every_key_that_works_and_none_that_does_not(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:

        def rows() -> dict[str, str]:
            groups = HelpScreen(app.screen).groups
            return {each.binding.key: about(each) for _title, group in groups for each in group}

        found = rows()
        assert found["tab"] == "Go to the next question, field, list or lab"
        assert found["ctrl+p"] == "Find a lesson, a training, or a setting by its name"
        assert found["ctrl+c"].startswith("Copy the selected text")
        for key, title in (("question_mark", "Keys available here"), ("i", "Symbols of “")):
            await pilot.press(key)
            await pilot.pause()
            pane = app.screen.query_one("#help")
            assert str(pane.border_title).startswith(title)
            told = Content.from_markup(str(pane.border_subtitle)).plain
            assert told == "esc close", "in view however long the list is"
            await pilot.press("escape")
            await pilot.pause()
        await pilot.press("slash")
        await pilot.pause()
        found = rows()
        assert found["ctrl+u"] == "Delete to the start of the line"
        assert not {"up", "pagedown"} & {*found}, "a line of text does not scroll"
        await pilot.press("escape")
        await pilot.pause()
        assert rows()["end"] == "Last row"


async def test_wrong_names_of_keys_are_told_beside_the_first_screen(tmp_path: Path) -> None:
    app = configured(tmp_path, Config(keys={"lesson.nexd": "n"}))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert any("Did you mean lesson.next" in note for note in notes(app))


async def test_keys_of_the_bottom_row_are_told_apart_without_colour(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        bar = app.screen.query_one(KeyBar)
        places = [bar.region_of(key) for key in bar.shown]
        assert len(places) == 6
        gaps = [right.x - left.right for left, right in pairwise(places)]
        assert gaps == [2] * 5, "more than the one cell between a key and what it does"


async def test_low_bandwidth_refreshes_less_and_says_so_where_it_covers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    app = configured(tmp_path, Config())
    async with app.run_test() as pilot:
        assert app.refresh_rate == 1.0
        await pilot.press("g")
        await settle(pilot)
        assert not app._notifications
        assert "low bandwidth · " in str(app.screen.query_one("#overall", Static).render())
        await pilot.press("question_mark")
        await settle(pilot)
        notes = [str(note.render()) for note in app.screen.query(".help-note").results(Static)]
        assert len(notes) == 1
        assert 'low_bandwidth = "off"' in notes[0]
    quick = configured(tmp_path, Config(low_bandwidth="off"))
    assert quick.refresh_rate == 4.0
    async with quick.run_test() as pilot:
        await pilot.press("g", "question_mark")
        await settle(pilot)
        assert isinstance(quick.screen, HelpScreen)
        assert not quick.screen.query(".help-note")


async def test_with_reduced_motion_no_cursor_blinks(tmp_path: Path) -> None:
    app = configured(tmp_path, Config(reduced_motion=True), "backprop/worked-example")
    async with app.run_test() as pilot:
        await pilot.press("right", "right", "3")
        field = app.screen.query_one(Input)
        assert field.has_focus
        assert not field.cursor_blink


async def test_a_problem_in_the_preferences_is_told(tmp_path: Path) -> None:
    app = configured(tmp_path, Config(problems=("That is wrong.",)))
    async with app.run_test():
        assert any("That is wrong." in note for note in notes(app))


async def test_the_bottom_row_holds_six_keys_at_most_and_help_last(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(60, 24)) as pilot:
        for key in ("right", "right", "right", "g", "slash"):
            await pilot.press(key)
            for width in (60, 80, 120):
                await pilot.resize_terminal(width, 24)
                await pilot.pause()
                bar = app.screen.query_one(KeyBar)
                shown = bar.shown
                where = f"{key}, {width} columns"
                assert 1 <= len(shown) <= 6, where
                assert shown[-1].action.endswith("help"), where
                assert bar.region_of(shown[-1]).right <= width, where
        assert isinstance(app.focused, Input)
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("f1", "escape")
        assert not isinstance(app.screen, HelpScreen)


async def test_a_key_of_the_bottom_row_takes_clicks(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        bar = screen.query_one(KeyBar)
        key = next(key for key in bar.shown if key.action == "next")
        await pilot.mouse_down(offset=bar.region_of(key).offset)
        await pilot.pause()
        assert screen.step == 1


async def test_the_key_under_the_mouse_is_marked_and_explained(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        bar = app.screen.query_one(KeyBar)

        def marked() -> str:
            usual = bar.rich_style.bgcolor
            return "".join(
                part.text
                for part in bar.render_line(0)
                if part.style and part.style.bgcolor != usual
            )

        assert marked() == ""
        first, key = bar.shown[:2]
        end = bar.region_of(key).right
        await pilot.hover(offset=bar.region_of(key).offset)
        assert (marked(), bar.tooltip) == (f"{key.display} {key.description}", key.tooltip)
        assert key.tooltip
        await pilot.hover(offset=(end - 1, 23))
        assert marked() == f"{key.display} {key.description}"
        await pilot.hover(offset=(end, 23))
        assert (marked(), bar.tooltip) == ("", None), "between two keys is none"
        step = app.screen.step if isinstance(app.screen, LessonScreen) else None
        await pilot.click(offset=(end, 23))
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.step == step
        await pilot.hover(offset=bar.region_of(first).offset)
        assert marked() == f"{first.display} {first.description}"
        await pilot.hover(offset=(0, 0))
        assert marked() == ""


async def test_links_are_followed_by_key_and_by_click_and_there_is_a_way_back(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("functions/softmax")
    async with app.run_test(size=(100, 60)) as pilot:
        place, view, at = await first_link(app)
        await pilot.pause()
        await pilot.click(view, offset=at)
        await pilot.pause()
        followed = app.screen
        assert isinstance(followed, LessonScreen)
        assert followed.lesson.slug != "functions/softmax"
        await pilot.press("escape", "backspace")
        back = app.screen
        assert isinstance(back, LessonScreen)
        assert (back.lesson.slug, back.step) == ("functions/softmax", place)
        await pilot.press("escape", "o")
        if not isinstance(app.screen, LessonScreen):
            await pilot.press("enter")
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.lesson.slug != "functions/softmax"


async def first_link(app: TutorApp) -> tuple[int, StaticBlock, tuple[int, int]]:
    """The first step with a link in its text; the view, and where the link stands in it."""
    screen = app.screen
    assert isinstance(screen, LessonScreen)
    for step in range(len(screen.lesson.steps)):
        await screen.show_step(step)
        for view in screen.query(StaticBlock):
            for y, line in enumerate(view.lines(view.content_size.width or 88)):
                x = 0
                for text, ink in line:
                    if ink is Ink.LESSON and view.display:
                        return step, view, (x + 1, y)
                    x += len(text)
    raise AssertionError("no link in this lesson")
