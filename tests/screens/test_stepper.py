from __future__ import annotations

import pytest
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from engine.trace import Phase
from tests.screens.stepper_bench import (
    NARROW,
    WIDE,
    Bench,
    SnapCompare,
    card_title,
    drawn_network,
    exact_problem,
    note_text,
    operation_text,
)
from tests.screens.waiting import settle
from tui.labs.stepping import begin
from tui.widgets.chart import Chart
from tui.widgets.gradient_table import GradientTable
from tui.widgets.network_view import NetworkView
from tui.widgets.operation_view import OperationList, OperationView


async def test_stepping_and_stepping_back() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert card_title(app.lab) == "Forward · operation 1 of 47"
        assert operation_text(app.lab).splitlines() == [
            "The weighted sum of hidden unit h₁, plus its bias.",
            "zₕ₁ =  w₁  ·  x₁  + w₂  · x₂  + bₕ₁",
            "    = 0.15 · 0.05 + 0.2 · 0.1 + 0.35",
            "    = 0.3775",
        ]
        await pilot.press("right", "down", "enter")
        assert app.lab.stepping.operation.symbol == "out_h2"
        assert "out 0.59688◂" in drawn_network(app.lab)
        await pilot.press("left", "up")
        assert app.lab.stepping.operation.symbol == "out_h1"
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert app.lab.stepping.operation.symbol == "∂E/∂out_o1"
        await pilot.press("left_square_bracket")
        assert app.lab.stepping.operation.symbol == "E_o1"
        await pilot.press("G")
        assert app.lab.stepping.operation.symbol == "b_o2⁺"
        await pilot.press("right")
        assert "u makes the update" in note_text(app.lab)
        await pilot.press("home")
        assert app.lab.stepping.position == 0
        assert note_text(app.lab) == ""
        await pilot.press("left")
        assert "the first operation" in note_text(app.lab)


async def test_rounds_and_back_in_time() -> None:
    app = Bench({"bias": "frozen"})
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("u")
        assert app.lab.status.startswith("round 1 · E 0.291027774 · 2-2-2 sigmoid")
        await pilot.press("comma")
        assert app.lab.status.startswith("round 0 · E 0.298371109")
        assert app.lab.stepping.operation.symbol == "w8⁺"
        await pilot.press("m", "4")
        assert app.lab.stepping.round == 100
        (curve,) = app.lab.query_one(Chart).drawing.series
        assert len(curve.ys) == 101
        assert curve.ys == app.lab.stepping.losses
        await pilot.press("r")
        assert app.lab.status.startswith("round 0 · E 0.298371109")


@pytest.mark.parametrize(
    ("layers", "size"), [("2,2,2", NARROW), ("8,8,8,8,8", NARROW), ("8,8,8,8,8", WIDE)]
)
async def test_nothing_scrolls_and_nothing_is_cut(layers: str, size: tuple[int, int]) -> None:
    app = Bench({"layers": layers})
    async with app.run_test(size=size) as pilot:
        lab = app.lab
        assert lab.outer_size.height <= size[1] - 3
        for phase in Phase:
            lab.go(lambda phase=phase: lab.stepping.at_phase(phase))  # type: ignore[misc]
            await settle(pilot)
            view, card = lab.query_one(NetworkView), lab.query_one("#stepper-card", VerticalScroll)
            assert view.size.height >= max(lab.stepping.problem.layers) or card.size.height >= 10
            assert card.max_scroll_y == 0
            assert len(view.lines(view.size.width)) <= view.size.height
            for word in ("…", "..."):
                assert word not in operation_text(lab)


async def test_panes_one_by_one_and_side_by_side() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        shown = []
        for _ in range(4):
            shown.append(
                [
                    view.region.area > 0 and view in app.screen._compositor.visible_widgets
                    for view in (
                        app.lab.query_one(NetworkView),
                        app.lab.query_one(GradientTable),
                        app.lab.query_one(OperationList),
                        app.lab.query_one(Chart),
                    )
                ]
            )
            await pilot.press("v")
            await pilot.pause()
        assert shown == [[place == pane for place in range(4)] for pane in range(4)]
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        for view in (NetworkView, OperationView, GradientTable, OperationList):
            assert app.lab.query_one(view).region.area > 0
        await pilot.press("4")
        await pilot.pause()
        for seen in (NetworkView, OperationView, GradientTable, Chart):
            assert app.lab.query_one(seen).region.area > 0


async def test_keys_that_cannot_apply_are_greyed() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        lab = app.lab
        for name in ("back", "previous_phase", "home", "restart", "restore"):
            assert lab.check_action(name, ()) is None
        await pilot.press("G")
        for name in ("forward", "next_phase", "end"):
            assert lab.check_action(name, ()) is None
        await pilot.press("u")
        assert lab.check_action("back", ()) is True
        assert lab.check_action("forward", ()) is True


async def test_options_that_cannot_be_used_are_told() -> None:
    app = Bench({"layers": "9"})
    async with app.run_test(size=NARROW):
        assert "The lab takes 1 to 3 hidden layers" in note_text(app.lab)
        assert app.lab.stepping.problem.layers == (2, 2, 2)


LARGE = (200, 60)


@pytest.mark.parametrize(
    ("phase", "theme", "size"),
    [
        ("forward", "dltutor-dark", NARROW),
        ("backward", "dltutor-light", NARROW),
        ("backward", "dltutor-dark", WIDE),
        ("forward", "dltutor-light", WIDE),
        ("forward", "dltutor-dark", LARGE),
        ("backward", "dltutor-light", LARGE),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else value,
)
def test_looks_as_before(
    snap_compare: SnapCompare, phase: str, theme: str, size: tuple[int, int]
) -> None:
    async def some_steps(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press(*["right"] * (4 if phase == "forward" else 13))
        await settle(pilot)
        await settle(pilot)

    app = Bench(theme=theme)
    problem = exact_problem()
    app.lab.stepping = begin(problem).at_phase(Phase(phase))
    assert snap_compare(app, terminal_size=size, run_before=some_steps)


def test_a_wide_network_looks_as_before(snap_compare: SnapCompare) -> None:
    app = Bench({"layers": "3,8,8,2"})
    assert snap_compare(app, terminal_size=NARROW, press=["right", "right"])


@pytest.mark.parametrize(("size", "is_told"), [(NARROW, False), (WIDE, False), (LARGE, True)])
async def test_a_large_card_says_where_the_result_goes(
    size: tuple[int, int], is_told: bool
) -> None:
    app = Bench()
    async with app.run_test(size=size) as pilot:
        await pilot.press("right")
        await settle(pilot)
        told = "It goes into zₒ₁, zₒ₂, ∂E/∂w₅, ∂E/∂w₇ and ∂outₕ₁/∂zₕ₁." in operation_text(app.lab)
        assert told is is_told
        card = app.lab.query_one("#stepper-card")
        assert card.max_scroll_y == 0, "all of it is seen"
        if is_told:
            await pilot.press("end")
            assert "It goes into" not in operation_text(app.lab), "nothing takes the last one"
