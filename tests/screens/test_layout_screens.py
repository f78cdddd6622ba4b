"""Home, help, symbols, chapter, training and a sample of steps, looked over by the walker."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.screens.conftest import MakeTutor
from tests.screens.layout import problems
from tests.screens.test_layout_lessons import WIDTHS
from tests.screens.waiting import settle
from tui.screens.lesson import LessonScreen
from tui.widgets.static_block import StaticBlock

pytestmark = pytest.mark.usefixtures("drawn_at_pauses")

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_of_the_program(make_tutor: MakeTutor, size: tuple[int, int]) -> None:
    app = make_tutor("backprop/worked-example")
    wrong: list[str] = []
    widths: set[int] = set()
    async with app.run_test(size=size) as pilot:

        async def look(what: str) -> None:
            await settle(pilot)
            await pilot.pause()  # the row of keys is renewed once more
            for field in app.screen.query(Input):
                field.cursor_blink = False
            wrong.extend(f"{what}: {one}" for one in problems(app.screen))

        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        for step in range(0, len(lesson.lesson.steps), 3):
            await lesson.show_step(step)
            await look(f"step {step}")
            if not lesson.page.has_class("-with-lab"):  # the lab is given all of the width
                blocks = lesson.page.query(StaticBlock)
                widths |= {block.content_size.width for block in blocks if block.display}
        await pilot.press("question_mark")
        await look("help")
        await pilot.press("escape")
        lesson.action_symbols()
        await look("symbols")
        await pilot.press("escape")
        app.open_training("softmax")
        await look("training")
        await pilot.press("q")
        lesson.action_contents()
        await look("home")
        app.open_chapter("backprop")
        await look("chapter")
    assert wrong == []
    assert widths <= set(WIDTHS)
