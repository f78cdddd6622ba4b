"""What a step needs is computed beside the screen, one after another, before it is asked for."""

from __future__ import annotations

from threading import Event

import pytest
from textual.app import App
from textual.screen import Screen

from lessons.format.document import Predict
from lessons.judge.answers import compute_ahead
from lessons.judge.questions import NumberQuestion
from tests.unit.lessons.course import lesson
from tui.background import wait_until_idle
from tui.screens import ahead
from tui.screens.ahead import Ahead, of_step


async def test_the_newest_comes_next_and_what_has_not_begun_is_left_out() -> None:
    done = list[str]()
    began, goes_on = Event(), Event()

    def slow() -> None:
        began.set()
        goes_on.wait(30)
        done.append("slow")

    def fails() -> None:
        raise ValueError

    app = App[None]()
    async with app.run_test() as pilot:
        work = Ahead(app.screen)
        work.want([slow, lambda: done.append("left out")])
        began.wait(30)
        work.want([lambda: done.append("left out, too")])
        work.want([fails, lambda: done.append("newest")])
        goes_on.set()
        wait_until_idle()
        assert done == ["slow", "newest"]
        work.want([lambda: done.append("again")])
        await pilot.pause()
        wait_until_idle()
        assert done == ["slow", "newest", "again"]
        work.want([])  # as at the last step
        work.want([lambda: done.append("a step back")])
        wait_until_idle()
        assert done[3:] == ["a step back"]


async def test_nothing_more_is_begun_for_a_screen_that_was_left() -> None:
    done = list[str]()
    began, goes_on = Event(), Event()

    def slow() -> None:
        began.set()
        goes_on.wait(30)
        done.append("slow")

    app = App[None]()
    async with app.run_test() as pilot:
        await app.push_screen(Screen())
        Ahead(app.screen).want([slow, lambda: done.append("for nobody")])
        began.wait(30)
        await app.pop_screen()
        await pilot.pause()
        goes_on.set()
        wait_until_idle()
        assert done == ["slow"]


def test_a_verdict_finds_all_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = lesson("backprop/worked-example")
    step, question = next(
        (number, block.question)
        for number, step in enumerate(opened.steps)
        for block in step.blocks
        if isinstance(block, Predict) and isinstance(block.question, NumberQuestion)
    )
    drawn = list[object]()
    monkeypatch.setattr(ahead, "compute_ahead", compute_ahead)  # other tests do without
    monkeypatch.setattr(ahead, "block_lines", lambda block, width: drawn.append(block))
    for work in of_step(opened, step):
        work()
    needed = [question.answer, *(slip.value for slip in question.slips)]
    assert len(needed) > 1
    assert all(value._found for value in needed)  # type: ignore[attr-defined]
    assert drawn == list(opened.steps[step + 1].blocks)
    for work in of_step(opened, len(opened.steps) - 1):
        work()
    assert drawn == list(opened.steps[step + 1].blocks), "after the last step comes none"
