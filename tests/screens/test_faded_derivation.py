"""A derivation that the learner gives: one question a line, judged, logged, and counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lessons.derive.judging import answer_of
from lessons.derive.tasks import Kind
from lessons.learner.derivations import rounds_of, setting_of
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.screens.drawing import drawn
from tests.screens.layout import problems
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.page.lines import line_text
from tui.screens.lesson import LessonScreen
from tui.widgets.derivation import DerivationView
from tui.widgets.faded import FadedView

SLUG, NAME, KEY = "backprop/worked-example", "sigmoid_slope", "the-slope-of-the-sigmoid"


def learner(tmp_path: Path, rounds: int = 0) -> Progress:
    """A learner with a fixed seed, who has finished some rounds of the derivation."""
    progress = Progress(tmp_path / "learner.sqlite")
    progress.remember("order of options", "seed")
    progress.remember(setting_of(SLUG, NAME), str(rounds))
    return progress


async def begin(app: TutorApp, pilot: Pilot[None]) -> FadedView:
    """Open the step, and begin to give its lines."""
    screen = app.screen
    assert isinstance(screen, LessonScreen)
    await screen.show_step(screen.lesson.keys.index(KEY))
    await settle(pilot)
    await pilot.press("f")
    for _turn in range(3):
        await settle(pilot)
    for field in screen.query(Input):
        field.cursor_blink = False
    return screen.query_one(FadedView)


async def answer(pilot: Pilot[None], view: FadedView, text: str) -> None:
    """Give an answer to the line in hand."""
    assert view.current is not None
    if view.current.is_chosen:
        await pilot.press(text)
    else:
        view.query_one(Input).value = text
        await pilot.press("enter")
    for _turn in range(3):
        await settle(pilot)


async def test_a_round_is_given_logged_and_counted(make_tutor: MakeTutor, tmp_path: Path) -> None:
    progress = learner(tmp_path)
    app = make_tutor(SLUG, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        view = await begin(app, pilot)
        block = app.screen.query_one(DerivationView)
        assert len(view.tasks) == 2
        for task in view.tasks:
            assert view.current is task
            assert block.state.covered is not None
            assert block.state.shown == task.line + 1
            await answer(pilot, view, answer_of(view.asked, task))
            assert view.is_settled
            assert block.state.covered is None
            await drawn(pilot)
            assert not problems(app.screen)
            await pilot.press("enter")
            await settle(pilot)
        assert view.at_end
        assert rounds_of(progress, SLUG, NAME) == 1
        log = progress.answers()
        assert [a.question for a in log] == [f"derivation:{NAME}/{t.line + 1}" for t in view.tasks]
        assert {a.verdict for a in log} == {"right"}
        await pilot.press("enter")
        for _turn in range(3):
            await settle(pilot)
        again = app.screen.query_one(FadedView)
        assert again is not view
        assert again.asked.level == 2
        assert len(again.tasks) == 3
        await pilot.press("escape")
        block.focus()
        await pilot.press("f")
        await settle(pilot)
        assert not app.screen.query(FadedView)
        assert block.state.shown == 4


async def test_a_wrong_line_is_told_and_the_answer_can_be_shown(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    progress = learner(tmp_path, rounds=2)
    app = make_tutor(SLUG, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        view = await begin(app, pilot)
        assert len(view.tasks) == 4
        while view.current is not None and view.current.kind is not Kind.TYPE:
            await pilot.press("ctrl+r")
            await settle(pilot)
            assert view.is_settled
            await pilot.press("enter")
            await settle(pilot)
        task = view.current
        assert task is not None
        await answer(pilot, view, f"2 ({answer_of(view.asked, task)})")
        assert not view.is_settled
        told = view.query("Feedback").first()
        text = "\n".join(line_text(line) for line in told.lines(76))  # type: ignore[attr-defined]
        assert "the left side is" in " ".join(text.split())
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert view.is_settled
        assert rounds_of(progress, SLUG, NAME) == 2, "a shown line does not raise the level"


@pytest.mark.parametrize(
    ("rounds", "size", "keys"),
    [(0, (80, 24), ()), (1, (120, 40), ("t",)), (2, (80, 24), ())],
)
def test_pictures(
    make_tutor: MakeTutor,
    snap_compare: Callable[..., bool],
    tmp_path: Path,
    rounds: int,
    size: tuple[int, int],
    keys: tuple[str, ...],
) -> None:
    app = make_tutor(SLUG, learner(tmp_path, rounds))

    async def walk(pilot: Pilot[None]) -> None:
        view = await begin(app, pilot)
        wrong = "abc"[0] if view.current and view.current.is_chosen else "1 + e^(-z)"
        await answer(pilot, view, wrong)
        if keys:
            app.screen.set_focus(None)
            await pilot.press(*keys)
            await settle(pilot)

    run: Callable[[Pilot[None]], Awaitable[None]] = walk
    assert snap_compare(app, terminal_size=size, run_before=run)
