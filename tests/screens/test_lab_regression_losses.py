"""The lab with losses for numbers: every key, every field, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.content import Content
from textual.widgets import Static

from engine.labs.regression_losses import State
from tests.screens.drawing import drawn
from tests.screens.lab_bench import LabBench
from tui.labs import make_lab
from tui.labs.regression_losses import RegressionLossesLab
from tui.widgets.chart import Chart
from tui.widgets.clickable import KeyLine

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, RegressionLossesLab]:
    app = LabBench("regression_losses", theme)
    assert isinstance(app.lab, RegressionLossesLab)
    return app, app.lab


async def test_the_outlier_moves_the_mean_and_leaves_the_median() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "at c = 3.500000 = the mean" in app.said("found")
        await pilot.press(*["right"] * 6)
        assert lab.state.y == 8.0
        assert "at c = 4.500000 = the mean" in app.said("found")
        assert "median   3.000000" in app.said("found")
        await pilot.press("n", "n", "n")
        assert lab.state.kind == "mae"
        assert "at c = 3.000000 = the median" in app.said("found")
        await pilot.press(*["right"] * 6)
        assert "at c = 3.000000 = the median" in app.said("found")


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("left", "p", "right")
        assert lab.state.ys == (3.0, 4.5, 3.0)
        await pilot.press("up", "up", "down")
        assert lab.state.c == 4.6
        await pilot.press("m")
        assert lab.state.c == 3.5
        assert app.said("rows").splitlines()[-2].split()[-1] == "0.000"
        await pilot.press("n", "n")
        assert "▶Huber δ 2" in app.said("chosen")
        await pilot.press("r")
        assert lab.state == State()


async def test_the_slopes_add_up() -> None:
    app, _ = bench()
    async with app.run_test(size=(80, 24)):
        lines = app.said("rows").splitlines()
        rows = [line.split() for line in lines]
        assert rows[1] == ["3", "1.500", "2.250", "3.000"]
        assert rows[2] == ["●", "5", "−0.500", "0.250", "−1.000"]
        assert rows[3] == ["2.5", "2.000", "4.000", "4.000"]
        assert rows[4] == ["total", "6.500", "6.000"]
        assert rows[5] == ["mean", "2.167", "2.000"]
        points = [{at for at, sign in enumerate(line) if sign == "."} for line in lines[1:]]
        assert len(set().union(*points)) == 4, "each column has its points below each other"


async def test_the_chart_marks_everything_with_its_own_sign() -> None:
    app, lab = bench()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("n", "n", "right", "right", "right", "up", "up")
        await drawn(pilot)
        text = lab.query_one(Chart).text
        for sign in "○●◆▲▼│":
            assert sign in text
        header, found = lab.query_one(Chart).query_one(KeyLine), lab.query_one("#found", Static)
        words, above = header.render_line(0), found.content
        assert words.text.split()[-4:] == ["○", "y", "●", "marked"], "the rest is named above"
        assert isinstance(above, Content)
        hues = {above.plain[at.start : at.end][0]: at.style for at in above.spans}
        roles = {"│": "error", "▲": "success", "▼": "success", "◆": "accent"}
        assert {sign: str(hues[sign]) for sign in roles} == {
            sign: f"$series-{role}" for sign, role in roles.items()
        }


async def test_an_even_number_of_points_leaves_mae_a_stretch() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        app.typed("1 2 4 60")
        await pilot.press("enter", "n", "n", "n")
        assert lab.state.y == 60
        assert "every c from 2 to 4 = the median" in app.said("found")
        assert "median 2 to 4" in app.said("found")


FIELDS = {
    "e": ("3 5 2.5", "1 2 3 4 100", ["", "1", "x y", "1 1e9", "1 1/0"]),
    "c": ("4.5", "1/3", ["", "x", "101", "1 2"]),
    "b": ("1", "1/4", ["", "x", "0", "-1", "1e9"]),
}


async def test_nonsense_gets_a_sentence_and_keeps_the_old_value() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        before = lab.state
        assert before.kind == "smooth_l1"
        for key, (_old, _good, wrong) in FIELDS.items():
            for text in wrong:
                await pilot.press(key)
                assert app.focused is not lab, (key, text)
                app.typed(text)
                await pilot.press("enter")
                assert lab.state == before, (key, text)
                assert app.said("note").strip().endswith("."), (key, text)
                await pilot.press("escape")
                assert lab.has_focus, (key, text)
        for key, (old, good, _wrong) in FIELDS.items():
            before = lab.state
            await pilot.press(key)
            assert app.focused is not None
            assert getattr(app.focused, "value", None) == old, key
            app.typed(good)
            await pilot.press("enter")
            assert lab.state != before, key
            assert lab.has_focus, key


async def test_a_loss_without_a_corner_says_so_and_limits_are_said() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("b")
        assert "neither β nor δ" in app.said("note")
        assert lab.has_focus
        await pilot.press("e")
        app.typed("1 100")
        await pilot.press("enter", "p", "right")
        assert "Stay between -100 and 100" in app.said("note") or lab.state.y <= 100
        await pilot.press("p", "right")
        assert max(lab.state.ys) == 100


def test_options_choose_the_start_and_bad_ones_are_said() -> None:
    lab = make_lab("regression_losses", {"points": "1,2,3,4,100", "loss": "mae"})
    assert isinstance(lab, RegressionLossesLab)
    assert lab.state.ys == (1, 2, 3, 4, 100)
    assert (lab.state.kind, lab.state.y) == ("mae", 100)
    bad = make_lab("regression_losses", {"loss": "l3"})
    assert isinstance(bad, RegressionLossesLab)
    assert "There is no loss" in bad.trouble
    assert bad.state == State()


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits(size: tuple[int, int]) -> None:
    app, lab = bench()
    async with app.run_test(size=size) as pilot:
        await pilot.press("e")
        app.typed("-99.75 99.25 1.125 -3.875 4 5 6 7")
        await pilot.press("enter")
        for kind in range(4):
            for part, width in (("chosen", 73), ("found", 73), ("rows", 34)):
                assert max(map(len, app.said(part).splitlines())) <= width, (kind, part)
            await pilot.press("n")
        assert lab.outer_size.height <= size[1] - 3


@pytest.mark.parametrize("size", SIZES)
def test_it_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app, _ = bench()
    assert snap_compare(app, terminal_size=size, press=["right"] * 4)


def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    app, _ = bench("dltutor-light")
    assert snap_compare(app, terminal_size=SIZES[0], press=["n", "n", "n", "right"])
