"""What looks like a key or a link takes clicks."""

from __future__ import annotations

import pytest
from textual.containers import Vertical
from textual.geometry import Offset
from textual.pilot import Pilot

from engine.training.snapshot import SessionState
from tests.faults.keys import receive
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import softmax_running
from tests.screens.training_app import NARROW, WIDE, screen_of, softmax_app
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.key_names import use_keys
from tui.math import cell_width
from tui.screens.chapter import ChapterScreen
from tui.screens.choice import ChoiceScreen
from tui.screens.export import ExportScreen
from tui.screens.guess import GuessScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.widgets.clickable import key_at, key_in


def rows(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen."""
    strips = pilot.app.screen._compositor.render_strips(pilot.app.size)
    return ["".join(segment.text for segment in strip) for strip in strips]


async def click(pilot: Pilot[None], words: str) -> None:
    """Click in the middle of these words, wherever they stand."""
    shown = rows(pilot)
    y = next(y for y, row in enumerate(shown) if words in row)
    await pilot.click(offset=(shown[y].index(words) + len(words) // 2, y))
    await settle(pilot)


async def test_the_keys_below_the_guess_take_clicks() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await click(pilot, "guess the result first")
        assert isinstance(app.screen, GuessScreen)
        await click(pilot, "cancel")
        assert not isinstance(app.screen, GuessScreen)
        await pilot.press("p")
        await click(pilot, "test accuracy after")
        assert app.focused is app.screen.query_one("#guess-last")
        await click(pilot, "loss before")
        await pilot.press("2")
        await click(pilot, "other field")
        await pilot.press(*"0.5")
        await click(pilot, "keep the guess")
        assert "first loss 2, test accuracy 0.5" in screen_of(app).form.message


async def test_the_keys_of_an_export_take_clicks() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e")
        assert isinstance(app.screen, ExportScreen)
        await click(pilot, "escape: cancel")
        assert not isinstance(app.screen, ExportScreen)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_click_on_the_name_of_a_setting_goes_to_its_field(size: tuple[int, int]) -> None:
    app = softmax_app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await click(pilot, "batch size")
        assert app.screen.query_one("#setting-batch_size").has_focus


async def test_a_click_on_folded_settings_unfolds_them() -> None:
    app = softmax_app(softmax_running())
    app.fake.change(state=SessionState.FINISHED)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert not any("validation" in row for row in rows(pilot))
        await click(pilot, "4 more")
        assert any("validation" in row for row in rows(pilot))


async def test_the_keys_of_the_welcome_take_clicks(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        home = app.screen
        await click(pilot, "/ find")
        assert home.query_one("#find").has_focus
        await pilot.press("escape")
        await click(pilot, "? help")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert app.screen is home
        await click(pilot, "Start here")
        assert isinstance(app.screen, LessonScreen)


async def test_a_click_on_the_title_of_a_chapter_opens_it(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        await click(pilot, "Activations and losses")
        assert isinstance(app.screen, ChapterScreen)
        assert app.screen.chapter.slug == "functions"


async def double_click(pilot: Pilot[None], words: str) -> None:
    """Click twice, as a terminal sends it in one piece: nothing happens in between."""
    shown = rows(pilot)
    y = next(y for y, row in enumerate(shown) if words in row)
    x = shown[y].index(words) + 1
    assert isinstance(pilot.app, TutorApp)
    receive(pilot.app, f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m" * 2)
    await settle(pilot)


async def test_a_double_click_on_the_title_of_a_chapter_opens_it(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await double_click(pilot, "Activations and losses")
        assert isinstance(app.screen, ChapterScreen)
        assert app.screen.chapter.slug == "functions"
        assert len(app.screen_stack) == 2


async def test_a_double_click_in_a_choice_leaves_no_other_screen(make_tutor: MakeTutor) -> None:
    app, chosen = make_tutor("backprop/deltas"), list[str | None]()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        below = app.screen
        app.push_screen(ChoiceScreen("Which?", [("a", "first"), ("b", "second")]), chosen.append)
        await settle(pilot)
        assert app.screen.query_one(Vertical).border_title == "Which?"
        await double_click(pilot, "second")
        assert app.screen is below
        assert chosen == ["b"]


async def test_a_click_below_a_choice_closes_it(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("x")
        assert isinstance(app.screen, ChoiceScreen)
        await click(pilot, "escape closes")
        assert isinstance(app.screen, HomeScreen)


def test_a_part_presses_the_key_that_was_chosen() -> None:
    use_keys({"export.leave": "ctrl+r,f2"})
    text = "enter: export · ⟨escape|export.leave⟩: cancel"
    try:
        found = [key_at(text, at) for at in (0, 12, 14, 16, 29, 99)]
    finally:
        use_keys({})
    assert found == ["enter", "enter", "", "ctrl+r", "ctrl+r", ""]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("⟨a|x.a⟩ one  ⟨b|x.b⟩ two", ["a one  ", "b two"]),  # broken at two blanks
        ("⟨a|x.a⟩ one · ⟨b|x.b⟩ two", [" a one ·", " b two "]),  # at one
        ("⟨a|x.a⟩ one\n⟨b|x.b⟩ two", ["a one", "b two"]),  # where the text breaks itself
        ("⟨a|x.a⟩：一，⟨b|x.b⟩：二", ["a：一，", "b：二"]),  # at none, of wide signs
    ],
)
def test_a_part_is_found_in_the_rows_of_a_broken_line(text: str, rows: list[str]) -> None:
    for y, key in enumerate("ab"):
        start, end = rows[y].index(key), cell_width(rows[y].rstrip(" ·，"))
        found = [key_in(rows, Offset(x, y), text) for x in range(cell_width(rows[y]) + 2)]
        assert found == [key if start <= x < end else "" for x in range(len(found))]
