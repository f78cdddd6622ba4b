"""The lab that trains versions of one model side by side: its keys, its words, its looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.lockstep import read_options, short_names
from engine.training.lockstep import Precision, Slip
from tests.screens.drawing import drawn
from tests.screens.lab_bench import Keys
from tests.screens.lab_stand_ins import FakeRunner
from tests.screens.waiting import settle
from tui.background import wait_until_idle
from tui.labs import make_lab
from tui.labs.lockstep import LockstepLab
from tui.themes import ThemedApp
from tui.widgets.chart import Chart

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)
SIX = ",".join(f"two-layer-{v}" for v in ("numpy", "tensors", "autograd", "nn", "optim", "module"))
PAIR = "linear,linear-concise"


class LabApp(ThemedApp[None]):
    """The lab alone."""

    def __init__(self, theme: str = "dltutor-dark", **options: str) -> None:
        super().__init__()
        self.options = options
        self.wanted_theme = theme

    def compose(self) -> ComposeResult:
        yield make_lab("lockstep", self.options)
        yield Keys(show_command_palette=False)

    def on_mount(self) -> None:
        self.theme = self.wanted_theme

    @property
    def lab(self) -> LockstepLab:
        return self.query_one(LockstepLab)


def said(app: App[None], part: str) -> str:
    return str(app.query_one(f"#{part}", Static).content)


async def finished(pilot: Pilot[None], lab: LockstepLab) -> None:
    """Wait until the lab has stopped by itself."""
    while lab.running or lab.busy:
        await asyncio.to_thread(wait_until_idle)
        await pilot.pause()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly no pauses."""
    monkeypatch.setattr(LockstepLab, "PAUSE", 0.001)


async def test_right_versions_run_to_the_end_together() -> None:
    app = LabApp(recipes=PAIR, steps="25")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "s")
        await finished(pilot, app.lab)
        assert [step.step for step in app.lab.steps] == list(range(1, 26))
        assert "step 25/25 · finished · 64 bits" in said(app, "state")
        assert said(app, "verdict").startswith("✓ Together after 25 updates")
        assert "✓" in said(app, "table")
        assert f"{app.lab.steps[-1].losses[0]:.8g}" in said(app, "table")
        head = said(app, "table").splitlines()[0]
        assert all(f"  {title}" in head for title in app.lab.titles), "names stand apart"
        losses, difference = app.query(Chart)
        assert [series.ys for series in losses.drawing.series] == [
            tuple(step.losses[i] for step in app.lab.steps) for i in range(2)
        ]
        assert difference.drawing.series[0].ys == tuple(s.gap.difference for s in app.lab.steps)
        await pilot.press("s")
        assert not app.lab.running
        assert "r goes back" in said(app, "note")


async def test_a_planted_slip_parts_them_and_a_reset_brings_them_together() -> None:
    app = LabApp(recipes=PAIR, steps="12")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "n")
        await finished(pilot, app.lab)
        await pilot.press("p", "s")
        await finished(pilot, app.lab)
        assert len(app.lab.steps) == 2
        assert "paused" in said(app, "state")
        assert "linear-concise: rate 1 % too large" in said(app, "state")
        assert said(app, "verdict").startswith("✗ They part at step 2: ")
        assert "✗" in said(app, "table")
        await pilot.press("s")  # on, though apart
        await finished(pilot, app.lab)
        assert len(app.lab.steps) == 12
        assert said(app, "verdict").startswith("✗ They part at step 2: ")
        await pilot.press("r", "s")
        await finished(pilot, app.lab)
        assert len(app.lab.steps) == 12
        assert said(app, "verdict").startswith("✓ Together after 12")


async def test_a_slip_of_one_step_is_over_after_it() -> None:
    app = LabApp(recipes=PAIR)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "p", "p", "p")
        assert app.lab.slip is Slip.SKIP
        await pilot.press("n")
        await finished(pilot, app.lab)
        assert app.lab.slip is None
        assert not app.lab.steps[-1].is_together
        await pilot.press("p", "p", "p", "p")
        assert app.lab.slip is None


async def test_the_slip_goes_into_the_version_that_is_chosen() -> None:
    app = LabApp(recipes=SIX)
    async with app.run_test(size=NARROW) as pilot:
        lab = app.lab
        lab._runner = FakeRunner(lab.names)
        await pilot.press("tab", "p", "v", "v", "n")
        await finished(pilot, lab)
        assert "tensors: rate 1 % too large" in said(app, "state")
        assert lab.steps[-1].gap.version == "two-layer-tensors"
        assert "w1 of two-layer-tensors" in said(app, "verdict")


async def test_it_pauses_and_takes_single_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LockstepLab, "PAUSE", 1000.0)
    app = LabApp(recipes=SIX)
    async with app.run_test(size=NARROW) as pilot:
        lab = app.lab
        lab._runner = FakeRunner(lab.names)
        await pilot.press("tab", "s")
        await settle(pilot)
        assert lab.running
        assert lab.done == 10
        await pilot.press("n")
        assert "s pause" in said(app, "note")
        await pilot.press("s", "n")
        await settle(pilot)
        assert not lab.running
        assert lab.done == 11


