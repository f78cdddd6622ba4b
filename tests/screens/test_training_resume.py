"""Going on from a checkpoint: what the screens offer, and what they ask of the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from engine.recipes.catalog import find_recipe
from engine.training import underway
from engine.training.begun import note
from engine.training.events import StateChanged
from engine.training.keeping import keep
from engine.training.offer import Offer
from engine.training.order import TrainingOrder
from engine.training.run_files import MOST_KEPT, checkpoint_path, new_name
from engine.training.snapshot import SessionState, Setting
from engine.training.task import Source
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, HostApp, softmax_running
from tests.screens.notes import notes
from tests.screens.waiting import settle
from tests.unit.engine.training_fakes import TinyTask, advance, tiny_run
from tui.key_names import keyed
from tui.messages import TrainingEvent
from tui.screens.confirm import ConfirmScreen
from tui.screens.training import TrainingScreen
from tui.screens.training_offer import about, extended, how_far, sentence

NARROW = (80, 24)
OFFER = Offer(
    recipe="linear",
    run="linear-7",
    settings={"epochs": 3, "lr": 0.05, "batch_size": 4, "validation": 0.0, "seed": 0},
    dataset="a few points",
    epoch=1,
    epochs=3,
    step=1205,
    total_steps=2400,
    saved=datetime(2026, 11, 21, 12, 1, tzinfo=UTC),
    size_bytes=1_234_567,
)


def words(app: HostApp, selector: str = "#message") -> str:
    return str(app.screen.query_one(selector, Static).content).replace("\u00a0", " ")


def leave_checkpoint(updates: int = 4, **changes: Setting) -> None:
    """A checkpoint of `linear` after so many of its updates, 3 an epoch."""
    run = tiny_run(TinyTask(), **changes)
    advance(run, updates)
    keep(run)


def test_an_offer_in_words() -> None:
    assert keyed(sentence(OFFER)).replace("\u00a0", " ") == (
        "g: resume from update 1 205 of 2 400 (run linear-7 of 21 Nov 2026 12:01, 1.2 MB)"
    )
    assert how_far(OFFER).endswith(", in epoch 2 of 3")
    assert about(replace(OFFER, size_bytes=20)).endswith("1\u00a0kB")
    assert "update 2 (" in sentence(replace(OFFER, step=2, total_steps=None))
    assert sentence(replace(OFFER, epoch=3)) == ""
    assert sentence(None) == ""


def test_more_epochs_make_a_finished_training_go_on() -> None:
    finished = replace(OFFER, epoch=3, step=2400)
    longer = extended(finished, 6)
    assert longer.is_unfinished
    assert (longer.epochs, longer.total_steps, longer.settings["epochs"]) == (6, 4800, 6)
    assert extended(finished, 2) is finished
    assert extended(OFFER, 6) is OFFER


async def test_g_goes_on_with_the_settings_of_the_checkpoint() -> None:
    leave_checkpoint()
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert words(app).startswith("g: resume from update 4 of 9 (run linear-1 of ")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        screen.beginning.synthetic = True  # chosen for a new training before
        await pilot.press("g")
        assert app.fake.calls == ["resume from checkpoint"]
        started = app.fake.started[0]
        assert (started.resume, started.source) == (True, Source("auto"))
        assert started.settings == {
            "epochs": 3,
            "lr": 0.05,
            "batch_size": 4,
            "validation": 0.0,
            "seed": 0,
            "threads": 1,
        }
        app.fake.change(state=SessionState.RUNNING)
        screen.refresh_snapshot()
        assert screen.form.values()["batch_size"] == 4
        assert words(app) == ""


async def test_without_a_checkpoint_g_does_nothing() -> None:
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("g")
        assert app.fake.calls == []
        assert not app.screen.query_one("#message").display


async def test_a_finished_one_is_offered_once_more_epochs_are_asked_for() -> None:
    leave_checkpoint(15, epochs=5)
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("g")
        assert app.fake.calls == []
        await pilot.press("tab", "backspace", "8", "enter")
        assert words(app).startswith("g: resume from update 15 of 24 ")
        await pilot.press("g")
        assert app.fake.started[0].settings == {
            "epochs": 8, "lr": 0.05, "batch_size": 4, "validation": 0.0, "seed": 0,
            "threads": 1,
        }  # fmt: skip


async def test_a_damaged_checkpoint_is_told_and_can_be_replaced() -> None:
    path = checkpoint_path("linear-1")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"cut short")
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert "is damaged or cut short" in words(app)
        assert "Start a new training, or resume another run." in words(app)
        await pilot.press("g", "s")
        assert app.fake.calls == ["start"]


async def test_after_a_stop_it_can_go_on_with_another_learning_rate() -> None:
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        leave_checkpoint()
        stopped = replace(
            softmax_running(), recipe="linear", state=SessionState.STOPPED,
            settings={"epochs": 3, "lr": 0.05, "batch_size": 4, "validation": 0.0, "seed": 0},
        )  # fmt: skip
        app.fake.publish(stopped)
        app.screen.post_message(TrainingEvent(StateChanged(SessionState.STOPPED)))
        await pilot.pause()
        await settle(pilot)
        assert words(app).startswith("g: resume from update 4")
        await pilot.press("plus", "g")
        assert app.fake.calls == ["resume from checkpoint"]
        settings = app.fake.started[0].settings
        assert settings["lr"] == 0.1


async def test_a_recipe_that_changed_since_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_checkpoint()
    screen = TrainingScreen("linear")
    app = HostApp(screen)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        screen.resumption.offer = replace(OFFER, settings={**OFFER.settings, "depth": 3})
        await pilot.press("g")
        assert app.fake.calls == []
        assert "does not fit this recipe" in words(app)


async def test_the_screen_can_go_on_at_once() -> None:
    leave_checkpoint()
    app = HostApp(TrainingScreen("linear", go_on=True))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert app.fake.calls == ["resume from checkpoint"]


@pytest.mark.parametrize(("key", "calls"), [("y", ["resume from checkpoint"]), ("n", [])])
async def test_after_a_kill_the_next_start_asks_once(
    make_tutor: MakeTutor, session: FakeSession, key: str, calls: list[str]
) -> None:
    leave_checkpoint()
    underway.begin("linear")
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        question = app.screen.question.replace("\u00a0", " ")
        assert "was interrupted" in question
        assert "update 4 of 9, in epoch 2 of 3" in question
        await pilot.press(key)
        await settle(pilot)
        assert session.calls == calls
    assert (underway.cut_off() == ["linear"]) is bool(calls)


async def test_nothing_is_asked_where_nothing_was_saved_or_all_is_done(
    make_tutor: MakeTutor,
) -> None:
    underway.begin("linear")
    underway.begin("softmax")
    leave_checkpoint(9)
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert not isinstance(app.screen, ConfirmScreen)
    assert underway.cut_off() == []


async def test_what_was_killed_before_its_first_checkpoint_is_told_once(
    make_tutor: MakeTutor,
) -> None:
    run = tiny_run(TinyTask())
    run.name = new_name("linear")
    note(run)
    underway.begin("linear", run.name)
    for told in ([True], []):
        app = make_tutor()
        async with app.run_test(size=NARROW) as pilot:
            await settle(pilot)
            assert not isinstance(app.screen, ConfirmScreen)
            assert ["nothing of it is saved" in text for text in notes(app)] == told
    assert underway.cut_off() == []


async def test_a_training_is_marked_for_as_long_as_it_is_under_way(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        app.start_training(TrainingOrder(find_recipe("linear")))
        await pilot.pause()
        assert underway.cut_off() == ["linear"]
        app.start_training(TrainingOrder(find_recipe("softmax")))
        assert underway.cut_off() == ["softmax"]
        app.start_training(TrainingOrder(find_recipe("linear")))
        assert session.calls == ["start", *["stop", "start"] * 2], "no mark of one that loads"
        assert underway.cut_off() == ["linear"]
        session.change(state=SessionState.FINISHED, step=9)
        app._on_engine_event(StateChanged(SessionState.FINISHED))
        await pilot.pause()
        assert underway.cut_off() == []
        assert [run.step for run in app.runs.of("linear")] == [9]


async def test_a_run_that_makes_room_is_named_once(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        for number in range(1, MOST_KEPT + 3):
            app.start_training(TrainingOrder(find_recipe("linear")))
            session.change(state=SessionState.FINISHED, step=9, run=f"linear-{number}")
            app._on_engine_event(StateChanged(SessionState.FINISHED))
            await pilot.pause()
        told = [note for note in notes(app) if "make room" in note]
        assert told == [
            "Removed to make room: linear-1. Of each recipe, the latest 20 runs are kept."
        ]
        assert len(app.runs.of("linear")) == MOST_KEPT


@pytest.mark.parametrize(("on_purpose", "left"), [(True, []), (False, ["linear"])])
async def test_quitting_on_purpose_leaves_no_mark_and_sigterm_does(
    make_tutor: MakeTutor, session: FakeSession, on_purpose: bool, left: list[str]
) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        app.start_training(TrainingOrder(find_recipe("linear")))
        session.change(state=SessionState.RUNNING, step=9)
        if on_purpose:
            app._quit(True)
            assert session.calls[-1] == "stop", "or it may still mark what it has loaded"
        else:
            app.ended()
        session.change(state=SessionState.STOPPED)
        app._on_engine_event(StateChanged(SessionState.STOPPED))
        await pilot.pause()
    assert session.is_closed
    assert underway.cut_off() == left


@pytest.mark.parametrize("theme", ["dltutor-dark", "dltutor-light"])
def test_the_offer_looks_as_before(snap_compare: Callable[..., bool], theme: str) -> None:
    screen = TrainingScreen("linear")

    async def find(pilot: Pilot[None]) -> None:
        await settle(pilot)
        screen._checkpoint_found(OFFER)

    app = HostApp(screen, theme=theme)
    assert snap_compare(app, run_before=find, terminal_size=NARROW)
