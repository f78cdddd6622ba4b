"""Every kind of screen opens in every theme of the terminal's own colours, Textual's too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.screens.home_list import ContentsList

OPENERS: dict[str, Callable[[TutorApp], object]] = {
    "home": lambda app: app.screen,
    "lesson": lambda app: app.open_lesson("functions/softmax"),
    "training": lambda app: app.open_training("softmax"),
    "playground": lambda app: app.open_playground(),
    "exercise": lambda app: app.open_exercise("softmax-gradient"),
    "chapter": lambda app: app.open_chapter("functions"),
    "help": lambda app: app.action_help(),
}


@pytest.mark.parametrize("screen", OPENERS)
async def test_a_screen_opens(make_tutor: MakeTutor, screen: str) -> None:
    app = make_tutor()
    async with app.run_test(size=(120, 40)) as pilot:
        OPENERS[screen](app)
        await settle(pilot)
        there = app.screen
        themes = [name for name, theme in app.available_themes.items() if theme.ansi]
        assert len(themes) > 1
        for name in themes:
            app.theme = name
            await settle(pilot)
            assert app.is_running
            assert app.screen is there


async def test_the_sign_of_the_selected_row_has_another_colour_than_its_ground(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        rows = app.screen.query_one(ContentsList)
        for name in [name for name, theme in app.available_themes.items() if theme.ansi]:
            app.theme = name
            await settle(pilot)
            selected = next(
                strip
                for strip in map(rows.render_line, range(rows.size.height))
                if "A network worked by hand" in strip.text
            )
            assert "○" in selected.text
            for segment in selected:
                style = segment.style
                if segment.text.strip() and style and style.color and style.bgcolor:
                    assert style.color != style.bgcolor, name
                    # The usual colour of the terminal may be that of any ground but its own.
                    assert not style.color.is_default or style.bgcolor.is_default, name