async def test_the_arrows_make_a_step_and_look_back() -> None:
    app = LabApp(recipes=PAIR, steps="12")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "left")
        assert "There is no step before" in said(app, "note")
        for _step in range(3):
            await pilot.press("right")
            await settle(pilot)
        made = [step.step for step in app.lab.steps]
        assert made == [1, 2, 3]
        tables = [said(app, "table")]
        await pilot.press("left", "left")
        assert "step 1/12" in said(app, "state")
        assert said(app, "table") not in tables
        assert len(app.query(Chart).first().drawing.series[0].ys) == 1
        await pilot.press("right", "right")
        assert said(app, "table") == tables[0]
        assert [step.step for step in app.lab.steps] == made, "looking makes no step"
        await pilot.press("right")
        await settle(pilot)
        assert [step.step for step in app.lab.steps] == [1, 2, 3, 4]


async def test_a_reset_drops_what_is_under_way() -> None:
    app = LabApp(recipes=PAIR, steps="30")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "s", "r")
        await settle(pilot)
        assert not app.lab.running
        assert app.lab.done == 0
        await pilot.press("n")
        await finished(pilot, app.lab)
        assert app.lab.done == 1


async def test_other_bits_start_again() -> None:
    app = LabApp(recipes=PAIR, steps="5")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "s")
        await finished(pilot, app.lab)
        wide = app.lab.steps[0].losses[0]
        await pilot.press("b", "s")
        await finished(pilot, app.lab)
        assert "32 bits" in said(app, "state")
        assert app.lab.steps[0].gap.tolerance == Precision.FLOAT32.tolerance
        assert app.lab.steps[0].losses[0] == pytest.approx(wide, rel=1e-6)


async def test_missing_images_are_said_and_the_lab_stays_usable() -> None:
    app = LabApp(recipes="softmax,softmax-concise")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("tab", "s")
        await finished(pilot, app.lab)
        assert "dltutor data fetch" in said(app, "note")
        await pilot.press("r")
        assert "s start" in said(app, "note")


@pytest.mark.parametrize(
    "options",
    [
        {"recipes": "linear"},
        {"recipes": "linear,linear"},
        {"recipes": "linear,never"},
        {"steps": "0"},
        {"steps": "many"},
        {"recipes": ",".join(f"r{i}" for i in range(7))},
    ],
)
async def test_options_that_cannot_be_used_are_said(options: dict[str, str]) -> None:
    with pytest.raises(UserError) as caught:
        read_options(options)
    app = LabApp(**options)
    async with app.run_test(size=NARROW):
        assert said(app, "note") == str(caught.value)


def test_names_lose_what_they_share() -> None:
    assert short_names(("two-layer-nn", "two-layer-optim")) == ("nn", "optim")
    assert short_names(("mnist-mlp", "mnist-mlp-module")) == ("mlp", "mlp-module")
    assert short_names(("linear", "linear-concise")) == ("linear", "linear-concise")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_six_versions_fit(size: tuple[int, int]) -> None:
    app = LabApp(recipes=SIX)
    async with app.run_test(size=size) as pilot:
        lab = app.lab
        lab._runner = FakeRunner(lab.names)
        await pilot.press("tab", "s")
        await finished(pilot, lab)
        await drawn(pilot)
        assert lab.steps[-1].losses[0] < 1e-20
        for part in ("state", "table", "note"):
            lines = said(app, part).splitlines()
            assert max(map(len, lines)) <= 74
            assert app.query_one(f"#{part}", Static).size.height == len(lines)
        assert all(chart.text.strip() for chart in app.query(Chart))


async def _parted(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, LabApp)
    lab = app.lab
    lab._runner = FakeRunner(lab.names)
    await pilot.press("tab", "n")
    await finished(pilot, lab)
    await pilot.press("p", "s")
    await finished(pilot, lab)


async def _together(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, LabApp)
    lab = app.lab
    lab._runner = FakeRunner(lab.names)
    await pilot.press("tab", "s")
    await finished(pilot, lab)


def test_snapshot_narrow(snap_compare: SnapCompare) -> None:
    app = LabApp(recipes=SIX, steps="20")
    assert snap_compare(app, terminal_size=NARROW, run_before=_together)


def test_snapshot_narrow_light_parted(snap_compare: SnapCompare) -> None:
    app = LabApp("dltutor-light", recipes="two-layer-nn,two-layer-module", steps="20")
    assert snap_compare(app, terminal_size=NARROW, run_before=_parted)


def test_snapshot_wide(snap_compare: SnapCompare) -> None:
    app = LabApp(recipes=SIX, steps="20")
    assert snap_compare(app, terminal_size=WIDE, run_before=_together)
