"""The lab with derivatives by a matrix: functions, shapes, seeds, and what cannot be used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from engine.labs.matrix_calculus import FUNCTIONS, Answer, Choice, compute
from tests.screens.lab_bench import LabAlone
from tests.screens.waiting import settle
from tui.key_names import keyed
from tui.labs.matrix_calculus import MatrixCalculusLab
from tui.widgets.gradient_table import tiny_text
from tui.widgets.value_editor import LineInput

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)


class LabApp(LabAlone):
    """The lab alone."""

    def __init__(self, theme: str = "dltutor-dark", **options: str) -> None:
        super().__init__("matrix_calculus", theme, **options)

    @property
    def lab(self) -> MatrixCalculusLab:
        return self.query_one(MatrixCalculusLab)


async def answered(pilot: Pilot[None]) -> Answer:
    """The lab's answer to its present choice."""
    await pilot.pause()
    await settle(pilot)
    lab = pilot.app.query_one(MatrixCalculusLab)
    assert lab.answer is not None
    assert lab.answer.choice == lab.choice
    return lab.answer


async def test_keys_change_the_shape() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "down", "minus")
        answer = await answered(pilot)
        assert (answer.choice.rows, answer.choice.columns) == (4, 3)
        assert "X 4 × 3 holds 0 … 11 · A 3 × 4, B 3 × 4 random, seed 0" in app.said("chosen")
        assert app.said("verdict").count("✓ rounding") == 2
        assert tiny_text(answer.autograd_apart) in app.said("verdict")
        assert tiny_text(answer.central_apart) in app.said("verdict")
        assert f"{answer.autograd[0][0]:.3f}" in app.said("results")
        await pilot.press("up", "plus")
        assert (await answered(pilot)).choice == Choice()


async def test_every_function_is_shown_with_its_formula() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab")
        for function in FUNCTIONS.values():
            answer = await answered(pilot)
            assert f"f = {function.text}   ∂f/∂{function.variable} = {function.derivative}" in (
                app.said("chosen")
            )
            assert app.said("results").startswith(function.derivative)
            assert f"{answer.formula[-1][-1]:.3f}".replace("-", "−") in app.said("results")
            assert f"f = {answer.value:.6g}" in app.said("verdict")
            await pilot.press("right")
        assert (await answered(pilot)).choice == Choice()
        await pilot.press("left")
        assert (await answered(pilot)).choice.function == list(FUNCTIONS)[-1]


async def test_a_vector_has_one_column() -> None:
    app = LabApp(function="quadratic")
    async with app.run_test(size=NARROW) as pilot:
        await answered(pilot)
        await pilot.press("tab", "plus")
        assert "x is a vector" in app.said("note")
        assert app.lab.choice.columns == 4
        await pilot.press("down")
        assert "x 4 × 1 holds 0 … 3 · A 4 × 4 random" in app.said("chosen")


async def test_central_differences_can_be_seen() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await answered(pilot)
        await pilot.press("tab")
        assert "by autograd" in app.said("results")
        await pilot.press("v")
        assert "by central differences" in app.said("results")
        assert "by autograd" not in app.said("results")
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert "by central differences" in app.said("results")
        assert "by autograd" in app.said("results")


async def test_a_seed_gives_its_own_numbers_and_the_same_again() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        first = await answered(pilot)
        await pilot.press("tab", "n")
        second = await answered(pilot)
        assert second.choice.seed == 1
        assert second.matrices["A"] != first.matrices["A"]
        assert compute(Choice(seed=0)).matrices == first.matrices


async def test_32_bits_round_more() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "p")
        answer = await answered(pilot)
        assert answer.choice.precision == "float32"
        assert answer.autograd_agrees
        assert answer.formula != compute(Choice()).formula
        await pilot.press("p")
        assert (await answered(pilot)).choice == Choice()


async def test_more_than_rounding_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answer, "autograd_agrees", property(lambda _: False))
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await answered(pilot)
        assert "✗ more than rounding" in app.said("verdict")


async def test_nonsense_keeps_the_old_shape() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await answered(pilot)
        await pilot.press("tab", "e")
        for typed in ("no", "", "1", "9 9", "3 4 -1", "2.5 1", "1 2 3 4"):
            app.query_one(LineInput).value = typed
            await pilot.press("enter")
            assert app.said("note").endswith("."), typed
            assert "enter sets it" not in app.said("note"), typed
            assert app.lab.choice == Choice(), typed
            await pilot.press("escape", "e")
        app.query_one(LineInput).value = "2 3 7"
        await pilot.press("enter")
        assert (await answered(pilot)).choice == Choice(2, 3, 7)
        assert app.lab.has_focus


async def test_a_shape_that_does_not_fit_is_refused() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "plus")
        assert "X cannot have 5 columns here." in app.said("note")
        assert app.lab.choice == Choice()


async def test_escape_keeps_the_old_choice() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "e", *"2 2 2", "escape")
        assert app.lab.choice == Choice()
        assert not app.query_one(LineInput).has_class("-open")


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_the_largest_matrices_fit(function: str) -> None:
    app = LabApp(function=function, rows="4", columns="4", seed="999999")
    async with app.run_test(size=NARROW) as pilot:
        await answered(pilot)
        await pilot.press("tab")
        for size in (NARROW, WIDE):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            for part in ("chosen", "given", "results", "verdict", "note"):
                widget = app.query_one(f"#{part}", Static)
                text = app.said(part)
                most = app.lab.content_size.width - 1
                assert max(map(len, text.splitlines())) <= most, (size, part)
                assert widget.size.height == len(text.splitlines()), (size, part)
            assert app.lab.outer_size.height <= 18, size


async def test_options_choose_the_start_and_bad_ones_are_said() -> None:
    app = LabApp(rows="2", columns="3", seed="8", function="norm")
    async with app.run_test(size=NARROW):
        assert app.lab.choice == Choice(2, 3, 8, function="norm")
    app = LabApp(rows="many")
    async with app.run_test(size=NARROW) as pilot:
        assert app.lab.choice == Choice()
        assert "cannot be read" in app.said("note")
        await pilot.press("tab", "n")
        assert app.said("note") == keyed(MatrixCalculusLab.KEYS)
    app = LabApp(function="det")
    async with app.run_test(size=NARROW):
        assert "There is no function 'det' here." in app.said("note")


@pytest.mark.parametrize(("theme", "size"), [("dltutor-dark", NARROW), ("dltutor-light", WIDE)])
def test_the_lab_looks_as_before(
    theme: str, size: tuple[int, int], snap_compare: SnapCompare
) -> None:
    async def choose(pilot: Pilot[None]) -> None:
        await answered(pilot)
        await pilot.press("tab", "f", "f", "f")
        await answered(pilot)
        # The distances are rounding, which differs from one processor to another.
        verdict = pilot.app.query_one("#verdict", Static)
        verdict.update("f = … · largest distance from the formula:\nautograd … ✓ rounding")
        await pilot.pause()

    assert snap_compare(LabApp(theme), terminal_size=size, run_before=choose)
