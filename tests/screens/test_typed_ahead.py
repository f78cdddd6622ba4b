"""Keys that arrive in one piece do what they do one after the other, in every kind of field."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.command import CommandList
from textual.widgets import Input, OptionList

from engine.training.guess import Guess
from lessons.derive.tasks import Kind
from lessons.format.catalog import catalog
from lessons.format.document import Lab
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, softmax_running
from tests.screens.test_faded_derivation import SLUG, begin, learner
from tests.screens.waiting import settle
from tui.labs.stepper import StepperLab
from tui.palette import Palette
from tui.screens.data_choice import ChoiceKind, DataChoice, DataChoiceScreen
from tui.screens.help import HelpScreen
from tui.screens.lesson import LessonScreen
from tui.screens.playground import PlaygroundScreen
from tui.screens.training import TrainingScreen
from tui.widgets.hyperparameters import HyperparameterForm

NAMES = {
    "\t": "tab", "\r": "enter", ".": "full_stop", "\x1b": "escape", "/": "slash", " ": "space",
    ",": "comma", "-": "minus", "%": "percent_sign", "\x12": "ctrl+r",
}  # fmt: skip


def send(app: App[None], keys: str) -> None:
    """Put all keys into the queue before the first one is handled, as one chunk of input."""
    for key in keys:
        app.post_message(events.Key(NAMES.get(key, key), key if key.isprintable() else None))


async def test_search(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        send(app, "/softmax\r")
        await settle(pilot)
        home, lesson = app.screen_stack
        assert home.query_one("#find", Input).value == "softmax"
        assert isinstance(lesson, LessonScreen)
        assert lesson.lesson.slug == "functions/softmax"


async def test_settings_of_a_training(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_training("softmax")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        form = screen.query_one(HyperparameterForm)
        send(app, "\t7\t0.25\t64\r")
        await settle(pilot)
        assert list(form.values().values())[:3] == [7, 0.25, 64]
        assert app.focused is None


async def test_playground_settings(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_playground()
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, PlaygroundScreen)
        send(app, "s")
        await settle(pilot)
        fields = [*app.screen.query(Input)]
        fields[0].focus()
        await pilot.pause()
        before = fields[1].value
        send(app, "77\t5")
        await settle(pilot)
        assert "77" in fields[0].value
        assert "77" not in fields[1].value
        assert fields[1].value != before or not fields[1].has_focus


async def test_a_guess(make_tutor: MakeTutor, session: FakeSession) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_training("softmax")
        await settle(pilot)
        send(app, "p2.3\t85%\rs")
        await settle(pilot)
        assert session.started[-1].guess == Guess(2.3, 0.85)


async def test_the_edit_field_of_a_lab(make_tutor: MakeTutor) -> None:
    steps = catalog().load(SLUG).steps
    place = next(
        place
        for place, step in enumerate(steps)
        if any(isinstance(block, Lab) and block.name == "stepper" for block in step.blocks)
    )
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_lesson(SLUG, place)
        await settle(pilot)
        lab = app.screen.query_one(StepperLab)
        lab.focus()
        await settle(pilot)
        before = [*lab.stepping.trace.givens.values()]
        send(app, "e\r0.375\r")
        await settle(pilot)
        assert [*lab.stepping.trace.givens.values()] == [0.375, *before[1:]]


async def test_the_folder_of_an_export(
    make_tutor: MakeTutor, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Path] = []

    def export(snapshot: object, folder: Path, **more: object) -> Path:
        taken.append(folder)
        return folder

    monkeypatch.setattr("tui.screens.export.export", export)
    session.publish(softmax_running())
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_training("softmax")
        await settle(pilot)
        send(app, "e/xyz\r")
        await settle(pilot)
        assert [folder.parts[-2:] for folder in taken] == [("exports", "xyz")]


async def test_the_folder_of_data(make_tutor: MakeTutor, tmp_path: Path) -> None:
    class Missing:
        name: str = "fashion-mnist"
        glyphs: bool = True
        searched: tuple[Path, ...] = (tmp_path,)

    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        taken: list[DataChoice | None] = []
        app.push_screen(DataChoiceScreen(Missing(), holds=lambda *_: True), taken.append)
        await settle(pilot)
        send(app, f"o{tmp_path}\r")
        await settle(pilot)
        assert taken == [DataChoice(ChoiceKind.FOLDER, tmp_path)]


async def test_the_field_of_a_derivation(
    make_tutor: MakeTutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor(SLUG, learner(tmp_path, rounds=2))
    async with app.run_test(size=(80, 24)) as pilot:
        view = await begin(app, pilot)
        while view.current is not None and view.current.kind is not Kind.TYPE:
            send(app, "\x12")
            await settle(pilot)
            send(app, "\r")
            await settle(pilot)
        answered: list[str] = []
        monkeypatch.setattr(view, "_judge", answered.append)
        send(app, "2 z\r")
        await settle(pilot)
        assert answered == ["2 z"]


@pytest.mark.parametrize("is_forwarded", [False, True])
async def test_keys_that_come_after_the_screens_do_nothing(
    is_forwarded: bool, make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor()
    close = app._close_messages

    async def late(wait: bool = True) -> None:
        # The screens are closed, and the application still empties its queue.
        key = events.Key("a", "a")
        if is_forwarded:
            key._set_forwarded()
        app.post_message(key)
        await close(wait)

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(app, "_close_messages", late)
    assert app.return_code in (None, 0)
    assert app.fault_note is None


async def test_the_palette_begins_with_what_belongs_to_the_program(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.action_command_palette()
        await pilot.pause()
        found = app.screen.query_one(OptionList)
        while found.highlighted is None:
            await pilot.pause(0.02)
        titles = [str(option.prompt).split("\n")[0] for option in found.options]
        assert titles[:4] == ["Help", "Review old questions", "Playground", "Theme"]
        assert titles.index("Quit") < titles.index("Lesson: A network worked by hand")
        assert {"Keys", "Maximize"}.isdisjoint(titles), "these are Textual's, and differ from ours"
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


async def test_a_page_down_that_comes_before_the_palette_has_its_list(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.action_command_palette()
        await pilot.pause()
        await pilot.press("a")
        found = app.screen.query_one(OptionList)
        while found.highlighted is None:
            await pilot.pause(0.02)
        palette = app.screen
        assert isinstance(palette, Palette)
        with monkeypatch.context() as patched:  # as before its first layout
            patched.setattr(OptionList, "_update_lines", lambda self: None)
            found._line_cache.clear()
            palette._action_command_list("page_down")
        await pilot.pause()
        assert found.highlighted


@pytest.mark.parametrize("height", [24, 26, 40])
async def test_the_palette_shows_whole_entries(make_tutor: MakeTutor, height: int) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, height)) as pilot:
        await pilot.pause()
        app.action_command_palette()
        await pilot.pause()
        found = app.screen.query_one(CommandList)
        while found.option_count < height:
            await pilot.pause(0.02)
        await pilot.pause()
        rows = found.scrollable_content_region.height
        assert rows % 2 == 0, "each entry has two rows"
        assert rows >= height // 2
        assert found.region.bottom <= height
