"""What comes while the screen is busy: a click or a key for what is leaving or coming, sizes."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual import events
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.widgets import OptionList

from tests.screens.conftest import MakeTutor
from tests.screens.lesson_steps import at_step
from tests.screens.waiting import settle
from tui.palette import Palette
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.widgets.predict import PredictView


def mouse(kind: type[events.MouseEvent], at: Offset) -> events.MouseEvent:
    """The left button at this place of the screen."""
    return kind(
        None, x=at.x, y=at.y, delta_x=0, delta_y=0, button=1,
        shift=False, meta=False, ctrl=False, screen_x=at.x, screen_y=at.y,
    )  # fmt: skip


@pytest.mark.parametrize("where", ["contents", "palette"])
async def test_a_row_that_is_gone_takes_no_click(make_tutor: MakeTutor, where: str) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        if where == "palette":
            await pilot.press("ctrl+p")
            await settle(pilot)
            assert isinstance(app.screen, Palette)
        rows = app.screen.query_one(OptionList)
        assert rows.option_count > 1
        gone = rows.option_count
        for row in (gone, gone - 1):
            click = mouse(events.Click, rows.region.offset)
            click._style = Style.from_meta({"option": row})
            rows.post_message(click)
            await settle(pilot)
            assert app.is_running
            if row == gone:
                assert isinstance(app.screen, HomeScreen if where == "contents" else Palette)
        assert not isinstance(app.screen, HomeScreen if where == "contents" else Palette)


async def test_the_mouse_goes_down_on_what_is_just_leaving(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        first = screen.page.children[0]
        place = first.content_region.offset
        with app.batch_update():  # as from one step to the next: no picture since then
            await screen.page.remove_children()
            screen._forward_event(mouse(events.MouseDown, place))
        await settle(pilot)
        assert app.is_running


async def test_hints_wait_for_a_question_that_is_just_coming(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(1)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        block = screen.page.query_one(PredictView).block
        coming = PredictView(block)
        mounted = screen.page.mount(coming)
        screen._tell_tabs()  # as a key does that comes now
        assert not coming.is_mounted
        await mounted
        screen.tell_tabs()
        await settle(pilot)
        assert not coming.is_next, "`enter` leads to the first question"


async def test_sizes_that_came_while_the_screen_was_busy_do_not_go_round(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        laid_out = list[Size | None]()
        lay_out = Screen._refresh_layout

        def noting(screen: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
            laid_out.append(size)
            assert len(laid_out) < 50, "the sizes go round"
            # As with each layout of a lesson, other messages come between the sizes.
            screen.post_message(events.Callback(callback=lambda: None))
            lay_out(screen, size, scroll)

        monkeypatch.setattr(Screen, "_refresh_layout", noting)
        for width in (120, 60, 100):
            app.screen.post_message(events.Resize(Size(width, 30), Size(width, 30)))
            app.screen.post_message(events.Callback(callback=lambda: None))
        await settle(pilot)
        assert app.screen.size == app.size == Size(80, 24)
