"""The lab that times a pass over a data set, with a process that is stepped by hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Static

import tui.labs.reading_data
from engine.labs.reading_data import MEMORY, Reading, State
from tests.screens.waiting import settle
from tui.labs.reading_data import ReadingDataLab
from tui.themes import ThemedApp

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)
RATES = {0: 20_000, 2: 25_000, 4: 12_500, MEMORY: 600_000}


class FakeReading(Reading):
    """Tells what it is given, and ends when it is told."""

    def __init__(self, data_dir: Path | None, batch_size: int) -> None:
        super().__init__([])
        self.data_dir, self.batch_size = data_dir, batch_size
        self.ended = threading.Event()

    def tell(self, event: str, **fields: object) -> None:
        self._state = self._state.after(json.dumps({"event": event, **fields}))

    def data(self, trouble: str = "") -> None:
        title = "Built-in glyphs (synthetic)" if trouble else "Fashion-MNIST"
        self.tell("data", title=title, synthetic=bool(trouble), images=60_000, trouble=trouble)

    def passed(self, way: int) -> None:
        self.tell("begun", way=way)
        seconds = 60_000 / RATES[way]
        self.tell("done", way=way, images=60_000, seconds=seconds, first=0.25, label_sum=270_000)

    def end(self, *, stopped: bool = False) -> None:
        state = self._state
        self._state = State(
            state.passes, state.title, state.synthetic, state.images, state.trouble, False, stopped
        )
        self.ended.set()

    def follow(self) -> State:
        assert self.ended.wait(30)
        return self.state

    def stop(self) -> None:
        if not self.ended.is_set():
            self.end(stopped=True)


class LabApp(ThemedApp[None]):
    """The lab alone."""

    CSS = "#page { padding: 0 2; scrollbar-size-vertical: 1; }"

    def __init__(self, theme: str = "dltutor-dark") -> None:
        super().__init__()
        self.animation_level = "none"
        self.made: list[FakeReading] = []
        self.data_dir = Path("somewhere")
        self.wanted_theme = theme

    def make(self, data_dir: Path | None, batch_size: int) -> Reading:
        self.made.append(FakeReading(data_dir, batch_size))
        return self.made[-1]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield ReadingDataLab({}, self.make)

    def on_mount(self) -> None:
        self.theme = self.wanted_theme
        self.lab.focus()

    @property
    def lab(self) -> ReadingDataLab:
        return self.query_one(ReadingDataLab)


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.labs.reading_data, "processors", lambda: "2 processors here")
    monkeypatch.setattr(ReadingDataLab, "EVERY", 1000.0)


def said(app: App[None], part: str) -> str:
    return str(app.query_one(f"#{part}", Static).content)


async def look(app: LabApp, pilot: Pilot[None]) -> None:
    """As the timer does."""
    app.lab.show()
    await pilot.pause()


async def test_nothing_is_started_by_itself() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert app.made == []
        assert said(app, "set") == "batches of 256 · 2 processors here · not started"
        assert said(app, "bars").count("–") == 4
        assert said(app, "note").startswith("s start")


async def test_bars_fill_in_one_by_one() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
        (reading,) = app.made
        assert (reading.data_dir, reading.batch_size) == (Path("somewhere"), 256)
        assert "loading PyTorch and the images…" in said(app, "set")
        reading.data()
        reading.tell("begun", way=0)
        await look(app, pilot)
        assert "Fashion-MNIST · 60\u00a0000 images" in said(app, "set")
        assert "starting…" in said(app, "bars")
        reading.tell("reached", way=0, images=15_000, seconds=1.0, first=0.01, label_sum=1)
        await look(app, pilot)
        assert "▒" in said(app, "bars")
        assert "15\u00a0000" in said(app, "bars")
        assert "25% read" in said(app, "bars")
        reading.passed(0)
        await look(app, pilot)
        rows = said(app, "bars").splitlines()
        assert "█" in rows[1]
        assert "20\u00a0000   3.00 s" in rows[1]
        assert "0.250 s" in rows[1]
        for way in (2, 4, MEMORY):
            reading.passed(way)
        reading.end()
        await settle(pilot)
        assert said(app, "set").endswith("finished")
        rows = said(app, "bars").splitlines()
        lengths = [row.count("█") for row in rows[1:]]
        assert lengths[3] > 10 * lengths[0]
        assert "30.0 times as fast" in said(app, "verdict")
        assert "the one with 2 workers was the fastest" in said(app, "verdict")
        assert "add up to 270\u00a0000 each time" in said(app, "verdict")
        assert said(app, "note").startswith("s start again")


async def test_it_can_be_stopped_and_started_again() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
        app.made[0].data()
        app.made[0].passed(0)
        await pilot.press("s")
        await settle(pilot)
        assert app.made[0].state.stopped
        assert said(app, "set").endswith("stopped")
        assert "20\u00a0000" in said(app, "bars")
        await pilot.press("s")
        assert len(app.made) == 2
        assert "20\u00a0000" not in said(app, "bars")
        app.made[1].end()
        await settle(pilot)


async def test_leaving_the_lab_ends_the_process() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
        await app.lab.remove()
        assert app.made[0].state.stopped


async def test_quitting_ends_the_process() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
    assert app.made[0].state.stopped


async def test_another_batch_size_forgets_the_numbers() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
        await pilot.press("b")
        assert "The reading is running." in said(app, "note")
        assert app.lab.batch_size == 256
        app.made[0].data()
        app.made[0].passed(0)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("right")
        assert app.lab.batch_size == 1024
        await pilot.press("left", "b")
        assert app.lab.batch_size == 1024
        assert "20\u00a0000" not in said(app, "bars")
        await pilot.press("b", "s")
        assert app.made[1].batch_size == 64
        await pilot.press("r")
        assert app.made[1].state.stopped
        assert said(app, "set").endswith("not started")
        await settle(pilot)
        assert said(app, "set").endswith("not started")


async def test_what_goes_wrong_is_a_sentence() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("s")
        app.made[0].data(trouble="Fashion-MNIST is not on this machine.")
        app.made[0].tell("failed", way=2, reason="no more processes")
        app.made[0].end()
        await settle(pilot)
        assert "synthetic" in said(app, "set")
        assert "not on this machine." in said(app, "verdict")
        assert "It failed: no more processes" in said(app, "bars")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_every_row_fits(size: tuple[int, int]) -> None:
    app = LabApp()
    async with app.run_test(size=size) as pilot:
        await pilot.press("s")
        app.made[0].data()
        for way in RATES:
            app.made[0].passed(way)
        app.made[0].end()
        await settle(pilot)
        width = app.lab.content_size.width
        assert max(map(len, said(app, "bars").splitlines())) <= width
        assert app.lab.outer_size.height <= 18


def filled(app: LabApp) -> Callable[[Pilot[None]], object]:
    async def fill(pilot: Pilot[None]) -> None:
        await pilot.press("s")
        reading = app.made[0]
        reading.data()
        for way in (0, 2):
            reading.passed(way)
        reading.tell("begun", way=4)
        reading.tell("reached", way=4, images=9_000, seconds=0.5, first=0.2, label_sum=1)
        await look(app, pilot)

    return fill


def test_it_looks_as_before_while_it_runs(snap_compare: SnapCompare) -> None:
    app = LabApp()
    assert snap_compare(app, terminal_size=NARROW, run_before=filled(app))


def test_it_looks_as_before_when_wide_and_light(snap_compare: SnapCompare) -> None:
    app = LabApp("dltutor-light")

    async def finish(pilot: Pilot[None]) -> None:
        await pilot.press("s")
        app.made[0].data()
        for way in RATES:
            app.made[0].passed(way)
        app.made[0].end()
        await settle(pilot)

    assert snap_compare(app, terminal_size=WIDE, run_before=finish)
