"""The gradients of the stepper lab: three ways, torch's as soon as it answers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from textual.pilot import Pilot

from engine.gradients import autograd_gradients, manual_gradients
from engine.network import DenseNetwork, Gradients
from tests.screens.stepper_bench import NARROW, Bench, SnapCompare, exact_problem
from tests.screens.waiting import settle
from tui.labs.stepping import begin
from tui.widgets.gradient_table import GradientTable
from tui.widgets.operation_formula import pretty


async def test_gradients_three_ways_with_torch() -> None:
    app = Bench({"phase": "backward"}, autograd_gradients)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("v", "end")
        assert app.lab.pane == "gradients"
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert text.count("✓ agree") == 12
        assert text.count(" 0.082167041") == 3
        assert text.count("−0.022602540") == 3
        assert "✗ differ" not in text
        await pilot.press("u", "end")
        await settle(pilot)
        assert app.lab.query_one(GradientTable).text.count("✓ agree") == 12


async def test_a_gradient_appears_when_it_is_computed() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        names = [row.symbol for row in app.lab.query_one(GradientTable).state.rows]
        seen: list[str] = []
        for operation in app.lab.stepping.trace.operations:
            computed = operation.symbol.removeprefix("∂E/∂")
            if computed in names:
                seen.append(computed)
            rows = app.lab.query_one(GradientTable).text.splitlines()[1 : 1 + len(names)]
            for row in rows:
                words = row.replace("▶", " ").split()
                if words[0] in [pretty(symbol) for symbol in seen]:
                    assert words[-1] == "agree"
                else:
                    assert words[1:] == ["·", "·", "·"]
            app.lab.go(app.lab.stepping.forward)
        assert sorted(seen) == sorted(names)
        await pilot.press("home")
        assert "agree" not in app.lab.query_one(GradientTable).text.splitlines()[1]


async def test_the_lab_stands_before_autograd_answers() -> None:
    go_on = threading.Event()

    def slow(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        go_on.wait(10)
        return manual_gradients(network, x, target)

    app = Bench(autograd=slow)
    async with app.run_test(size=NARROW) as pilot:
        try:
            await pilot.press("end")
            text = app.lab.query_one(GradientTable).text
            assert text.count("… wait") == 12
            # The numbers change while autograd still computes the old ones.
            await pilot.press("u", "u", "end")
            assert app.lab.stepping.round == 2
            assert "… wait" in app.lab.query_one(GradientTable).text
        finally:
            go_on.set()
        await settle(pilot)
        await settle(pilot)
        assert app.lab.query_one(GradientTable).text.count("✓ agree") == 12


async def test_a_torch_that_does_not_work_is_told() -> None:
    def broken(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        raise ImportError("libtorch.so is missing")

    app = Bench(autograd=broken)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("end")
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert "Autograd is not available: torch reports 'libtorch.so is missing'." in text
        assert text.count("✓ agree") == 12, "by hand and central still stand"
        await pilot.press("home", "full_stop")
        assert app.lab.stepping.position == 1


async def test_wrong_gradients_are_marked_in_words() -> None:
    def wrong(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        right = manual_gradients(network, x, target)
        return Gradients((right.W[0] * 2, right.W[1]), right.b)

    app = Bench(autograd=wrong)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("end")
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert text.count("✗ differ") == 4
        assert text.count("✓ agree") == 8


async def test_a_kink_is_named() -> None:
    app = Bench({"activation": "relu"})
    async with app.run_test(size=NARROW) as pilot:
        problem = app.lab.stepping.problem
        for symbol in ("w1", "w2", "b_h1"):
            problem = problem.with_value(symbol, 0.0)
        assert app.lab.go(lambda: app.lab.stepping.with_problem(problem))
        await settle(pilot)
        assert "At or near 0: zₕ₁." in app.lab.query_one(GradientTable).text


def test_gradients_look_as_before(snap_compare: SnapCompare) -> None:
    async def gradients(pilot: Pilot[None]) -> None:
        await pilot.press("2", "end", *["left"] * 14)
        await settle(pilot)
        await settle(pilot)

    app = Bench()
    app.lab.stepping = begin(exact_problem())
    assert snap_compare(app, terminal_size=NARROW, run_before=gradients)
