"""A lab stays as it was left: when the learner comes back to its step, and to its lesson."""

from __future__ import annotations

import pytest
from textual.widgets import Input, Static

from lessons.format.catalog import catalog
from tests.screens.lab_stand_ins import use_stand_ins
from tests.screens.test_lab_contract import Page, keys_of
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.labs import labs, make_lab
from tui.labs.base import Lab
from tui.labs.fading import FadingLab
from tui.screens.lesson import LessonScreen

APART = {"lockstep", "reading_data", "update_loop", "gallery", "scatter", "descent"}
"""Labs whose view waits for work on a thread or for data, or is drawn for the room that the note
leaves; what they keep is compared alone."""
WORKED = "backprop/worked-example"


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_ins(monkeypatch)


def shown(lab: Lab) -> dict[str, str]:
    """What stands in the parts of a lab but its note."""
    parts = [part for part in lab.query(Static) if part.id not in (None, "note")]
    return {str(part.id): str(part.content) for part in parts}


@pytest.mark.parametrize("name", sorted(labs()))
async def test_another_lab_goes_on_where_this_one_was(name: str) -> None:
    page = Page(name)
    states: list[dict[str, object]] = []
    page.lab.keep = states.append
    async with page.run_test(size=(120, 40)) as pilot:
        page.lab.focus()
        for key in keys_of(page.lab)[:6]:
            if key not in ("F", "enter", "s", "e", "r"):
                await pilot.press(key)
        await settle(pilot)
        before = shown(page.lab)
        await page.lab.remove()
        assert len(states) == 1
        other = make_lab(name, {})
        other.restore(states[0])
        await page.query_one("#page").mount(other)
        await settle(pilot)
        assert other.kept() == states[0]
        if name not in APART:
            assert shown(other) == before


async def test_blanks_that_were_filled_are_there_again() -> None:
    lesson = catalog().load(WORKED)
    step = lesson.keys.index("everything-blank")
    app = TutorApp(lesson=WORKED)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await screen.show_step(step)
        await pilot.pause()
        lab = screen.query_one(FadingLab)
        first, example = lab.example.blanks[0], lab.example
        await pilot.press("enter")
        assert lab.query_one(Input).has_focus, "the key of the lesson leads to the blank"
        await pilot.press("0", "enter", "ctrl+r")
        assert first in lab.filled.verdicts
        await pilot.press("escape", "1")
        assert lab.example != example
        await pilot.press("3")
        assert lab.example == example
        assert first in lab.filled.verdicts, "a level that was left is there again"
        await screen.show_step(step - 1)
        await screen.show_step(step)
        await pilot.pause()
        again = screen.query_one(FadingLab)
        assert again is not lab
        assert (again.example, first in again.filled.verdicts) == (example, True)
        app.forget_labs(WORKED)
        await screen.show_step(step - 1)
        app.forget_labs(WORKED)
        await screen.show_step(step)
        await pilot.pause()
        assert not screen.query_one(FadingLab).filled.verdicts
