"""`r` ends a run and leaves the training screen as it was at the beginning."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from engine.training.events import StateChanged
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, HostApp, softmax_running
from tests.screens.training_app import screen_of
from tui.messages import TrainingEvent
from tui.screens.confirm import ConfirmScreen
from tui.screens.training import TrainingScreen
from tui.widgets.setting_field import SettingField

SIZE = (80, 24)


def make(snapshot: Snapshot | None = None) -> HostApp:
    app = HostApp(TrainingScreen("softmax"))
    if snapshot is not None:
        app.fake.publish(snapshot)
    return app


def locked(app: HostApp) -> set[str]:
    return {f.parameter.name for f in app.screen.query(SettingField) if f.input.disabled}


def state(app: HostApp) -> str:
    return str(app.screen.query_one("#state", Static).content)


async def become(app: HostApp, pilot: Pilot[None], to: SessionState, **more: object) -> None:
    """What the session and the application do when the state changes."""
    app.fake.change(state=to, **more)
    for screen in app.screen_stack:
        screen.post_message(TrainingEvent(StateChanged(to)))
    await pilot.pause()


def assert_as_at_the_beginning(app: HostApp) -> None:
    screen = screen_of(app)
    assert state(app) == "○ idle"
    assert locked(app) == set()
    assert "s  Start training" in screen.progress_row.text
    assert "device and data are set" in str(screen.query_one("#facts", Static).content)
    can = {key: screen.check_action(key, ()) for key in ("start_or_pause", "one_step", "one_epoch")}
    assert set(can.values()) == {True}, can
    for key in ("stop", "reset", "export", "freeze"):
        assert screen.check_action(key, ()) is None, key


@pytest.mark.parametrize("begin", [SessionState.RUNNING, SessionState.PAUSED])
async def test_reset_ends_a_run_and_then_clears_the_screen(begin: SessionState) -> None:
    app = make(replace(softmax_running(), state=begin))
    async with app.run_test(size=SIZE) as pilot:
        assert locked(app) > {"epochs", "seed"}
        await pilot.press("r")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("y")
        assert app.fake.calls == ["stop"]
        await become(app, pilot, SessionState.STOPPED)
        assert app.fake.calls == ["stop", "forget"]
        assert app.fake.started == []
        assert_as_at_the_beginning(app)


@pytest.mark.parametrize(
    "ended", [SessionState.FINISHED, SessionState.STOPPED, SessionState.FAILED]
)
async def test_reset_clears_a_run_that_has_ended(ended: SessionState) -> None:
    app = make(replace(softmax_running(), state=ended, message="It diverged."))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r", "y")
        assert "forget" in app.fake.calls
        assert_as_at_the_beginning(app)
        assert not screen_of(app).query_one("#message").display


async def test_no_keeps_the_run() -> None:
    app = make(softmax_running())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r", "n")
        assert app.fake.calls == []
        assert state(app) == "● running"
        assert "epochs" in locked(app)


async def test_reset_does_not_ask_where_nothing_was_learned() -> None:
    app = make(replace(softmax_running(0), step=0, state=SessionState.PAUSED))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r")
        await become(app, pilot, SessionState.STOPPED)
        assert_as_at_the_beginning(app)


async def test_start_reset_edit_start() -> None:
    app = make()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("s")
        settings = app.fake.snapshot.settings
        await become(app, pilot, SessionState.RUNNING, step=3, total_steps=2350)
        await pilot.press("r", "y")
        await become(app, pilot, SessionState.STOPPED)
        assert_as_at_the_beginning(app)
        assert screen_of(app).form.values() == settings
        await pilot.press("tab", "backspace", "backspace", "7", "enter")
        await pilot.press("s")
        assert app.fake.started[-1].settings == {**settings, "epochs": 7}
        assert not app.fake.started[-1].paused
        await become(app, pilot, SessionState.RUNNING, step=1)
        assert "epochs" in locked(app)
        # The run after a reset is not reset when it ends.
        await become(app, pilot, SessionState.FINISHED)
        assert state(app) == "✓ finished"


async def test_a_wrong_setting_does_not_keep_a_run_from_being_reset() -> None:
    app = make(replace(softmax_running(), state=SessionState.FINISHED))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab", "backspace", "backspace", "0", "escape", "r", "y")
        assert state(app) == "○ idle"
        assert "out of bounds" in screen_of(app).form.message


async def test_a_training_that_follows_at_once_is_ended_too() -> None:
    """A race begins its next training as soon as one is finished."""
    app = make(softmax_running())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r", "y")
        await become(app, pilot, SessionState.LOADING, step=0)
        assert app.fake.calls == ["stop", "stop"]
        await become(app, pilot, SessionState.STOPPED)
        assert_as_at_the_beginning(app)


async def test_a_frozen_display_is_unfrozen() -> None:
    app = make(softmax_running())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f", "r", "y")
        await become(app, pilot, SessionState.STOPPED)
        assert_as_at_the_beginning(app)


async def test_the_run_that_is_reset_is_kept(make_tutor: MakeTutor, session: FakeSession) -> None:
    app = make_tutor()
    async with app.run_test(size=SIZE) as pilot:
        app.open_training("softmax")
        session.publish(softmax_running())
        await pilot.pause()
        assert isinstance(app.screen, TrainingScreen)
        app.screen.refresh_snapshot()
        await pilot.press("r", "y")
        session.change(state=SessionState.STOPPED)
        app._pass_on(StateChanged(SessionState.STOPPED))
        await pilot.pause()
        assert session.snapshot.state is SessionState.IDLE
        (kept,) = app.runs.of("softmax")
        assert (kept.state, kept.step) == ("stopped", 805)
