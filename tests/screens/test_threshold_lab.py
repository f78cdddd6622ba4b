"""The lab that moves a threshold: what the keys do to both measures."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

from lessons.examples.logistic import accuracy, cross_entropy
from tui.labs import make_lab
from tui.labs.threshold import START, STEP, W_LIMITS, State, ThresholdLab
from tui.widgets.chart import Chart


class LabApp(App[None]):
    """The lab alone."""

    def compose(self) -> ComposeResult:
        yield make_lab("threshold", {})


def said(app: App[None], part: str) -> str:
    return str(app.query_one(f"#{part}", Static).content)


async def test_one_step_moves_the_cross_entropy_and_not_the_accuracy() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.query_one(ThresholdLab)
        await pilot.press("tab", "right")
        before, after = START, (lab.state.w, lab.state.b)
        assert after == (START[0] + STEP, START[1])
        assert cross_entropy(*after) != cross_entropy(*before)
        assert accuracy(*after) == accuracy(*before)
        numbers = said(app, "numbers")
        assert f"{cross_entropy(*after):.6f}" in numbers
        assert f"{accuracy(*after):.6f}" in numbers
        assert "slope over w +0.000000" in numbers


async def test_crossing_a_sample_makes_the_accuracy_jump() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.query_one(ThresholdLab)
        await pilot.press("tab", "right")
        assert lab.state.w * 6 + lab.state.b < 0  # the sample at 6 hours is still class 0
        before = accuracy(lab.state.w, lab.state.b)
        await pilot.press("right")
        assert abs(accuracy(lab.state.w, lab.state.b) - before) == 1 / 8


async def test_the_slope_of_the_accuracy_leads_nowhere_and_that_of_the_loss_down() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.query_one(ThresholdLab)
        await pilot.press("tab", "a")
        assert (lab.state.w, lab.state.b) == START
        assert "slope of the accuracy is 0" in said(app, "note")
        await pilot.press("d")
        assert cross_entropy(lab.state.w, lab.state.b) < cross_entropy(*START)
        await pilot.press("r")
        assert (lab.state.w, lab.state.b) == START


async def test_the_lab_stops_at_its_limits_and_says_so() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.query_one(ThresholdLab)
        await pilot.press("tab", *["left"] * 16)
        assert lab.state.w == W_LIMITS[0]
        assert "as far as the lab goes" in said(app, "note")
        assert "all get one class" in said(app, "ruler")


async def test_the_chart_shows_both_measures() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "right")
        names = [series.name for series in app.query_one(Chart).drawing.series]
        assert names == ["accuracy", "cross entropy", "both at this w"]
        assert "◆" in app.query_one(Chart).text


def test_accuracy_has_no_slope_where_a_sample_stands_on_the_threshold() -> None:
    assert State(0.5, -2.0).accuracy_slope is None
    assert State(0.51, -2.0).accuracy_slope == 0.0
