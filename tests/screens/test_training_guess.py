"""A guess before a training: the form, the lines in the charts, the verdict at the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.content import Content
from textual.widgets import Static

from engine.training.guess import Guess
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.fake_session import HostApp, linear_finished, softmax_running
from tests.screens.training_app import screen_of
from tui.panes.epoch import EpochPane
from tui.panes.loss import LossPane
from tui.screens.guess import GuessScreen
from tui.screens.training import TrainingScreen
from tui.widgets.chart import Series

SIZE = (80, 24)


def make(recipe: str = "softmax", snapshot: Snapshot | None = None) -> HostApp:
    app = HostApp(TrainingScreen(recipe))
    if snapshot is not None:
        app.fake.publish(snapshot)
    return app


def guessed(series: tuple[Series, ...]) -> list[Series]:
    return [one for one in series if "guessed" in one.name]


async def test_a_guess_goes_into_the_next_training_and_no_further() -> None:
    app = make()
    async with app.run_test(size=SIZE) as pilot:
        assert "p: guess the result first" in screen_of(app).form.message
        border = Content.from_markup(str(screen_of(app).form.border_subtitle))
        lit = [border.plain[at.start : at.end] for at in border.spans if at.style]
        assert lit == ["tab", "p"], "keys stand out"
        await pilot.press("p", *"2.3", "tab", *"85%", "enter")
        assert screen_of(app).form.message.endswith(
            "p: your guess: first loss 2.3, test accuracy 0.85"
        )
        await pilot.press("s")
        assert app.fake.started[-1].guess == Guess(2.3, 0.85)
        app.fake.change(state=SessionState.RUNNING, guess=Guess(2.3, 0.85))
        screen_of(app).refresh_snapshot()
        assert screen_of(app).check_action("guess", ()) is None
        app.fake.change(state=SessionState.FINISHED)
        screen_of(app).refresh_snapshot()
        assert "p: guess the result first" in screen_of(app).form.message
        await pilot.press("s")
        assert app.fake.started[-1].guess == Guess()


async def test_a_guess_is_not_lost_where_the_data_are_missing() -> None:
    app = make()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p", "2", "enter", "s")
        app.fake.change(state=SessionState.FAILED, guess=Guess())
        screen_of(app).refresh_snapshot()
        await pilot.press("s")
        assert app.fake.started[-1].guess == Guess(2.0)


async def test_the_form_is_filled_with_the_guess_and_can_be_emptied_or_left() -> None:
    app = make()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p", "3", "enter", "p")
        assert isinstance(app.screen, GuessScreen)
        assert app.screen.first.value == "3"
        assert app.screen.query_one("#guess").border_title == "Guess"
        assert app.screen.note.region.y - app.screen.last.region.y == 2, "a blank row"
        await pilot.press("backspace", "4", "escape")
        assert screen_of(app).guessing.guess == Guess(3.0)
        await pilot.press("p", "backspace", "enter")
        assert screen_of(app).guessing.guess == Guess()


async def test_a_mistake_is_explained_and_nothing_is_lost() -> None:
    app = make()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p", "tab", *"85", "enter")
        form = app.screen
        assert isinstance(form, GuessScreen)
        assert "from 0 to 1" in str(form.note.content)
        assert app.focused is form.last
        await pilot.press("%", "enter")
        assert screen_of(app).guessing.guess == Guess(None, 0.85)


async def test_for_a_regression_the_last_loss_is_guessed() -> None:
    app = make("linear")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p", "tab", *"0.01", "enter")
        assert screen_of(app).guessing.guess == Guess(None, None, 0.01)


@pytest.mark.parametrize("size", [SIZE, (120, 40)])
async def test_a_guess_is_a_line_in_the_chart_of_what_it_is_about(size: tuple[int, int]) -> None:
    app = make(snapshot=replace(softmax_running(), guess=Guess(2.5, 0.9)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        panes = screen_of(app).panes
        (loss,) = guessed(panes.of(LossPane).chart.drawing.series)
        assert (loss.name, loss.ys) == ("guessed first loss 2.5", (2.5, 2.5))
        assert loss.xs == panes.of(LossPane).chart.drawing.x_limits
        await pilot.press("2")
        (accuracy,) = guessed(panes.of(EpochPane).chart.drawing.series)
        assert (accuracy.name, accuracy.ys) == ("guessed accuracy 0.9", (0.9, 0.9))
        app.fake.change(guess=Guess())
        await pilot.press("1")
        screen_of(app).refresh_snapshot()
        assert guessed(panes.of(LossPane).chart.drawing.series) == []


async def test_a_guess_far_above_the_chart_is_only_named() -> None:
    app = make("linear", replace(linear_finished(), guess=Guess(1e6, None, 5.0)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        panes = screen_of(app).panes
        (loss,) = guessed(panes.of(LossPane).chart.drawing.series)
        assert (loss.name, loss.xs) == ("guessed first loss 1e6 (above the chart)", ())
        await pilot.press("2")
        (final,) = guessed(panes.of(EpochPane).chart.drawing.series)
        assert (final.name, final.ys) == ("guessed test loss 5", (5.0, 5.0))


async def test_the_verdict_stands_below_the_settings_once_the_training_has_ended() -> None:
    app = make(snapshot=replace(softmax_running(), guess=Guess(2.0, 0.9)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        verdict = screen_of(app).query_one("#verdict", Static)
        assert not verdict.display
        app.fake.change(state=SessionState.STOPPED)
        screen_of(app).refresh_snapshot()
        assert verdict.display
        assert str(verdict.content) == (
            "First loss: guessed 2, measured 2.3100."
            " Test accuracy: guessed 0.9, measured 0.7967 after epoch 3 of 10."
        )
        await pilot.press("r", "y")
        assert not verdict.display
