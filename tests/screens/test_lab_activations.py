"""The activations lab: every key, every field, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from engine.activations import ACTIVATIONS
from engine.labs.activations import NAMES, Choice, rows, slopes_by_autograd
from tests.screens.drawing import drawn
from tests.screens.lab_bench import LabBench, refuse_then_take
from tests.screens.waiting import settle
from tui.labs.activations import SIGNS, ActivationsLab
from tui.widgets.chart import Chart
from tui.widgets.gradient_table import tiny_text

SnapCompare = Callable[..., bool]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, ActivationsLab]:
    app = LabBench("activations", theme)
    assert isinstance(app.lab, ActivationsLab)
    return app, app.lab


async def test_the_numbers_are_those_of_the_choice_and_all_of_them_fit() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("4", "5", "6", "7", "8", "right", "right")
        choice = Choice(names=NAMES, probe=0.7)
        assert lab.choice == choice
        numbers = app.said("numbers")
        for row, slope in zip(lab.rows, slopes_by_autograd(choice), strict=True):
            line = next(text for text in numbers.splitlines() if text[0] == SIGNS[row.name][0])
            assert f"{row.value:.6f}" in line
            assert line.count(f"{slope:.6f}") >= 2
            assert tiny_text(abs(slope - row.derivative)) in line
            assert f"{100 * row.saturated:.1f} %" in line
            assert line.endswith(f"{100 * row.dead:.1f} %")
        await pilot.press("up", "up", "up", "up", "up")
        assert lab.outer_size.height == 20
        assert lab.query(Chart).first().size.height >= 7
        assert max(map(len, app.said("numbers").splitlines())) <= 73


async def test_every_key_does_what_it_says_and_the_last_function_stays() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("left")
        assert lab.choice == Choice(probe=0.4)
        await pilot.press("right")
        assert lab.choice == Choice()
        await pilot.press("up", "up", "down")
        assert lab.choice == Choice(spread=2.0)
        await pilot.press("plus")
        assert (lab.choice.low, lab.choice.high) == (-10, 10)
        await pilot.press("minus", "minus")
        assert (lab.choice.low, lab.choice.high) == (-2.5, 2.5)
        for number, name in reversed(list(enumerate(NAMES, 1))):
            before = name in lab.choice.names
            await pilot.press(str(number))
            assert (name in lab.choice.names) is not before
        await pilot.press("r")
        assert lab.choice == Choice()
        await pilot.press("1", "2", "3")
        assert lab.choice.names == ("relu",)
        assert "At least one function must stay." in app.said("note")


FIELDS = {
    "x": ("0.5", "ln(3)", ["", "no", "1/0", "2000", "ln(-1)"]),
    "w": ("-5 5", "-1; 1 + 2", ["", "1", "1 2 3", "5 -5", "a b", "-1e9 0"]),
    "a": ("0.01", "1/8", ["", "x", "-0.1", "3"]),
    "s": ("1", "2^2", ["", "?", "0", "-1", "1e12"]),
}


async def test_nonsense_gets_a_sentence_and_keeps_the_old_value() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert lab.choice == Choice()
        await refuse_then_take(app, pilot, FIELDS, lambda: lab.choice)


async def test_the_charts_show_every_function_with_its_own_mark() -> None:
    app, lab = bench()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("4", "5", "6", "7", "8")
        await drawn(pilot)
        for chart in lab.query(Chart):
            names = [series.name for series in chart.drawing.series]
            assert names == [*(ACTIVATIONS[name].title for name in NAMES), "x"]
            for sign, _ in SIGNS.values():
                assert sign in chart.text
    assert len({sign for sign, _ in SIGNS.values()}) == len(NAMES)


async def test_a_probe_beyond_the_range_is_not_drawn_but_computed() -> None:
    app, _ = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("x")
        app.typed("7")
        await pilot.press("enter")
        names = [series.name for series in app.query(Chart).first().drawing.series]
        assert names == ["sigmoid", "tanh", "ReLU"]
        assert "7.000000" in app.said("numbers")


async def _moved(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("4", "6", "up", "up", "left")
    await settle(pilot)


@pytest.fixture
def no_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Autograd agrees to the last bit, on every processor."""

    def in_closed_form(choice: Choice) -> tuple[float, ...]:
        return tuple(row.derivative for row in rows(choice))

    monkeypatch.setattr("tui.labs.activations.slopes_by_autograd", in_closed_form)


@pytest.mark.usefixtures("no_rounding")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_looks_as_before(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    assert snap_compare(bench()[0], terminal_size=size, run_before=_moved)


@pytest.mark.usefixtures("no_rounding")
def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    assert snap_compare(bench("dltutor-light")[0], terminal_size=(80, 24), run_before=settle)
