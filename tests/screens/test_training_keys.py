"""The keys and fields of the training screen, and what they ask of the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from engine.data.search import DataMissing, require
from engine.recipes.catalog import find_recipe
from engine.training.events import StateChanged
from engine.training.hyperparameters import SettingError
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState
from engine.training.task import Source
from tests.screens.drawing import drawn
from tests.screens.fake_session import (
    HostApp,
    softmax_running,
)
from tests.screens.notes import notes
from tests.screens.training_app import NARROW, screen_of, shown_panes, softmax_app, words
from tui.messages import TrainingEvent
from tui.panes.loss import LossPane
from tui.panes.rates import RatesPane
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import DataChoiceScreen
from tui.screens.training import TrainingScreen
from tui.widgets.key_bar import KeyBar


async def test_nothing_is_trained_before_it_is_asked_for() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await drawn(pilot)
        assert app.fake.calls == []
        assert words(app, "#title") == "Softmax regression from scratch"
        assert words(app, "#state") == "○ idle"
        assert "s  Start training" in screen_of(app).progress_row.text
        assert "no measurements yet" in screen_of(app).panes.of(LossPane).chart.text
        assert app.focused is None


async def test_s_starts_with_the_settings_in_the_fields() -> None:
    app = HostApp(TrainingScreen("softmax", {"lr": "0.5", "epochs": "3"}))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
        assert app.fake.started == [
            TrainingOrder(
                find_recipe("softmax"),
                {"epochs": 3, "lr": 0.5, "batch_size": 256, "seed": 0},
                Source(device="auto", data_dir=None, allow_synthetic=False),
                paused=False,
                resume=False,
            )
        ]
        assert words(app, "#state") == "… loading"


async def test_s_pauses_and_goes_on() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
        app.fake.change(state=SessionState.PAUSED)
        screen_of(app).refresh_snapshot()
        assert words(app, "#state") == "‖ paused"
        await pilot.press("s")
        assert app.fake.calls == ["pause", "resume"]


@pytest.mark.parametrize(("key", "call"), [("n", "step"), ("full_stop", "run_epoch")])
async def test_one_step_or_epoch_from_the_beginning(key: str, call: str) -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(key)
        assert app.fake.calls == ["start", call]
        assert app.fake.started[0].paused


async def test_keys_that_cannot_apply_do_nothing() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("x", "r", "f")
        assert app.fake.calls == []
        app.fake.publish(softmax_running())
        screen_of(app).refresh_snapshot()
        await pilot.press("n")
        assert app.fake.calls == []
        await pilot.press("full_stop", "x")
        assert app.fake.calls == ["run_epoch", "stop"]
        app.fake.change(state=SessionState.STOPPED)
        screen_of(app).refresh_snapshot()
        await pilot.press("x", "n", "full_stop")
        assert app.fake.calls == ["run_epoch", "stop"]


async def test_nothing_starts_with_a_wrong_setting() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "backspace", "0", "escape", "s", "n")
        assert app.fake.calls == []
        assert "out of bounds" in screen_of(app).form.message
        await pilot.press("tab", "backspace", "4", "enter", "s")
        assert app.fake.started[0].settings == {
            "epochs": 4, "lr": 0.1, "batch_size": 256, "validation": 0.0, "seed": 0,
            "threads": 1,
        }  # fmt: skip


async def test_letters_typed_into_a_field_are_not_keys() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab")
        assert isinstance(app.focused, Input)
        await pilot.press("s", "x", "n", "q", "4", "full_stop")
        assert app.fake.calls == []
        assert app.focused.value == "sxnq4."
        assert shown_panes(app) == ["pane-loss"]
        await pilot.press("escape")
        assert app.focused is None
        assert isinstance(app.screen, TrainingScreen)


async def test_the_learning_rate_changes_while_training() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "backspace", "0", ".", "3", "enter")
        assert app.fake.learning_rates == [0.3]
        await pilot.press("plus")
        await pilot.press("minus", "minus")
        assert app.fake.learning_rates == [0.3, 0.5, 0.2, 0.1]


async def test_snapshots_with_the_old_learning_rate_do_not_take_the_new_one_back() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("plus")
        app.fake.change(step=810)
        screen_of(app).refresh_snapshot()
        assert screen_of(app).form.values()["lr"] == 0.2
        app.fake.change(settings={"epochs": 10, "lr": 0.2, "batch_size": 256, "seed": 0})
        screen_of(app).refresh_snapshot()
        await pilot.press("plus")
        assert app.fake.learning_rates == [0.2, 0.5]


async def test_another_training_is_not_ended_unasked() -> None:
    app = HostApp(TrainingScreen("linear"))
    app.fake.publish(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert words(app, "#message") == (
            "Recipe “softmax” is training. Starting here ends that training."
        )
        assert words(app, "#state") == "○ idle"
        await pilot.press("x")
        assert notes(app) == [words(app, "#message")]
        await pilot.press("l", "space")
        assert screen_of(app).panes.of(RatesPane).view.sentence == (
            "Recipe “softmax” is training. End that on its screen, then find a rate."
        )
        await pilot.press("1", "s")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("escape")
        assert app.fake.calls == []
        await pilot.press("s", "y")
        assert app.fake.started[0].recipe.name == "linear"


async def test_another_scale_is_told_where_no_loss_is_seen() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("y", "5", "y")
        assert not [*app._notifications]  # both panes draw on the other scale
        for pane in "24":
            await pilot.press(pane, "y")
        told = "The loss has another scale now; pane 1 shows it."
        assert notes(app) == [told, told]


async def test_leaving_does_not_stop_the_training() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("q")
        assert not isinstance(app.screen, TrainingScreen)
        assert app.fake.calls == []


def test_an_unknown_recipe_or_setting_is_refused() -> None:
    with pytest.raises(SettingError, match="no recipe 'magic'"):
        TrainingScreen("magic")
    with pytest.raises(SettingError, match="no setting 'depth'"):
        TrainingScreen("softmax", {"depth": "3"})


async def lose_the_data(app: HostApp, pilot: Pilot[None]) -> None:
    """Start, and let the session fail because the images are nowhere."""
    await pilot.press("s")
    with pytest.raises(DataMissing) as caught:
        require("fashion-mnist", Path("/nowhere"))
    app.fake.change(state=SessionState.FAILED, message=str(caught.value))
    change = StateChanged(SessionState.FAILED, str(caught.value), caught.value)
    app.screen.post_message(TrainingEvent(change))
    await pilot.pause()


async def test_missing_data_opens_the_choice_and_the_built_in_set_starts() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await lose_the_data(app, pilot)
        assert isinstance(app.screen, DataChoiceScreen)
        await pilot.press("b")
        assert [order.source.allow_synthetic for order in app.fake.started] == [False, True]


async def test_retrying_after_one_step_makes_one_step() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("n")
        with pytest.raises(DataMissing) as caught:
            require("fashion-mnist")
        app.fake.change(state=SessionState.FAILED)
        change = StateChanged(SessionState.FAILED, "", caught.value)
        app.screen.post_message(TrainingEvent(change))
        await pilot.pause()
        await pilot.press("r")
        assert app.fake.calls == ["start", "step", "start", "step"]
        assert app.fake.started[1].paused


async def test_leaving_the_choice_leaves_the_failure_on_the_screen() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await lose_the_data(app, pilot)
        await pilot.press("escape")
        assert words(app, "#state") == "✗ failed"
        assert app.fake.calls == ["start"]


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [
        ("x", SessionState.IDLE, "Nothing is being trained. s: start"),
        ("r", SessionState.IDLE, "Nothing has been trained yet. s: start"),
        (
            "e",
            SessionState.IDLE,
            "There is nothing to export yet: no update has been made. Train first.",
        ),
        ("g", SessionState.IDLE, "There is no checkpoint with epochs left to train. s: start"),
        (
            "o",
            SessionState.IDLE,
            "This recipe has no choice of optimisers. These have one: mlp, mlp-concise, "
            "mnist-mlp, mnist-mlp-module, two-layer-optim.",
        ),
        (
            "w",
            SessionState.IDLE,
            "That pane has nothing to show so far: only a recipe that classifies images fills "
            "it, after its first epoch.",
        ),
        (
            "m",
            SessionState.IDLE,
            "There is no other view here. The row of panes names the keys of the others.",
        ),
        ("n", SessionState.RUNNING, "Pause with s first."),
        (
            "p",
            SessionState.RUNNING,
            "Guesses are made before a training starts. r ends this one; then p takes a guess.",
        ),
        ("g", SessionState.RUNNING, "A training is under way. x ends it; then g resumes it."),
        ("g", SessionState.PAUSED, "This training is paused. s: go on with it"),
        (
            "g",
            SessionState.FINISHED,
            "This training has all its epochs. For more, raise “epochs”; then g goes on.",
        ),
        ("n", SessionState.FINISHED, "This training has ended. s: start over"),
        ("full_stop", SessionState.FINISHED, "This training has ended. s: start over"),
        (
            "full_stop",
            SessionState.LOADING,
            "The data is still being loaded. Wait, or press x to end it.",
        ),
    ],
)
async def test_a_greyed_key_says_why_once(key: str, state: SessionState, said: str) -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        if state is not SessionState.IDLE:
            app.fake.publish(replace(softmax_running(), state=state))
            screen_of(app).refresh_snapshot()
        await pilot.press(key, key)
        await pilot.pause()
        assert notes(app) == [said]
        assert app.fake.calls == []


async def test_a_greyed_key_leaves_it_to_the_form_to_say_what_is_wrong() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "backspace", "0", "escape", "n")
        assert notes(app) == []
        assert "out of bounds" in screen_of(app).form.message


async def test_a_click_on_a_greyed_key_of_the_bottom_row_says_why_too() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        bar = app.screen.query_one(KeyBar)
        key = next(key for key in bar.shown if key.action == "stop")
        await pilot.click(offset=bar.region_of(key).offset)
        await pilot.pause()
        assert notes(app) == ["Nothing is being trained. s: start"]


async def test_a_screen_that_is_left_before_it_took_its_size_does_not_end_the_program() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        screen = TrainingScreen("softmax")
        await app.push_screen(screen)
        await pilot.pause()
        late = list[Callable[[], object]]()
        with patch.object(
            screen, "call_after_refresh", lambda call, *given: late.append(partial(call, *given))
        ):
            await screen.on_resize(events.Resize(screen.size, screen.size))
        await app.pop_screen()
        await pilot.pause()
        assert late
        for call in late:
            call()
