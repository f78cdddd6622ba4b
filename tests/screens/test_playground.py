"""The playground's screen, its run stepped by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from engine.playground import unit as units
from engine.playground.csv_points import read_points
from engine.playground.features import FEATURES
from engine.playground.points import Points
from engine.playground.run import Run
from engine.playground.settings import Settings, parse
from engine.training.turns import SharedTurn
from tests.screens.conftest import MakeTutor
from tests.screens.drawing import drawn
from tests.screens.layout import problems
from tests.screens.notes import notes
from tests.screens.test_clicks import click
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.math import cell_width
from tui.screens.playground import PlaygroundScreen
from tui.screens.playground_settings import SettingsScreen
from tui.screens.playground_unit import UnitScreen
from tui.screens.playground_words import place
from tui.screens.text import TextScreen
from tui.themes import LIGHT
from tui.widgets.choice_input import ChoiceInput
from tui.widgets.play_features import FeaturePicker

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40), (200, 60)]
FULL = "data=xor layers=8,8,8,8 features=x1,x2,x1^2,x2^2,x1x2,sin1,sin2"


async def opened(
    app: TutorApp, pilot: Pilot[None], line: str = "", read: Points | None = None
) -> PlaygroundScreen:
    app.open_playground(parse(line), read)
    await settle(pilot)
    assert isinstance(app.screen, PlaygroundScreen)
    return app.screen


def said(screen: PlaygroundScreen, name: str) -> str:
    return str(screen.query_one(f"#{name}", Static).content)


async def test_without_a_turn_it_says_so_and_does_not_train(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    app = make_tutor("linear/model")
    app.new_turn = lambda: SharedTurn(tmp_path, 0)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("space")
        while screen.runner.is_going:
            await pilot.pause(0.01)
        screen.look()
        await pilot.pause()
        assert screen.runner.frame.step == 0
        assert "paused" in said(screen, "state")
        (told,) = notes(app)
        assert told == "Nothing can be trained here: this server allows no trainings."
        await pilot.press("right")  # one step by hand is no training
        assert screen.runner.frame.step == 1


@pytest.mark.usefixtures("drawn_at_once")
async def test_the_training_rests_until_the_picture_is_drawn(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot)
        order: list[str] = []
        compose = screen._compositor.render_update

        def rendered(**options: Any) -> object:
            order.append("drawn")
            return compose(**options)

        monkeypatch.setattr(screen._compositor, "render_update", rendered)
        monkeypatch.setattr(screen.runner._free, "clear", lambda: order.append("rests"))
        monkeypatch.setattr(screen.runner._free, "set", lambda: order.append("trains"))
        for key in ("right", "e", "p", "p"):
            order.clear()
            await pilot.press(key)
            await settle(pilot)
            assert order[0] == "rests", key
            assert order.index("drawn") < order.index("trains"), key


async def test_steps_epochs_and_back_in_time(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        run = screen.runner.run
        begun = run.hash
        await pilot.press("right", "right", "left", "e")
        assert run.state.step == 10
        assert "step 10, epoch 1" in said(screen, "numbers")
        await pilot.press("e", "b")
        assert run.state.step == 10
        await pilot.press("n", "right")
        assert screen.settings.seed == 1
        await pilot.press("r")
        assert screen.runner.run.state.step == 0
        assert screen.runner.run.hash != begun
        await pilot.press("greater_than_sign")
        assert screen.settings.layers == (4, 2, 2)
        await pilot.press("p")
        assert screen.surface.shown == "test"
        # A run that stands still says what there is room for after a resize, too.
        for size, is_wide in (((80, 24), False), ((200, 60), True), ((80, 24), False)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert ("right" in said(screen, "numbers")) is is_wide
        await pilot.press("q")
        assert not isinstance(app.screen, PlaygroundScreen)


async def test_a_thread_trains_until_it_is_paused(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("v", "v")
        assert screen.runner.pace == 0
        await pilot.press("space")
        assert "trains" in said(screen, "state")
        while screen.runner.frame.step < 20:
            await pilot.pause(0.005)
        screen.look()
        await pilot.press("enter")
        assert not screen.runner.is_going
        await pilot.press("left")
        step = screen.runner.run.state.step
        assert f"step {step}," in said(screen, "numbers")
        assert step >= 19


async def test_a_unit_is_selected_and_opened(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("u", "down", "down", "plus", "right", "enter")
        assert screen.settings.layers == (5, 2)
        await settle(pilot)
        unit = app.screen
        assert isinstance(unit, UnitScreen)
        assert (unit.place, unit.number) == (1, 0)
        run = Run(parse("layers=1,8"))
        lines = str(UnitScreen(run, 0, 0)._formula(units.opened(run, 0, 0, 0))).split("\n")
        delta = lines.index("δ = f′(z) · Σ w·δ")
        first, *more, result = lines[delta + 1 : delta + 6]
        assert all(cell_width(line) <= 66 for line in (first, *more)), "none is broken anywhere"
        assert {line.index("+ ") + 2 for line in more} == {first.index("(") + 1}
        assert result.startswith("  = ")
        await pilot.press("right")
        assert "Sample 2 of 100" in str(unit.query_one("#formula", Static).content)
        await pilot.resize_terminal(80, 10)
        await pilot.press("pagedown")
        assert unit.pane.scroll_y > 1
        await pilot.resize_terminal(80, 24)
        text = str(unit.query_one("#gradient", Static).content)
        assert "apart" in text
        assert "…" not in text
        await pilot.press("escape", "minus", "escape")
        assert screen.settings.layers == (5, 1)
        assert app.focused is None


async def test_the_output_is_opened_by_mouse(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, "layers=0")
        place = screen.network._places()[1][0]
        for _click in range(2):
            await pilot.click(screen.network, offset=(place.x + 1, place.y))
        await settle(pilot)
        assert isinstance(app.screen, UnitScreen)
        formula = app.screen.query_one("#formula", Static)
        assert formula.region.y - app.screen.pane.region.y == 2, "a row of air below the title"
        assert "σ(z)" in str(formula.content)


async def test_settings_are_changed_in_the_form(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("s")
        form = app.screen
        assert isinstance(form, SettingsScreen)
        await drawn(pilot)
        assert problems(app.screen) == []
        await pilot.press("x")
        assert form.query_one("#data", ChoiceInput).value == "xor"
        form.query_one("#layers", Input).value = "9"
        await pilot.press("enter")
        assert "1 to 8 units" in str(form.query_one("#wrong", Static).content)
        form.query_one("#layers", Input).value = "3, 3"
        form.query_one(FeaturePicker).focus()
        await pilot.press("left", "space", "enter")
        assert screen.settings == Settings(data="xor", layers=(3, 3), features=("x1", "x2", "sin2"))
        await pilot.press("s")
        app.screen.query_one("#line", Input).value = "data=moons seed=4"
        await pilot.press("enter")
        assert screen.settings == Settings(data="moons", seed=4)
        await pilot.press("s")
        app.screen.query_one("#start", ChoiceInput).focus()
        await pilot.press("e", "enter")
        assert screen.settings == Settings(data="moons", seed=4, start="equal")
        await pilot.press("s", "escape")
        assert app.screen is screen


async def test_points_are_drawn_with_keys_and_mouse(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("d", "1")
        assert screen.settings.data == "own"
        assert len(screen.settings.points) == 201
        await pilot.press("c", "1", "up", "0", "right")
        assert screen.surface.pending is not None
        assert len(screen.surface.pending) == 2
        await pilot.click(screen.surface, offset=(2, 2))
        await pilot.click(screen.surface, offset=(6, 2), button=3)
        assert [label for _x, _y, label in screen.settings.points] == [1, 0, 1, 0]
        await pilot.press("backspace")
        assert screen.surface.pending is not None
        assert [label for _x, _y, label in screen.surface.pending] == [1, 0, 1]
        await pilot.press("escape")
        assert screen.surface.pending is None
        assert not screen.surface.is_drawing
        assert parse(screen.settings.line) == screen.settings


async def test_what_is_wrong_and_what_to_try(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, "data=xor optimiser=sgd rate=30 activation=relu")
        screen.runner.step(400)
        screen.show()
        assert said(screen, "state").startswith("! ")
        await pilot.press("9")
        assert isinstance(app.screen, TextScreen)
        assert "learning rate" in str(app.screen.text)
        await click(pilot, "esc close")
        assert app.screen_stack[-1] is screen


async def test_points_of_a_file_and_what_does_not_suit(
    make_tutor: MakeTutor, tmp_path: object
) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "a.csv"
    path.write_text("a,b,c\n1,2,cat\n3,4,dog\n5,0,cat\n2,2,dog\n")
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, "data=csv", read_points(path))
        assert "class dog" in said(screen, "numbers")
        await pilot.press("q")
        app.open_playground(parse("data=csv"))
        await settle(pilot)
        assert not isinstance(app.screen, PlaygroundScreen)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("line", ["", "layers=0 data=hills", FULL])
async def test_nothing_is_cut(make_tutor: MakeTutor, size: tuple[int, int], line: str) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot, line)
        screen.runner.step(3)
        screen.show()
        await settle(pilot)
        await drawn(pilot)
        assert problems(app.screen) == []
        assert "…" not in said(screen, "place")
        await pilot.press("u", "right", "enter")
        await settle(pilot)
        await drawn(pilot)
        assert problems(app.screen) == []


async def test_the_contents_open_it(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        assert isinstance(app.screen, PlaygroundScreen)


PICTURES = {
    "circle": "",
    "spirals": "data=spirals layers=8,6,4 features=x1,x2,sin1,sin2",
    "hills": "data=hills layers=6,3 activation=relu",
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("size", SIZES[:2])
def test_it_looks_as_before(
    make_tutor: MakeTutor, snap_compare: SnapCompare, size: tuple[int, int], name: str
) -> None:
    app = make_tutor("linear/model")
    if name == "hills":
        app.progress.remember("theme", LIGHT)

    async def before(pilot: Pilot[None]) -> None:
        screen = await opened(app, pilot, PICTURES[name])
        screen.runner.step(300)
        screen.show()
        if name == "spirals":
            await pilot.press("u", "right")
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("key", ["enter", "s"])
def test_its_dialogs_look_as_before(
    make_tutor: MakeTutor, snap_compare: SnapCompare, key: str
) -> None:
    app = make_tutor("linear/model")

    async def before(pilot: Pilot[None]) -> None:
        screen = await opened(app, pilot)
        screen.runner.step(80)
        screen.show()
        await pilot.press(*(("u", "right", "enter") if key == "enter" else ("s",)))
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=SIZES[0], run_before=before)


async def test_a_window_too_low_for_the_units_cuts_them(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(120, 40)) as pilot:
        app.open_playground(Settings(layers=(8, 8)))
        await settle(pilot)
        for size in ((247, 10), (60, 18), (120, 40)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        assert "inputs" in app.export_screenshot()


@pytest.mark.parametrize("line", ["", FULL, "data=own points=" + ";".join(["9:-9:1"] * 300)])
@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_settings_at_the_top_are_whole(line: str, width: int) -> None:
    settings = parse(f"{line} l1=0.001 start=equal")
    rows = place(settings, width)
    assert all(cell_width(row) < width for row in rows)
    told = " ".join(rows)
    for word in settings.line.split():
        name, value = word.split("=")
        if name == "points":
            assert "300 drawn points" in told
        elif name == "features":
            titles = ",".join(FEATURES[each].title for each in value.split(","))
            assert (word if "=" in told else titles) in told
        elif name not in ("l2", "data"):
            assert value in told


def test_what_can_be_shared_stands_at_the_top_where_a_row_holds_it() -> None:
    line = parse("").line
    (wide,) = place(parse(""), 200)
    assert wide.endswith(line)
    for width in (80, 120):
        (row,) = place(parse(""), width)
        assert "=" not in row


async def test_another_pace_is_told_where_its_row_says_something_else(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("v")
        assert "100 epochs a second" in said(screen, "state")
        assert not [*app._notifications]
        await pilot.press("d", "v")
        assert notes(app) == ["as fast as possible"]
