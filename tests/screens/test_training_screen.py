"""The training screen: what it shows, which keys answer, what it asks of the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from engine.data.search import DataMissing, require
from engine.recipes.catalog import find_recipe
from engine.training.events import StateChanged
from engine.training.hyperparameters import SettingError
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState, Snapshot
from engine.training.task import Source
from tests.screens.fake_session import (
    FakeSession,
    HostApp,
    linear_finished,
    softmax_running,
    still,
)
from tui.messages import TrainingEvent
from tui.panes.epoch import EpochPane
from tui.panes.loss import LossPane
from tui.panes.model import ModelPane
from tui.panes.table import TablePane
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import DataChoiceScreen
from tui.screens.training import TrainingScreen
from tui.widgets.training_status import facts

NARROW, WIDE = (80, 24), (120, 40)


def softmax_app(snapshot: Snapshot | None = None, theme: str = "dltutor-dark") -> HostApp:
    app = HostApp(TrainingScreen("softmax"), theme=theme)
    if snapshot is not None:
        app.fake.publish(snapshot)
    return app


def screen_of(app: HostApp) -> TrainingScreen:
    assert isinstance(app.screen, TrainingScreen)
    return app.screen


def names_of(screen: TrainingScreen) -> list[str]:
    return list(screen.panes.labels(screen.owner.session.snapshot).values())


def words(app: HostApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).content)


def shown_panes(app: HostApp) -> list[str | None]:
    return [pane.id for pane in app.screen.query("#panes > .pane") if pane.display]


async def test_nothing_is_trained_before_it_is_asked_for() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
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


async def test_a_running_training_is_shown_with_what_was_measured() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        screen = screen_of(app)
        told = words(app, "#facts").replace("\u00a0", " ")
        assert told == ("device cpu · data Fashion-MNIST · 60 000 training and 10 000 test samples")
        text = screen.progress_row.text.replace("\u00a0", " ")
        assert text == "epoch 4/10 · 451k samples/s · 12 s left · step 805"
        assert screen.panes.of(LossPane).chart.drawing.x_limits == (0.0, 1000.0)
        table = screen.panes.of(TablePane).table
        assert table.row_count == 0  # nobody sees it yet
        await pilot.press("4")
        assert table.row_count == 4  # with epoch 0
        assert table.get_row_at(0) == ["0", "0.1000", "0.0900", "2.3100", "2.3200", *"–––"]
        assert table.get_row_at(3) == [
            "3", "0.8200", "0.7967", "0.6000", "0.6300", "0.7933", "0.7000", "0.39",
        ]  # fmt: skip
        assert names_of(screen)[:4] == ["loss", "accuracy", "predictions", "epochs"]


async def test_a_regression_shows_parameters_and_losses() -> None:
    app = HostApp(TrainingScreen("linear"))
    app.fake.publish(linear_finished())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("3")
        panes = screen_of(app).panes
        model = panes.of(ModelPane)
        assert names_of(screen_of(app))[:4] == ["loss", "test loss", "parameters", "epochs"]
        assert model.parameters.get_row_at(0) == [
            "w[0]",
            "1.999512",
            "2  ",
            "−0.000488",
        ]
        assert [text.strip() for text in model.parameters.get_row_at(2)] == [
            "b", "4.200000", "–", "–",
        ]  # fmt: skip
        await pilot.press("4")
        row = panes.of(TablePane).table.get_row_at(1)
        assert row == ["1", "1.0000", "1.1000", "3.0000", "0.02"]
        await pilot.press("3")
        app.fake.change(
            parameters=tuple(replace(p, learned=2.5) for p in linear_finished().parameters)
        )
        screen_of(app).refresh_snapshot()
        assert model.parameters.get_row_at(0) == [
            "w[0]",
            "2.500000",
            "2  ",
            "+0.500000",
        ]


async def test_synthetic_data_is_called_so() -> None:
    app = softmax_app(replace(softmax_running(), dataset="Built-in glyphs", synthetic=True))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert "Built-in glyphs (synthetic)" in words(app, "#facts")


async def test_long_facts_take_a_second_row_and_lose_nothing() -> None:
    data = "Random numbers: 64 samples, 1000 features, 10 targets"
    app = softmax_app(replace(softmax_running(), dataset=data, synthetic=True))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        row = app.screen.query_one("#facts", Static)
        width = row.content_size.width
        assert row.get_content_height(row.size, app.size, width) == row.size.height == 2


async def test_digits_open_panes_on_a_narrow_screen() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert shown_panes(app) == ["pane-loss"]
        for key, pane in zip(
            "2341", ("pane-epoch", "pane-model", "pane-table", "pane-loss"), strict=True
        ):
            await pilot.press(key)
            assert shown_panes(app) == [pane]


async def test_all_panes_stand_side_by_side_on_a_wide_screen_until_one_is_enlarged() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert len(shown_panes(app)) == 4
        await pilot.press("2")
        assert shown_panes(app) == ["pane-epoch"]
        await pilot.press("2")
        assert len(shown_panes(app)) == 4


async def test_freezing_holds_the_display_but_not_the_state() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("f")
        before = screen_of(app).progress_row.text
        app.fake.change(step=2000, state=SessionState.PAUSED)
        screen_of(app).refresh_snapshot()
        assert screen_of(app).progress_row.text == before
        assert words(app, "#state") == "‖ paused · display frozen, f: unfreeze"
        await pilot.press("f")
        assert "2\u00a0000" in screen_of(app).progress_row.text
        assert words(app, "#state") == "‖ paused"


async def test_y_changes_the_scale_of_the_loss() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("y")
        assert screen_of(app).panes.of(LossPane).chart.drawing.log is True
        assert screen_of(app).panes.of(EpochPane).chart.drawing.log is False
        await pilot.press("y")
        assert screen_of(app).panes.of(LossPane).chart.drawing.log is False


async def test_another_training_is_not_ended_unasked() -> None:
    app = HostApp(TrainingScreen("linear"))
    app.fake.publish(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert words(app, "#message") == (
            "Recipe “softmax” is training. Starting here ends that training."
        )
        assert words(app, "#state") == "○ idle"
        await pilot.press("s")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("escape")
        assert app.fake.calls == []
        await pilot.press("s", "y")
        assert app.fake.started[0].recipe.name == "linear"


async def test_a_failure_is_told_in_words() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        sentence = "The loss is not a number any more. Choose a smaller learning rate."
        app.fake.change(state=SessionState.FAILED, message=sentence)
        app.screen.post_message(TrainingEvent(StateChanged(SessionState.FAILED, sentence)))
        await pilot.pause()
        assert words(app, "#state") == "✗ failed"
        assert words(app, "#message") == sentence
        assert app.screen.query_one("#message").display
        assert not screen_of(app).query_one("#setting-epochs").disabled


async def test_leaving_does_not_stop_the_training() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("q")
        assert not isinstance(app.screen, TrainingScreen)
        assert app.fake.calls == []


async def test_unchanged_snapshots_draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        drawn: list[Snapshot] = []
        panes = screen_of(app).panes
        monkeypatch.setattr(panes, "show", lambda snapshot, log: drawn.append(snapshot))
        screen_of(app).refresh_snapshot()
        assert drawn == []
        app.fake.change(step=806)
        screen_of(app).refresh_snapshot()
        assert [snapshot.step for snapshot in drawn] == [806]


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


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("theme", ["dltutor-dark", "dltutor-light"])
def test_a_running_softmax_looks_as_before(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: str
) -> None:
    app = softmax_app(softmax_running(), theme)
    assert snap_compare(app, terminal_size=size)


@pytest.mark.parametrize("key", ["2", "3", "4"])
def test_the_other_panes_look_as_before(snap_compare: Callable[..., bool], key: str) -> None:
    assert snap_compare(softmax_app(softmax_running()), press=[key], terminal_size=NARROW)


def test_a_finished_regression_looks_as_before(snap_compare: Callable[..., bool]) -> None:
    app = HostApp(TrainingScreen("linear"))
    app.fake.publish(linear_finished())
    assert snap_compare(app, press=["y"], terminal_size=WIDE)


def test_a_wrong_setting_looks_as_before(snap_compare: Callable[..., bool]) -> None:
    app = softmax_app()

    async def mistype(pilot: Pilot[None]) -> None:
        await pilot.pause()
        still(app)
        await pilot.press("tab", "tab", "backspace", "9", "9", "9")

    assert snap_compare(app, run_before=mistype, terminal_size=NARROW)


def test_the_fake_is_a_session() -> None:
    from engine.training.events import Session

    session: Session = FakeSession()
    assert session.snapshot.state is SessionState.IDLE


def test_facts_are_broken_between_facts_or_said_shorter() -> None:
    snapshot = replace(
        softmax_running(),
        dataset="Random numbers: 64 samples, 1000 features, 10 targets",
        train_samples=64, test_samples=64,
    )  # fmt: skip
    long = facts(snapshot, 116)
    assert long.startswith("device cpu · data Random numbers: 64 samples")
    assert long.endswith("· 64 training and 64 test samples")
    assert facts(snapshot, len(long) - 1).startswith("cpu · Random numbers")
    assert facts(snapshot, 60).split("\n") == [
        "cpu · Random numbers: 64 samples, 1000 features, 10 targets",
        "64 training, 64 test samples",
    ]
