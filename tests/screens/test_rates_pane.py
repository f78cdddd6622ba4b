"""The rate finder on the screen: it sweeps beside the screen, suggests a rate, and takes it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from engine.data.search import DataMissing, Search
from engine.data.sets import image_set
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState
from engine.training.task import Task
from engine.training.turns import SharedTurn
from tests.screens.drawing import drawn
from tests.screens.fake_session import HostApp, linear_finished
from tests.screens.waiting import settle
from tests.unit.engine.training_fakes import TinyTask
from tui.panes.rates import RatesPane, RateView
from tui.screens.training import TrainingScreen

NARROW, WIDE = (80, 24), (120, 40)


def view_of(app: HostApp) -> RateView:
    screen = app.screen
    assert isinstance(screen, TrainingScreen)
    return screen.panes.of(RatesPane).view


def lr_of(app: HostApp) -> float:
    screen = app.screen
    assert isinstance(screen, TrainingScreen)
    return float(screen.form.values()["lr"])


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_space_finds_a_rate_and_enter_takes_it(size: tuple[int, int]) -> None:
    app = HostApp(TrainingScreen("linear", {"seed": "3"}))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("l")
        view = view_of(app)
        assert app.screen.focused is view
        assert "space: find a learning rate" in view.sentence
        await pilot.press("enter")
        assert lr_of(app) == 0.03
        await pilot.press("space")
        await settle(pilot)
        assert view.found is not None
        rate = view.found.suggested
        assert rate is not None
        assert 0.01 < rate < 2
        assert view.sentence == f"{view.found.sentence} enter: use {rate:g}"
        drawing = view.chart.drawing
        assert drawing.log_x
        assert [one.name for one in drawing.series] == [
            "each batch", "smoothed", "suggested", "diverges",
        ]  # fmt: skip
        assert drawing.series[1].xs[0] == pytest.approx(3e-6)
        assert drawing.series[2].xs[0] == pytest.approx(rate, rel=0.1)
        await drawn(pilot)
        assert "●" in view.chart.text
        assert "seed 3" in str(view.chart._header.content)
        await pilot.press("enter")
        assert lr_of(app) == rate
        assert f"now holds {rate:g}" in view.sentence
        assert app.fake.calls == []


async def test_y_takes_the_losses_off_the_log_scale_that_they_need() -> None:
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "space")
        await settle(pilot)
        assert view_of(app).chart.drawing.log  # by itself, for they span more than three decades
        await pilot.press("y")
        assert not view_of(app).chart.drawing.log
        await pilot.press("y")
        assert view_of(app).chart.drawing.log
        assert len(view_of(app).chart.drawing.series) == 4


async def test_no_sweep_starts_while_a_training_is_active() -> None:
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "enter")
        assert view_of(app).sentence == "No rate has been found yet. space: find one"
        app.fake.publish(linear_finished())
        app.fake.change(state=SessionState.PAUSED)
        await pilot.press("space")
        assert not view_of(app).is_running
        assert "A training is active" in view_of(app).sentence


async def test_a_sweep_takes_a_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = HostApp(TrainingScreen("linear"))
    monkeypatch.setattr(app, "new_turn", lambda: SharedTurn(tmp_path, 1), raising=False)
    held = SharedTurn(tmp_path, 1)
    held.take()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "space")
        await settle(pilot)
        assert not view_of(app).is_running
        assert "1 training runs already" in view_of(app).sentence
        held.give_back()
        await pilot.press("space")
        await settle(pilot)
        assert view_of(app).found is not None
    assert held.take() == ""


class SlowTask(TinyTask):
    """Waits in its updates until the test lets it go on."""

    def __init__(self, gate: threading.Event) -> None:
        def wait(_task: TinyTask, number: int) -> None:
            if number > 20:
                gate.wait(30)

        super().__init__(before_update=wait)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Opens the way for a sweep that waits at its 21st update."""
    gate = threading.Event()

    def load(_order: TrainingOrder) -> Task:
        return SlowTask(gate)

    monkeypatch.setattr("tui.panes.rates.load_task", load)
    return gate


async def wait_for_points(view: RateView) -> None:
    while view._sweep is None or len(view._sweep.points) < 20:
        await asyncio.sleep(0)


async def test_a_running_sweep_is_drawn_and_space_stops_it(gate: threading.Event) -> None:
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "space")
        view = view_of(app)
        await wait_for_points(view)
        view._look()
        assert "update 20 of at most" in view.sentence
        assert len(view.chart.drawing.series[0].xs) == 20
        await pilot.press("space")
        gate.set()
        await settle(pilot)
        assert not view.is_running
        assert view.found is not None
        assert len(view.found.points) <= 21
        assert "No suggestion" in view.sentence


async def test_a_training_that_begins_ends_the_sweep(gate: threading.Event) -> None:
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "space")
        view = view_of(app)
        await wait_for_points(view)
        await pilot.press("s")
        assert view.sentence == "Stopped, because a training began."
        gate.set()
        await settle(pilot)
        assert (view.found, view.is_running) == (None, False)
        assert view.sentence == "Stopped, because a training began."


async def test_wrong_settings_and_failures_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    app = HostApp(TrainingScreen("linear", {"batch_size": "0"}))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "space")
        assert "out of bounds" in view_of(app).sentence

    def load(_order: TrainingOrder) -> Task:
        raise MemoryError

    monkeypatch.setattr("tui.panes.rates.load_task", load)
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "space")
        await settle(pilot)
        assert "no memory left" in view_of(app).sentence
        assert not view_of(app).is_running


async def test_without_the_images_it_says_what_it_measured_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(order: TrainingOrder) -> Task:
        if not order.source.allow_synthetic:
            nowhere = Search(image_set("fashion-mnist"), (Path("/nowhere"),), None, None)
            raise DataMissing(nowhere, named=False)
        return TinyTask()

    monkeypatch.setattr("tui.panes.rates.load_task", load)
    app = HostApp(TrainingScreen("softmax"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("l", "space")
        await settle(pilot)
        assert "built-in glyph set" in view_of(app).sentence
