"""Derivations in a lesson: revealed line by line, proved, and walked through."""

from __future__ import annotations

import threading

import pytest
from textual.pilot import Pilot

from engine.formulas.bench import AUTOGRAD
from engine.formulas.notation import Notation
from engine.formulas.proving import Comparison, LineProof
from lessons.format.document import Block, Derivation
from tests.screens.conftest import MakeTutor
from tests.screens.lesson_steps import SIZES, SnapCompare, at_step, shown
from tests.screens.waiting import settle
from tui.page.lines import Ink, InkLine
from tui.page.prose import pieces
from tui.screens.lesson import LessonScreen
from tui.widgets.derivation import DerivationView, Proved


def steady_proofs(block: Derivation, notation: Notation, round_number: int) -> Proved:
    """Proofs whose residuals do not depend on how a processor rounds."""
    proof = LineProof((), (Comparison(AUTOGRAD, 2e-16, 1e-9),), 8)
    return (proof,) * len(block.lines), ((),) * len(block.lines)


@pytest.mark.parametrize("size", SIZES)
def test_derivation(
    make_tutor: MakeTutor,
    snap_compare: SnapCompare,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.widgets.derivation.prove", steady_proofs)

    async def reveal(pilot: Pilot[None]) -> None:
        await at_step(1)(pilot)
        await pilot.press("a")
        await pilot.pause()

    app = make_tutor("backprop/deltas")
    assert snap_compare(app, terminal_size=size, run_before=reveal)


async def test_the_numbers_of_the_next_step_are_computed_beside_the_screen(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[Block, str] = {}

    def lines(block: Block, width: int) -> list[InkLine]:
        threads[block] = threading.current_thread().name
        return []

    monkeypatch.setattr("tui.screens.ahead.block_lines", lines)
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for step in (0, 2):
            await at_step(step)(pilot)
            for block in screen.lesson.steps[step + 1].blocks:
                assert threads[block] == "background"
        await at_step(len(screen.lesson.steps) - 1)(pilot)


async def test_a_derivation_is_revealed_line_by_line_and_proved(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        view = app.screen.query_one(DerivationView)
        assert view.has_focus
        assert "3 more lines are hidden" in shown(view)
        assert shown(view).count("✓") == 1
        await pilot.press("enter")
        assert "2 more lines are hidden" in shown(view)
        dimmed = [ink for line in view.lines(80) for _text, ink in line if ink is Ink.MATH_DIM]
        assert dimmed  # the line above steps back
        await pilot.press("a")
        assert shown(view).count("✓") == 1
        assert not [1 for line in view.lines(80) for _text, ink in line if ink is Ink.MATH_DIM]
        first, *_ = [line for line in shown(view).split("\n") if line.lstrip().startswith("1 ")]
        reason = "".join(text for text, _ink in pieces(view.block.lines[0].reason))
        assert first.rstrip().endswith(reason.replace("\N{NO-BREAK SPACE}", " "))
        assert "residual" not in shown(view)
        await pilot.press("d")
        assert shown(view).count("checked as shown, on 8 random draws") == 4
        assert "against central differences" in shown(view)
        assert "hidden" not in shown(view)


async def test_proving_again_takes_new_numbers(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        view = app.screen.query_one(DerivationView)
        await pilot.press("e")
        before = shown(view)
        assert "part 1 of" in before
        await pilot.press("p")
        await settle(pilot)
        after = shown(view)
        assert "✓" in after
        assert after != before
        await pilot.press("e")  # without the numbers of a draw the proof itself says so
        assert "on other random numbers, too: draw 2" in shown(view)


async def test_the_arrows_walk_through_the_parts_while_numbers_are_open(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        view = app.screen.query_one(DerivationView)
        await pilot.press("a", "e")
        lit = []
        for _ in range(4):
            part = view.state.lit()
            assert part is not None
            lit.append(part.latex)
            await pilot.press("right")
        assert len(set(lit)) == 4
        assert view.is_attached, "the arrows stay with the formula"
        await pilot.press("up")
        assert view.state.opened == 2
        await pilot.press("e", "right")
        await settle(pilot)
        assert not view.is_attached, "with the numbers closed the arrow goes to the next step"


async def test_revealing_scrolls_the_new_line_into_view(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(3)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        view = screen.query_one(DerivationView)
        for _ in range(4):
            await pilot.press("enter")
            await pilot.pause()
            assert (
                view.virtual_region.bottom <= screen.page.scroll_offset.y + screen.page.size.height
            )
        assert screen.page.scroll_offset.y > 0
