"""The lab with tr(AXBX): shapes, seeds, both gradients, and what cannot be used."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from engine.errors import UserError
from tui.background import wait_until_idle
from tui.labs import make_lab
from tui.labs.matrix_calculus import Answer, Choice, MatrixCalculusLab, compute
from tui.widgets.value_editor import LineInput


class LabApp(App[None]):
    """The lab alone."""

    def __init__(self, **options: str) -> None:
        super().__init__()
        self.options = options

    def compose(self) -> ComposeResult:
        yield make_lab("matrix_calculus", self.options)


def said(app: App[None], part: str) -> str:
    return str(app.query_one(f"#{part}", Static).content)


async def answered(pilot: Pilot[None]) -> Answer:
    """The lab's answer to its present choice."""
    await pilot.pause()
    await asyncio.to_thread(wait_until_idle)
    await pilot.pause()
    answer = pilot.app.query_one(MatrixCalculusLab).answer
    assert answer is not None
    return answer


@pytest.mark.parametrize("choice", [Choice(), Choice(1, 1, 5), Choice(4, 2, 1), Choice(2, 4, 9)])
def test_both_gradients_are_those_of_numpy(choice: Choice) -> None:
    answer = compute(choice)
    X, A, B = (np.array(part) for part in (answer.X, answer.A, answer.B))
    assert X.shape == (choice.rows, choice.columns)
    assert A.shape == B.shape == (choice.columns, choice.rows)
    M = B @ X @ A + A @ X @ B
    assert np.allclose(answer.autograd, M.T, rtol=1e-12)
    assert np.allclose(answer.formula, M.T, rtol=1e-12)
    assert np.isclose(answer.value, np.trace(A @ X @ B @ X))
    assert answer.agrees


def test_a_wrong_gradient_would_not_pass_for_rounding() -> None:
    answer = compute(Choice())
    wrong = Answer(**{**{name: getattr(answer, name) for name in Answer.__slots__},
                      "difference": 1e-6})  # fmt: skip
    assert not wrong.agrees


@pytest.mark.parametrize("text", ["", "3", "3 x", "3 4 5 6", "2.5 3", "0 4", "3 9", "3 4 -1"])
def test_what_cannot_be_used_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as caught:
        Choice().read(text)
    assert str(caught.value).endswith(".")


async def test_the_arrows_change_the_shape() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "down", "left")
        answer = await answered(pilot)
        assert (answer.choice.rows, answer.choice.columns) == (4, 3)
        assert "X 4 × 3 holds 0 … 11" in said(app, "chosen")
        assert "✓ rounding only" in said(app, "verdict")
        assert f"{answer.autograd[0][0]:.3f}" in said(app, "results")


async def test_a_seed_gives_its_own_numbers_and_the_same_again() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        first = await answered(pilot)
        await pilot.press("tab", "n")
        second = await answered(pilot)
        assert second.choice.seed == 1
        assert second.A != first.A
        assert compute(Choice(seed=0)).A == first.A


async def test_32_bits_round_more() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "p")
        answer = await answered(pilot)
        assert answer.choice.precision == "float32"
        assert answer.agrees
        assert answer.formula != compute(Choice()).formula


async def test_nonsense_keeps_the_old_shape() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.query_one(MatrixCalculusLab)
        await pilot.press("tab", "e", *"no", "enter")
        assert "cannot be read" in said(app, "note")
        assert lab.choice == Choice()
        app.query_one(LineInput).value = "2 3 7"
        await pilot.press("enter")
        assert (await answered(pilot)).choice == Choice(2, 3, 7)
        assert lab.has_focus


async def test_escape_keeps_the_old_choice() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "e", *"2 2 2", "escape")
        assert app.query_one(MatrixCalculusLab).choice == Choice()
        assert not app.query_one(LineInput).has_class("-open")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_largest_matrices_fit(size: tuple[int, int]) -> None:
    app = LabApp()
    async with app.run_test(size=size) as pilot:
        await pilot.press("tab", "down")
        await answered(pilot)
        for part in ("given", "results"):
            widget = app.query_one(f"#{part}", Static)
            text = said(app, part)
            assert max(map(len, text.splitlines())) <= 74
            assert widget.size.height == len(text.splitlines())
        assert app.query_one(MatrixCalculusLab).size.height <= 18


async def test_options_choose_the_start_and_bad_ones_are_said() -> None:
    app = LabApp(rows="2", columns="3", seed="8")
    async with app.run_test(size=(80, 24)):
        assert app.query_one(MatrixCalculusLab).choice == Choice(2, 3, 8)
    app = LabApp(rows="many")
    async with app.run_test(size=(80, 24)):
        assert app.query_one(MatrixCalculusLab).choice == Choice()
        assert "cannot be read" in said(app, "note")
