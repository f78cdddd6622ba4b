"""A guess before a training of a lesson: asked for beside its card, and come back to in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.guess import Guess
from engine.training.snapshot import SessionState
from lessons.format.document import Training
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, softmax_running
from tests.unit.lessons.course import lesson, named
from tui.page.lines import line_text
from tui.screens.guess import GuessScreen
from tui.screens.lesson import LessonScreen
from tui.screens.looking_back import looking_back_blocks
from tui.screens.training import TrainingScreen
from tui.widgets.static_block import StaticBlock

SLUG = "classification/softmax-from-scratch"
TRAINED = sorted({slug for slug, _recipe in named("training")})


def places(slug: str) -> list[int]:
    """The steps of a lesson that have a training, counted from 0."""
    steps = lesson(slug).steps
    return [
        place
        for place, step in enumerate(steps)
        if any(isinstance(block, Training) for block in step.blocks)
    ]


def said(screen: LessonScreen) -> str:
    """The remarks and paragraphs of the page, as text."""
    found = [
        line_text(line) for block in screen.page.query(StaticBlock) for line in block.lines(76)
    ]
    return " ".join(" ".join(found).split())


async def test_the_next_step_comes_back_to_the_guess_once_the_training_has_ended(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor(SLUG)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        (place,) = places(SLUG)
        await screen.show_step(place)
        assert "On its screen, p takes your guess before the first update." in said(screen)
        await pilot.press("enter", "p")
        assert isinstance(app.screen, GuessScreen)
        await pilot.press(*"2.3", "tab", *"85%", "enter", "s")
        assert session.started[-1].guess == Guess(2.3, 0.85)
        session.publish(replace(softmax_running(), guess=Guess(2.3, 0.85)))
        assert isinstance(app.screen, TrainingScreen)
        await pilot.press("escape")
        await screen.show_step(place + 1)
        assert "Your training." not in said(screen)
        session.change(state=SessionState.FINISHED)
        await screen.show_step(place + 1)
        assert "Your training. First loss: guessed 2.3, measured 2.3100." in said(screen)
        assert "Your training. Test accuracy: guessed 0.85, measured 0.7967" in said(screen)
        await screen.show_step(place + 2)
        assert "Your training." not in said(screen)


@pytest.mark.parametrize("slug", TRAINED)
async def test_every_training_of_the_course_is_come_back_to(
    slug: str, make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor()
    assert app.session is session
    whole = lesson(slug)
    for place in places(slug):
        for block in whole.steps[place].blocks:
            if not isinstance(block, Training):
                continue
            classifies = bool(find_recipe(block.recipe).classes)
            ended = replace(softmax_running(), recipe=block.recipe, state=SessionState.FINISHED)
            asked = Guess(2.0, 0.9) if classifies else Guess(2.0, None, 0.5)
            session.publish(replace(ended, guess=asked))
            told = looking_back_blocks(app, whole, place)
            lines = [line_text(line) for remark in told for line in remark.lines(76)]
            assert "\n".join(lines).count("Your training.") == 2
