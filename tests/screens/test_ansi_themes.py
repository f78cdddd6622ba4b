"""Every kind of screen opens in every theme of the terminal's own colours, Textual's too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tui.app import TutorApp

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
