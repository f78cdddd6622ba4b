"""The lab that moves a threshold: what the keys do to both measures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from engine.labs.accuracy_threshold import START, W_LIMITS, State, accuracy, cross_entropy
from engine.naming import Shown
from tests.screens.drawing import drawn
from tests.screens.lab_bench import LabAlone
from tests.screens.waiting import settle
from tui.key_names import keyed
from tui.labs.accuracy_threshold import STEP, AccuracyThresholdLab
from tui.widgets.chart import Chart
from tui.widgets.value_editor import LineInput

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)


class LabApp(LabAlone):
    """The lab alone."""

    def __init__(self, theme: str = "dltutor-dark") -> None:
        super().__init__("accuracy_threshold", theme)

    @property
    def lab(self) -> AccuracyThresholdLab:
        return self.query_one(AccuracyThresholdLab)


async def test_one_step_moves_the_cross_entropy_and_not_the_accuracy() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "right")
        before, after = START, (app.lab.state.w, app.lab.state.b)
        assert after == (START[0] + STEP, START[1])
        assert cross_entropy(*after) != cross_entropy(*before)
        assert accuracy(*after) == accuracy(*before)
        numbers = app.said("numbers")
        assert f"{cross_entropy(*after):.6f}" in numbers
        assert f"{accuracy(*after):.6f}" in numbers
        assert "slope in w +0.000000" in numbers


async def test_the_bias_moves_up_and_down() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "up", "up", "down")
        assert app.lab.state == State(START[0], START[1] + STEP)


async def test_crossing_a_sample_makes_the_accuracy_jump() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "right")
        assert app.lab.state.w * 6 + app.lab.state.b < 0  # 6 hours are still class 0
        before = app.lab.state.accuracy
        await pilot.press("right")
        assert abs(app.lab.state.accuracy - before) == 1 / 8


async def test_a_jump_puts_a_sample_on_the_threshold() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "j")
        assert app.lab.state.w == 2 / 6
        assert "slope in w undefined" in app.said("numbers")
        assert "A sample is now on the threshold" in app.said("note")
        await pilot.press("a")
        assert "accuracy has no slope here" in app.said("note")
        assert app.lab.state.w == 2 / 6
        await pilot.press(*["j"] * 12)
        assert "No sample changes sides" in app.said("note")


async def test_the_slope_of_the_accuracy_leads_nowhere_and_that_of_the_loss_down() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "a")
        assert (app.lab.state.w, app.lab.state.b) == START
        assert "slope of the accuracy is 0, so the step is 0." in app.said("note")
        await pilot.press("d")
        assert app.lab.state.loss < cross_entropy(*START)
        assert f"{Shown(app.lab.state.loss - cross_entropy(*START)):+.6f}" in app.said("note")
        await pilot.press("r")
        assert (app.lab.state.w, app.lab.state.b) == START
        await pilot.press("r")
        assert "This is already the start." in app.said("note")


async def test_the_lab_stops_at_its_limits_and_says_so() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", *["left"] * 16)
        assert app.lab.state.w == W_LIMITS[0]
        assert "This is the limit of the lab: w = 0." in app.said("note")
        assert "one class for all" in app.said("ruler")


async def test_the_chart_shows_both_measures_also_where_the_loss_is_large() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "right")
        await drawn(pilot)
        chart = app.query_one(Chart)
        names = [series.name for series in chart.drawing.series]
        assert names == ["accuracy", "cross entropy", "both at this w"]
        assert "◆" in chart.text
        await pilot.press("e")
        app.query_one(LineInput).value = "1.2 1"
        await pilot.press("enter")
        await drawn(pilot)
        assert chart.drawing.y_limits is not None
        assert chart.drawing.y_limits[1] > app.lab.state.loss > 1
        assert chart.text.count("◆") == 2


async def test_nonsense_gets_a_sentence_and_the_old_stays() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab")
        for typed in ("", "0.3", "w b", "9 9", "1/0 1", "0.3 -2 1"):
            await pilot.press("e")
            app.query_one(LineInput).value = typed
            await pilot.press("enter")
            assert app.said("note").endswith((".", "-2.")), typed
            assert "enter sets it" not in app.said("note"), typed
            assert app.lab.state == State(), typed
            await pilot.press("escape")
            assert app.lab.has_focus, typed
            assert app.said("note") == keyed(AccuracyThresholdLab.KEYS), typed


async def test_numbers_can_be_written() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "e")
        app.query_one(LineInput).value = "1/2 -1.5"
        await pilot.press("enter")
        assert app.lab.state == State(0.5, -1.5)
        assert "threshold at 3.000 hours" in app.said("ruler")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_every_row_fits(size: tuple[int, int]) -> None:
    app = LabApp()
    async with app.run_test(size=size) as pilot:
        await pilot.press("tab", "d")
        for part in ("ruler", "numbers", "note"):
            lines = app.said(part).splitlines()
            assert max(map(len, lines)) <= app.lab.content_size.width
            assert app.query_one(f"#{part}", Static).size.height == len(lines)
        assert len(keyed(AccuracyThresholdLab.KEYS)) <= app.lab.content_size.width


@pytest.mark.parametrize(("theme", "size"), [("dltutor-dark", NARROW), ("dltutor-light", WIDE)])
def test_the_lab_looks_as_before(
    theme: str, size: tuple[int, int], snap_compare: SnapCompare
) -> None:
    async def move(pilot: Pilot[None]) -> None:
        await pilot.press("tab", "j", "right", "up")
        await settle(pilot)

    assert snap_compare(LabApp(theme), terminal_size=size, run_before=move)
