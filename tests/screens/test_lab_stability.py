"""The stability lab: every key, the field, and how it looks."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from engine.labs.stability import PRECISIONS, Choice, Function, Kind, Result, exact
from tests.screens.lab_bench import LabBench
from tests.screens.waiting import settle
from tui.labs.stability import StabilityLab, error_text, value_text
from tui.widgets.value_editor import LineInput

SnapCompare = Callable[..., bool]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, StabilityLab]:
    app = LabBench("stability", theme)
    assert isinstance(app.lab, StabilityLab)
    return app, app.lab


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("right", "right", "left")
        assert lab.choice.scores == (1, 2, 3)
        await pilot.press("up", "up", "down")
        assert lab.choice.scores == (11, 12, 13)
        await pilot.press("c")
        assert lab.choice.index == 1
        assert "p₂" in app.said("results")
        await pilot.press("y")
        assert lab.choice.label == 0
        assert "y = 0" in app.said("scores")
        for function in (Function.LOG_SOFTMAX, Function.BCE, Function.TANH, Function.SOFTMAX):
            await pilot.press("f")
            assert lab.function is function
        await pilot.press("r")
        assert lab.choice == Choice()


async def test_results_and_breaks_are_those_of_the_model() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*["up"] * 9)
        assert lab.found is not None
        found, places = lab.found
        lines = app.said("results").splitlines()[1:]
        pairs = [(function, form) for function in Function for form in ("naive", "stable")]
        for line, (function, form) in zip(lines, pairs, strict=True):
            for precision in ("float32", "float64"):
                result = found[function, form, precision]
                assert value_text(result, precision).strip() in line
                assert error_text(result) in line
        assert "✗ nan" in lines[0]
        shown = app.said("breaks").splitlines()
        assert len(shown) == 5
        first = places[Function.SOFTMAX]["naive", "float32"].up
        assert f"{first[Kind.NAN]:.2f}" in shown[1]
        assert shown[3].split()[-6:] == ["–"] * 6


async def test_a_large_screen_shows_all_breaks_and_the_exact_result() -> None:
    app, _ = bench()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert len(app.said("breaks").splitlines()) == 1 + 4 * len(Function)
        assert "exact" in app.said("results")


async def test_nonsense_gets_a_sentence_and_keeps_the_old_scores() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        line = app.query_one(LineInput)
        assert line.value == "0 1 2"
        for text in ("", "1", "1 2 3 4 5", "a b", "1e9 0", "1/0 2"):
            app.typed(text)
            await pilot.press("enter")
            assert lab.choice == Choice(), text
            assert app.said("note").strip().endswith("."), text
            assert line.has_focus
        await pilot.press("escape")
        assert lab.has_focus
        assert lab.choice == Choice()
        await pilot.press("e")
        app.typed("0 100*2")
        await pilot.press("enter")
        assert lab.choice.scores == (0, 200)
        assert lab.has_focus


async def test_the_limit_is_said() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        app.typed("1990 1995")
        await pilot.press("enter", "up")
        assert lab.choice.scores == (1990, 1995)
        assert "Choose scores from -2000 to 2000" in app.said("note")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_fits(size: tuple[int, int]) -> None:
    app, lab = bench()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for scores in ("0 1 2", "-1999.5 -1999.25 -1998.125 0.5", "-100 0", "16.5 0"):
            await pilot.press("e")
            app.typed(scores)
            await pilot.press("enter")
            for _ in Function:
                await pilot.press("f")
                for part in ("results", "breaks", "note"):
                    assert max(map(len, app.said(part).splitlines())) <= size[0] - 7, part
            assert lab.outer_size.height <= size[1] - 5


async def _broken(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press(*["up"] * 9, "f")
    await settle(pilot)


@pytest.fixture
def no_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stable results are exact and naive ones nan: the last digits depend on the processor."""

    def exactly(choice: Choice) -> dict[tuple[Function, str, str], Result]:
        found = {}
        for function in Function:
            for precision in PRECISIONS:
                value = float(exact(function, precision, choice))
                found[function, "stable", precision] = Result(value, 0.25)
                found[function, "naive", precision] = Result(math.nan, math.nan)
        return found

    monkeypatch.setattr("tui.labs.stability.results", exactly)


@pytest.mark.usefixtures("no_rounding")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_looks_as_before(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    assert snap_compare(bench()[0], terminal_size=size, run_before=_broken)


@pytest.mark.usefixtures("no_rounding")
def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    assert snap_compare(bench("dltutor-light")[0], terminal_size=(80, 24), run_before=settle)
