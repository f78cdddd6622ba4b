"""The training screen: what it shows, which keys answer, what it asks of the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from engine.training.events import StateChanged
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.fake_session import (
    FakeSession,
    HostApp,
    linear_finished,
    softmax_running,
    still,
)
from tests.screens.training_app import NARROW, WIDE, screen_of, shown_panes, softmax_app, words
from tui.messages import TrainingEvent
from tui.panes.epoch import EpochPane
from tui.panes.loss import LossPane
from tui.panes.model import ModelPane
from tui.panes.table import TablePane
from tui.screens.training import TrainingScreen
from tui.widgets.pane_bar import PaneBar
from tui.widgets.training_status import facts


def names_of(screen: TrainingScreen) -> list[str]:
    return list(screen.panes.labels(screen.owner.session.snapshot).values())


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


async def test_a_click_on_a_key_alone_opens_its_own_pane() -> None:
    """Where names are left out, ` 9 0 l` are two cells each: one cell off is the next pane."""
    app = softmax_app(softmax_running())
    async with app.run_test(size=(80, 24)) as pilot:
        bar = app.screen.query_one(PaneBar)
        at = bar.content.plain.index(" 0 l")
        await pilot.click(bar, offset=(bar.gutter.left + at + 1, 0))
        assert shown_panes(app) == ["pane-film"]


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


async def test_a_long_failure_is_told_to_its_end() -> None:
    """That of a divergence, then what can be resumed, at the least size."""
    sentence = "The training stopped because its numbers are no longer finite. " * 6
    app = softmax_app(softmax_running())
    async with app.run_test(size=(80, 24)) as pilot:
        app.fake.change(state=SessionState.FAILED, message=sentence)
        screen_of(app).refresh_snapshot()
        await pilot.pause()
        label = app.screen.query_one("#message", Static)
        width = label.content_size.width
        assert label.size.height == label.get_content_height(label.size, app.size, width) == 6


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
