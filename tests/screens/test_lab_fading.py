"""The worked example with blanks, answered rightly, with slips, and not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Input, Static

from lessons.judge.verdicts import Verdict
from tui.labs import make_lab
from tui.labs.fading import FadingLab, Sheet
from tui.page.lines import line_text
from tui.themes import ThemedApp
from tui.widgets.feedback import Feedback

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]


class LabApp(ThemedApp[None]):
    """The lab alone."""

    def __init__(self, **options: str) -> None:
        super().__init__()
        self.options = options

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield make_lab("fading", self.options)

    @property
    def lab(self) -> FadingLab:
        return self.query_one(FadingLab)


def state(app: App[None]) -> str:
    return str(app.query_one("#state", Static).content)


def said(app: App[None]) -> str:
    return "\n".join(line_text(line) for line in app.query_one(Feedback).lines(76))


async def give(pilot: Pilot[None], text: str) -> None:
    field = pilot.app.query_one(Input)
    field.value = text
    field.focus()
    await pilot.press("enter")


async def test_the_whole_round_answered_rightly() -> None:
    app = LabApp(level="3", seed="4")
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.lab
        for operation in lab.example.trace.operations:
            assert lab.in_hand is not None
            await give(pilot, f"{operation.value:.6g}")
            assert lab.filled.verdicts[lab.example.trace.operations.index(operation)] is (
                Verdict.RIGHT
            )
        assert lab.in_hand is None
        assert "47 of 47 filled" in state(app)
        assert "47 found, 0 shown" in str(app.query_one("#note", Static).content)
        await give(pilot, "1")  # nothing is left to answer
        assert "47 of 47 filled" in state(app)


async def test_every_phase_answered_with_every_slip_first() -> None:
    app = LabApp(level="2", seed="4")
    async with app.run_test(size=(80, 24)) as pilot:
        lab, slips = app.lab, 0
        while (position := lab.in_hand) is not None:
            question = lab.question(position)
            for slip in question.slips:
                await give(pilot, repr(slip.value()))
                assert lab.in_hand == position
                assert "not yet" in said(app)
                assert "as it should be" in said(app)
                slips += 1
            await give(pilot, repr(question.answer()))
            assert lab.filled.verdicts[position] is Verdict.RIGHT
        assert slips > 15
        assert f"slips {slips}" in state(app)


async def test_the_ladder_ends_with_the_answer() -> None:
    app = LabApp(level="1", seed="4")
    async with app.run_test(size=(80, 24)) as pilot:
        for rung in ("idea", "formula", "numbers put in"):
            await give(pilot, "1234")
            assert f"the {rung}" in said(app)
        await give(pilot, "1234")
        assert "shown" in said(app)
        assert app.lab.in_hand is None
        sheet = app.query_one(Sheet)
        await pilot.pause()
        assert any("yours 1234" in line_text(line) for line in sheet.lines(76))


async def test_keys() -> None:
    app = LabApp(level="1", seed="4")
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.lab
        lab.focus()
        first = lab.example
        await pilot.press("2")
        assert (lab.example.seed, len(lab.example.blanks)) == (4, 8)
        shown = "\n".join(row.text for row in app.screen._compositor.render_strips())
        assert "bₕ₁ " in shown
        assert "_" not in shown, "symbols as formulas write them"
        await pilot.press("3")
        assert len(lab.example.blanks) == 47
        await pilot.press("ctrl+r")
        assert lab.filled.verdicts == {0: Verdict.SHOWN}
        await pilot.press("r")
        assert not lab.filled.verdicts
        await pilot.press("1")
        assert lab.example == first
        await pilot.press("n")
        assert lab.example.seed != 4
        assert f"seed {lab.example.seed}" in state(app)
        await pilot.press("enter", "7", "escape")
        assert lab.has_focus
        assert app.query_one(Input).value == "7"
        await pilot.press("escape")
        assert app.focused is None


async def test_the_arrows_choose_the_blank_but_in_the_field_they_move_the_cursor() -> None:
    app = LabApp(level="2", seed="4")
    async with app.run_test(size=(80, 24)) as pilot:
        lab = app.lab
        lab.focus()
        blanks = lab.example.blanks
        seen = [lab.in_hand]
        for _blank in blanks:
            await pilot.press("right")
            seen.append(lab.in_hand)
        assert seen == [*blanks, blanks[0]]
        await pilot.press("left")
        assert lab.in_hand == blanks[-1]
        assert lab.in_hand is not None
        rows = [line_text(line) for line in app.query_one(Sheet).lines(76)]
        assert sum(row.startswith("▶") for row in rows) == 1
        assert rows[0].strip().startswith("↑")
        await pilot.press("enter", *"12", "left", "3")
        assert app.query_one(Input).value == "132"
        assert lab.in_hand == blanks[-1]
        await give(pilot, repr(lab.question(blanks[-1]).answer()))
        assert lab.in_hand == blanks[0]


async def test_with_one_blank_the_arrows_are_greyed_and_say_why() -> None:
    app = LabApp(level="1", seed="4")
    async with app.run_test(size=(80, 24)) as pilot:
        app.lab.focus()
        await pilot.pause()
        assert app.lab.check_action("move", (1,)) is None
        await pilot.press("right")
        assert "the only blank" in str(app.query_one("#note", Static).content)
        await pilot.press("ctrl+r")
        assert app.lab.in_hand is None
        await pilot.press("right")
        assert "All blanks are filled" in str(app.query_one("#note", Static).content)


async def test_nonsense_gets_a_sentence_and_counts_for_nothing() -> None:
    app = LabApp(level="1", seed="4")
    async with app.run_test(size=(80, 24)) as pilot:
        for text in ("", "<b>", "1/0", "__import__('os')"):
            await give(pilot, text)
            assert said(app)
        assert app.lab.filled.tries == app.lab.filled.slips == 0


@pytest.mark.parametrize("options", [{"level": "9"}, {"seed": "x"}])
async def test_options_that_do_not_fit_are_said(options: dict[str, str]) -> None:
    app = LabApp(**options)
    async with app.run_test(size=(80, 24)):
        assert "level=1, 2 or 3" in str(app.query_one("#note", Static).content)


async def test_without_a_seed_the_numbers_are_fresh() -> None:
    seeds = set()
    for _ in range(4):
        app = LabApp()
        async with app.run_test(size=(80, 24)):
            seeds.add(app.lab.example.seed)
    assert len(seeds) > 1


@pytest.mark.parametrize("size", SIZES)
def test_a_slip(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    async def answer(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, LabApp)
        field = pilot.app.query_one(Input)
        field.cursor_blink = False
        position = pilot.app.lab.in_hand
        assert position is not None
        await give(pilot, f"{pilot.app.lab.question(position).slips[0].value():.6g}")

    assert snap_compare(LabApp(level="2", seed="4"), terminal_size=size, run_before=answer)
