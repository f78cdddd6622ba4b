"""Steps of a lesson for screen tests, and what a part of a page says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.waiting import settle
from tui.page.lines import line_text
from tui.screens.lesson import LessonScreen
from tui.widgets.lines_view import LinesView

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]


def at_step(step: int) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def walk(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, LessonScreen)
        await pilot.app.screen.show_step(step)
        await settle(pilot)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False

    return walk


def shown(view: LinesView) -> str:
    return "\n".join(line_text(line) for line in view.lines(76))
