"""Other numbers and other networks in the stepper lab, and what is refused."""

from __future__ import annotations

from textual.pilot import Pilot

from engine.network import BiasMode
from tests.screens.stepper_bench import (
    NARROW,
    Bench,
    SnapCompare,
    drawn_network,
    note_text,
    operation_text,
)
from tests.screens.waiting import settle
from tui.widgets.gradient_table import GradientTable
from tui.widgets.value_editor import LineInput, ValueEditor


async def test_a_value_is_edited_in_place() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e")
        keys = {each.binding.id for each in app.screen.active_bindings.values()}
        assert "values.change" in keys
        assert "stepper.forward" not in keys, "the arrow selects a value"
        await pilot.press("enter", *"0.5", "enter")
        assert app.lab.stepping.trace.givens["x1"] == 0.5
        assert "= 0.15 · 0.5 + 0.2 · 0.1 + 0.35" in operation_text(app.lab)
        await pilot.press("right", "right", "enter", *"-1e-3", "enter")
        assert app.lab.stepping.trace.givens["w1"] == -0.001
        await pilot.press("escape")
        assert app.lab.has_focus
        assert "w₁ −0.001" in drawn_network(app.lab)
        await pilot.press("o")
        assert app.lab.stepping.trace.givens["x1"] == 0.05


NONSENSE = [
    ("abc", "“abc” is not a number. Type one such as 0.25 or -1e-3. x₁ is still 0.05."),
    ("nan", "nan cannot be used here. Type a finite number. x₁ is still 0.05."),
    ("inf", "inf cannot be used here."),
    (" ", "Type a number, such as 0.25. x₁ is still 0.05."),
    ("[/]", "“[/]” is not a number."),
    ("[b]7", "“[b]7” is not a number."),
    ("1e308", "too large for a 64-bit number"),
]


async def test_nonsense_gets_a_sentence_and_the_old_value_stays() -> None:
    app = Bench({"activation": "identity"})
    async with app.run_test(size=NARROW) as pilot:
        for typed, sentence in NONSENSE:
            await pilot.press("e", "enter")
            app.lab.query_one(ValueEditor).query_one(LineInput).value = typed
            await pilot.press("enter")
            assert sentence in app.lab.query_one(ValueEditor).message
            assert app.lab.stepping.trace.givens["x1"] == 0.05, typed
            await pilot.press("escape", "escape")
            assert app.lab.has_focus, typed


async def test_every_number_can_be_edited() -> None:
    app = Bench({"layers": "1,2,1", "bias": "shared"})
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e")
        count = len(app.lab.stepping.trace.givens)
        for _ in range(count):
            await pilot.press("enter", "2", "enter", "right")
        assert set(app.lab.stepping.trace.givens.values()) == {2.0}


async def test_a_negative_learning_rate_is_refused() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e", "down", "down", "down", "down", "down", "right", "enter")
        assert app.lab.query_one(ValueEditor).grid.symbol == "η"
        await pilot.press(*"-1", "enter")
        assert "The learning rate -1 cannot be used." in app.lab.query_one(ValueEditor).message
        assert app.lab.stepping.problem.lr == 0.5


async def test_other_networks() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("w", *"2,9,1", "enter")
        assert "1 to 8 units in each layer" in note_text(app.lab)
        await pilot.press(*("backspace",) * 5, *"3,3,3,2 tanh", "enter")
        assert app.lab.stepping.problem.layers == (3, 3, 3, 2)
        assert app.lab.stepping.problem.activations == ("tanh",) * 3
        assert app.lab.has_focus
        await pilot.press("b", "a")
        assert app.lab.stepping.problem.bias_mode is BiasMode.SHARED
        assert app.lab.status.endswith("3-3-3-2 ReLU · a bias per layer · η 0.5")
        await pilot.press("w", "escape")
        assert app.lab.stepping.problem.layers == (3, 3, 3, 2)
        await settle(pilot)
        assert "✗ differ" not in app.lab.query_one(GradientTable).text


def test_every_key_of_the_editor_has_an_id_and_a_tooltip() -> None:
    for binding in ValueEditor.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id
        assert binding.tooltip


def test_snapshot_editor(snap_compare: SnapCompare) -> None:
    async def nonsense(pilot: Pilot[None]) -> None:
        await pilot.press("e", "right", "enter", *"abc", "enter")
        app.lab.query_one(ValueEditor).query_one(LineInput).cursor_blink = False
        await settle(pilot)

    app = Bench()
    assert snap_compare(app, terminal_size=NARROW, run_before=nonsense)
