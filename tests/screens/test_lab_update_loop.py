"""The lab that trains the worked network twice: rightly, and with new weights used too early."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

import tui.labs.update_loop
from engine.network import BiasMode
from engine.slips import Slip, slip_updates
from engine.worked_example import worked_example
from tests.screens.drawing import drawn
from tui.background import wait_until_idle
from tui.labs import make_lab
from tui.labs.update_loop import RATES, UpdateLoopLab, start
from tui.themes import ThemedApp
from tui.widgets.chart import Chart


class LabApp(ThemedApp[None]):
    """The lab alone."""

    def __init__(self, **options: str) -> None:
        super().__init__()
        self.options = options

    def compose(self) -> ComposeResult:
        yield make_lab("update_loop", self.options)

    @property
    def lab(self) -> UpdateLoopLab:
        return self.query_one(UpdateLoopLab)


def said(app: App[None], part: str) -> str:
    return str(app.query_one(f"#{part}", Static).content)


async def settled(pilot: Pilot[None], lab: UpdateLoopLab) -> None:
    """Wait until the lab has stopped by itself."""
    while lab.running:
        await asyncio.to_thread(wait_until_idle)
        await pilot.pause()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty updates in chunks of fifteen, nearly without pauses."""
    monkeypatch.setattr(tui.labs.update_loop, "UPDATES", 40)
    monkeypatch.setattr(tui.labs.update_loop, "CHUNK", 15)
    monkeypatch.setattr(UpdateLoopLab, "PAUSE", 0.001)


@pytest.mark.parametrize("mode", list(BiasMode))
def test_both_trainings_are_those_of_the_engine(mode: BiasMode) -> None:
    race = start(mode, 0.5).advanced(30).advanced(70)
    right = worked_example(mode).after(100)
    slip = slip_updates(worked_example(mode), Slip.UPDATED_WEIGHTS_FIRST, 100)
    assert race.done == 100
    assert race.right_losses[-1] == pytest.approx(right.trace().loss, rel=1e-12)
    assert race.slip_losses[-1] == pytest.approx(slip.trace().loss, rel=1e-12)
    assert race.right_losses[0] == race.slip_losses[0]
    assert race.right_losses[1] != race.slip_losses[1]


@pytest.mark.usefixtures("short")
async def test_it_runs_to_its_end_and_stops() -> None:
    app = LabApp(bias="frozen")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "s")
        await settled(pilot, app.lab)
        race = app.lab.race
        assert race.done == 40
        assert race.right_losses == start(BiasMode.FROZEN, 0.5).advanced(40).right_losses
        assert "finished" in said(app, "state")
        assert f"{race.right_losses[-1]:.9f}" in said(app, "results")
        assert f"{race.slip_losses[-1]:.9f}" in said(app, "results")
        await pilot.press("s")
        assert not app.lab.running
        assert "r goes back" in said(app, "note")


@pytest.mark.usefixtures("short")
async def test_it_pauses_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UpdateLoopLab, "PAUSE", 1000.0)
    app = LabApp(bias="frozen")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "s")
        await asyncio.to_thread(wait_until_idle)
        await pilot.pause()
        assert app.lab.running
        assert app.lab.race.done == 15
        assert [app.lab.check_action(name, ()) for name in ("back", "one")] == [None, None]
        await pilot.press("n")
        assert "s pauses" in said(app, "note")
        await pilot.press("s")
        assert not app.lab.running
        assert "paused" in said(app, "state")
        await pilot.press("s")
        await asyncio.to_thread(wait_until_idle)
        await pilot.pause()
        assert app.lab.race.done == 30


async def test_one_update_shows_the_published_numbers() -> None:
    app = LabApp(bias="frozen")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "n")
        assert app.lab.race.right_losses[1] == pytest.approx(0.291027774, abs=5e-10)
        assert app.lab.race.slip_losses[1] == pytest.approx(0.291027924, abs=5e-10)
        assert "update 1 of" in said(app, "state")


@pytest.mark.usefixtures("short")
async def test_the_arrows_make_an_update_and_take_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.labs.update_loop, "KEPT", 3)
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab")
        assert [app.lab.check_action(name, ()) for name in ("back", "one")] == [None, True]
        await pilot.press("left")
        assert "No update has been made yet" in said(app, "note")
        seen = [app.lab.race]
        for _update in range(8):
            await pilot.press("right")
            seen.append(app.lab.race)
        assert [race.done for race in seen] == list(range(9))
        assert app.lab.check_action("back", ()) is True
        for race in reversed(seen[:-1]):
            await pilot.press("left")
            assert app.lab.race == race
        await pilot.press("right")
        assert app.lab.race == seen[1]


async def test_another_bias_mode_starts_again() -> None:
    app = LabApp(bias="frozen")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "n", "b")
        assert app.lab.race.done == 0
        assert app.lab.mode is BiasMode.PER_UNIT
        assert "a bias per unit" in said(app, "state")
        await pilot.press("n")
        assert app.lab.race.right_losses[1] == worked_example().after(1).trace().loss


@pytest.mark.usefixtures("short")
async def test_a_reset_drops_what_is_under_way() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "s", "r")
        await asyncio.to_thread(wait_until_idle)
        await pilot.pause()
        assert not app.lab.running
        assert app.lab.race.done == 0


async def test_the_learning_rate_has_limits_and_says_so() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", *["plus"] * len(RATES))
        assert app.lab.rate == RATES[-1]
        assert "The learning rate goes from" in said(app, "note")
        await pilot.press("minus", "n")
        assert app.lab.rate == RATES[-2]
        assert app.lab.race.right.lr == RATES[-2]


async def test_the_chart_shows_the_losses_or_their_difference() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "n", "n")
        names = {series.name for series in app.query_one(Chart).drawing.series}
        assert names == {"old weights", "new weights first"}
        await pilot.press("d")
        (series,) = app.query_one(Chart).drawing.series
        race = app.lab.race
        assert series.ys == tuple(
            abs(a - b) for a, b in zip(race.slip_losses, race.right_losses, strict=True)
        )


async def test_an_unknown_bias_mode_is_said() -> None:
    app = LabApp(bias="none")
    async with app.run_test(size=(80, 24)):
        assert app.lab.mode is BiasMode.FROZEN
        assert "frozen, per-unit, shared" in said(app, "note")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_row_fits(size: tuple[int, int]) -> None:
    app = LabApp()
    async with app.run_test(size=size) as pilot:
        await pilot.press("tab", "n")
        await drawn(pilot)
        for part in ("state", "results", "note"):
            lines = said(app, part).splitlines()
            assert max(map(len, lines)) <= 74
            assert app.query_one(f"#{part}", Static).size.height == len(lines)
        assert app.query_one(Chart).text.strip()
