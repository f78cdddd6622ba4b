"""The lab that draws an expression as a graph and walks it backward."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.containers import VerticalScroll
from textual.pilot import Pilot

import tui.labs.autograd
from engine.labs.autograd import Reference
from tests.screens.lab_bench import LabAlone
from tests.screens.waiting import settle
from tui.labs.autograd import AutogradLab
from tui.widgets.value_editor import LineInput

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)


class LabApp(LabAlone):
    """The lab alone."""

    def __init__(self, theme: str = "dltutor-dark", **options: str) -> None:
        super().__init__("autograd", theme, **options)

    @property
    def lab(self) -> AutogradLab:
        return self.query_one(AutogradLab)

    def row(self, symbol: str) -> str:
        """The row of a node."""
        names = (f"({symbol})", f"[{symbol}]")
        return next(row for row in self.said("rows").splitlines() if any(n in row for n in names))


async def test_forward_values_are_there_and_pytorch_finds_the_same() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert app.said("expression") == "f = 2*(1/(1+exp(-x*w+b)))+1     x = 1   w = 0   b = 0"
        assert app.row("v₆").split()[-2:] == ["1/v₅", "0.5"]
        assert app.row("f").split()[-1] == "2"
        assert app.row("w").split()[-2:] == ["0", "None"]
        assert "✓ the same" in app.said("verdict")
        assert "→ calls backward()" in app.said("step")


async def test_one_node_at_a_time_with_the_local_derivative() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        app.lab.focus()
        await pilot.press("right", "full_stop", "right")
        assert app.said("step").splitlines() == [
            "backward() no. 1, node 3 of 11: v₆ = 1/v₅, ∂f/∂v₆ = 2",
            "∂v₆/∂v₅ = −1/v₅² = −0.25, so v₅ gets 2 · (−0.25) = −0.5",
        ]
        assert app.row("v₅").split()[-1] == "−0.5"
        await pilot.press("left", "comma")
        assert "node 1 of 11" in app.said("step")
        await pilot.press("left", "left")
        assert "This is the start" in app.said("note")


async def test_two_passes_add_up_and_zero_sets_back() -> None:
    app = LabApp(start="line")
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        app.lab.focus()
        await pilot.press("z")
        assert "There is no .grad yet" in app.said("note")
        await pilot.press("a")
        assert [app.row(name).split()[-1] for name in "xwb"] == ["2", "1", "1"]
        assert "All values and gradients" in app.said("verdict")
        assert "✓ the same" in app.said("verdict")
        await pilot.press("a")
        assert [app.row(name).split()[-1] for name in "xwb"] == ["4", "2", "2"]
        assert "x.grad = 2 + 2 = 4: gradients add up." in app.said("step")
        await pilot.press("z")
        assert [app.row(name).split()[-1] for name in "xwb"] == ["0", "0", "0"]
        assert "was set to 0" in app.said("step")
        await pilot.press("left")
        assert app.row("x").split()[-1] == "4"
        await pilot.press("right")
        assert "backward() no. 3, node 1 of 5" in app.said("step")


async def test_another_expression_and_other_values() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        app.lab.focus()
        await pilot.press("e")
        app.query_one(LineInput).value = "tanh(w*x)*w"
        await pilot.press("enter", "w")
        app.query_one(LineInput).value = "1/2"
        await pilot.press("enter")
        assert app.lab.given == {"x": 1.0, "w": 0.5, "b": 0.0}
        assert app.said("expression").endswith("x = 1   w = 0.5")
        await pilot.press("x")
        app.query_one(LineInput).value = "-2"
        await pilot.press("enter", "a")
        await settle(pilot)
        assert app.lab.has_focus
        assert "✓ the same" in app.said("verdict")
        await pilot.press("r")
        assert app.lab.graph.text == "2*(1/(1+exp(-x*w+b)))+1"
        assert app.lab.given == {"x": 1.0, "w": 0.0, "b": 0.0}


NONSENSE = [
    ("e", "2*", "Something is missing"),
    ("e", "q+x", "The name 'q' is not known."),
    ("e", "7", "uses none of x, w and b"),
    ("e", "1/w", "divides by 0"),
    ("e", "import os", "is not known"),
    ("e", "", "Nothing was typed"),
    ("e", "ln(w-1)", "has no real value"),
    ("x", "abc", "is not known"),
    ("w", "", "Nothing was typed"),
    ("b", "1e400", "too large"),
    ("b", "1e9", "at most a million"),
    ("b", "1000", "too large for a 64-bit number"),
]


async def test_nonsense_gets_a_sentence_and_the_old_stays() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        app.lab.focus()
        before = (app.lab.graph, app.lab.given)
        for key, typed, sentence in NONSENSE:
            await pilot.press(key)
            app.query_one(LineInput).value = typed
            await pilot.press("enter")
            assert sentence in app.said("note"), typed
            assert (app.lab.graph, app.lab.given) == before, typed
            await pilot.press("escape")
            assert app.lab.has_focus, typed
            assert not app.query_one(LineInput).has_class("-open"), typed


async def test_a_difference_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Reference((1.0, 2.0, 3.0, 2.0, 5.1), (2.0, 1.0, 1.0, 1.0, 1.0))
    monkeypatch.setattr(tui.labs.autograd, "by_torch", lambda *_: wrong)
    app = LabApp(start="line")
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert "✗ they differ" in app.said("verdict")


async def test_an_unknown_start_is_told() -> None:
    app = LabApp(start="spiral")
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert "It knows chain, line." in app.said("note")
        assert app.lab.graph.text.startswith("2*(1/")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_large_graphs_fit_and_follow_the_step(size: tuple[int, int]) -> None:
    app = LabApp(start="line")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.lab.focus()
        for text in (
            "w*x*w*x*w*x*w*x*w*x*w*x*w*x*w*x*w*x*w*x*w*x",
            "(x+w)*((w+b)*((x+b)*(x-w)))",
            "-0.123456*x + max(w*0.3333333, -b)",
        ):
            await pilot.press("e")
            app.query_one(LineInput).value = text
            await pilot.press("enter")
            await settle(pilot)
            width = app.lab.content_size.width
            assert app.lab.graph.text == text
            assert max(map(len, app.said("rows").splitlines())) <= width - 1, text
            assert len(app.said("head")) <= width - 1, text
            assert app.lab.outer_size.height <= (18 if size == NARROW else 30), text
            await pilot.press("right")
            nodes = app.query_one("#nodes", VerticalScroll)
            below = max(0, len(app.lab.graph.steps) - nodes.size.height)
            assert nodes.scroll_offset.y == below, text


def test_the_start_looks_as_before(snap_compare: SnapCompare) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("tab", "right", "right", "right")
        await settle(pilot)

    assert snap_compare(LabApp(), terminal_size=NARROW, run_before=walk)


def test_a_wide_graph_looks_as_before(snap_compare: SnapCompare) -> None:
    async def write(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("tab", "e")
        pilot.app.query_one(LineInput).value = "(x*w + b)*(x - w) - b"
        await pilot.press("enter", "a", "a", "right")
        await settle(pilot)

    app = LabApp("dltutor-light", start="line")
    assert snap_compare(app, terminal_size=WIDE, run_before=write)
