"""Questions in a lesson: what is typed, what is said to it, what waits for an answer."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from lessons.format.document import LessonError
from lessons.judge.verdicts import Diagnosis
from tests.screens.conftest import MakeTutor
from tests.screens.lesson_steps import SnapCompare, at_step, shown
from tests.screens.test_clicks import click
from tests.screens.waiting import settle
from tui.screens.lesson import LessonScreen
from tui.widgets.feedback import Feedback
from tui.widgets.key_bar import KeyBar
from tui.widgets.predict import PredictView, QuestionText


def test_question(make_tutor: MakeTutor, snap_compare: SnapCompare) -> None:
    app = make_tutor("backprop/worked-example")
    assert snap_compare(app, terminal_size=(80, 24), run_before=at_step(1))


@pytest.mark.parametrize(
    ("slug", "step", "key", "verdict"),
    [
        ("backprop/worked-example", 1, ": skip", "skipped"),
        ("backprop/deltas", 4, ": reveal", "shown"),
    ],
)
async def test_the_keys_below_a_question_take_clicks(
    make_tutor: MakeTutor, slug: str, step: int, key: str, verdict: str
) -> None:
    app = make_tutor(slug)
    async with app.run_test(size=(80, 40)) as pilot:
        await at_step(step)(pilot)
        await settle(pilot)
        await pilot.press("escape")
        view = app.screen.query(PredictView).first()
        assert shown(view.query_one(Feedback)) == "enter: answer · →: skip"
        await click(pilot, ": answer")
        assert view.field.has_focus
        await click(pilot, key)
        assert view.is_settled
        assert [answer.verdict for answer in app.progress.answers()] == [verdict]


async def test_what_follows_a_question_waits_for_the_answer(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(4)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        after = screen.page.children[-2]
        assert not after.display
        assert screen.focused is None, "not on the derivation, which is not shown yet"
        await pilot.press("tab", "a", "enter")  # a slip does not settle it
        assert not after.display
        await pilot.press("backspace", "b", "enter")
        await settle(pilot)
        assert after.display
        assert app.progress.last_answer("backprop/deltas", "deltas_missing_weight") == "b"


async def test_going_on_without_an_answer_is_noted_and_shows_the_rest(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(4)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await pilot.press("right")
        await settle(pilot)
        assert screen.step == 4
        assert all(widget.display for widget in screen.page.children)
        await pilot.press("right")
        await settle(pilot)
        assert screen.step == 5
        assert [answer.verdict for answer in app.progress.answers()] == ["skipped"]


async def test_a_slip_is_named_and_the_answer_kept(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> Diagnosis:
        raise LessonError("course/facts.py", 41, "This stops with ValueError: no.", "Fix it.")

    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", *"0.3219", "enter")
        feedback = app.screen.query_one(Feedback)
        assert feedback.diagnosis is not None
        assert feedback.diagnosis.slip == "half-precedence"
        assert "at the first output only" in shown(feedback)
        await pilot.press("escape", "left", "right")
        again = app.screen.query_one(PredictView)
        assert again.query_one(Input).value == "0.3219"
        assert "at the first output only" in shown(again.query_one(Feedback))
        monkeypatch.setattr("tui.widgets.predict.judge", stopped)
        await pilot.press("tab", "enter")
        assert "computed (facts.py:41: This stops with Val" in shown(again.query_one(Feedback))
        assert not again.is_settled
        assert [answer.verdict for answer in app.progress.answers()] == ["slip", "skipped"]


async def test_field_and_hint_stand_below_the_question(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(1)(pilot)
        start = app.screen.query_one(QuestionText).content_region.x + len("? ")
        field = app.screen.query_one(PredictView).field
        assert app.screen.query_one(Feedback).content_region.x == start
        assert field.content_region.x == start
        assert field.region.x == start - 1, "its ground begins a cell before the text"
        await pilot.press(*"0.7", "enter")
        await settle(pilot)
        assert app.screen.query_one(Feedback).content_region.x == start


async def test_the_bottom_row_says_what_judges_the_answer(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(1)(pilot)
        await pilot.press(*"0.7")
        await settle(pilot)
        keys = [key.description for key in app.screen.query_one(KeyBar).shown]
        assert keys == ["Answer", "Reveal", "Leave field", "Help"]


async def test_a_right_answer_gives_the_keys_back(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", *"0.29837", "enter")
        await pilot.pause()
        assert "✓ right" in shown(app.screen.query_one(Feedback))
        await pilot.press("right")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.step == 3


async def test_letters_in_a_field_are_no_keys(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", "g", "q", "t")
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("enter")
        assert "cannot be computed" in shown(app.screen.query_one(Feedback))
        await pilot.press("escape", "g")
        assert not isinstance(app.screen, LessonScreen)


async def test_nothing_that_is_typed_breaks_the_page(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        field, said = app.screen.query_one(Input), ""
        for typed in ("<b>", "[a](b)", "`*_$x$`", "](number:", "![x](y)", "\\\\"):
            field.focus()
            field.value = typed
            await pilot.press("enter")
            await pilot.pause()
            assert app.is_running, typed
            before, said = said, shown(app.screen.query_one(Feedback))
            assert "cannot be computed" in said, typed
            assert said != before, typed


async def test_the_answer_can_be_revealed(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", "ctrl+r")
        assert "0.298371109" in shown(app.screen.query_one(Feedback))


@pytest.mark.parametrize("keys", ["\t0.59674\r", "0.59674\r"])
async def test_an_answer_whose_keys_arrive_together_is_whole(
    make_tutor: MakeTutor, keys: str
) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(2)(pilot)
        names = {"\t": "tab", "\r": "enter", ".": "full_stop"}
        for key in keys:  # all of them before the first one is handled
            app.post_message(events.Key(names.get(key, key), key))
        await settle(pilot)
        await pilot.pause()
        (answer,) = app.progress.answers()
        assert (answer.text, answer.verdict) == ("0.59674", "slip")
        await pilot.press("5", "enter")  # the next one replaces it
        assert app.progress.answers()[-1].text == "5"
