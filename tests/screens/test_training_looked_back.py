"""What comes before a training of a lesson, and how the next step comes back to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.guess import Guess
from engine.training.runs import KeptRun, kept_run
from engine.training.snapshot import SessionState, Setting
from lessons.format.document import Training, plain_text
from lessons.format.parser import running_text
from lessons.judge.verdicts import Verdict
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, softmax_running
from tests.screens.waiting import settle
from tests.unit.lessons.course import lesson, named
from tui.page.lines import line_text
from tui.screens.guess import GuessScreen
from tui.screens.lesson import LessonScreen
from tui.screens.looking_back import looking_back_blocks, run_in_words
from tui.screens.training import TrainingScreen
from tui.widgets.static_block import StaticBlock
from tui.widgets.training_card import TrainingCard

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
        (card,) = screen.page.query(TrainingCard)
        assert not card.display, "the training waits until the learner has said what will happen"
        await pilot.press("right")
        assert card.display, "one key goes on without a prediction"
        await settle(pilot)
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
        assert "A run shows:" not in said(screen), "nothing was predicted"
        await screen.show_step(place + 2)
        assert "Your training." not in said(screen)


def finished(recipe: str = "softmax", **settings: Setting) -> KeptRun:
    """A kept run of three epochs with these settings besides those of the recipe."""
    began = find_recipe(recipe).settings(settings)
    seen = replace(
        softmax_running(10), recipe=recipe, run=f"{recipe}-7", state=SessionState.FINISHED,
        settings=began, started_with=began,
    )  # fmt: skip
    return kept_run(seen, datetime(2026, 1, 1, tzinfo=UTC))


async def test_what_was_said_stands_beside_the_learners_own_run(make_tutor: MakeTutor) -> None:
    app = make_tutor(SLUG)
    async with app.run_test(size=(80, 24)):
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        (place,) = places(SLUG)
        await screen.show_step(place)
        app.progress.answer(SLUG, "train_first_epoch", "a", Verdict.NOTED)
        for runs, told in (((), "A run shows: "), ((finished(),), "You saw: ")):
            for run in runs:
                app.runs.add(run)
            await screen.show_step(place + 1)
            assert told + "More than half." in said(screen).replace("\u258e ", "")
            assert ("Your run softmax-7: train loss " in said(screen)) is bool(runs)


def test_a_run_is_told_epoch_by_epoch_with_the_settings_that_are_its_own() -> None:
    run = finished(lr=0.3)
    shown = plain_text(running_text(run_in_words(run)))
    assert shown.startswith("Your run softmax-7, learning rate 0.3: train loss ")
    figures = [f"{row.test_accuracy:.3f}" for row in run.measured if row.epoch]
    assert shown.endswith(f"; test accuracy after each epoch {', '.join(figures)}.")
    long = replace(run, measured=run.measured[:1] + run.measured[1:] * 6)
    assert run_in_words(long).endswith(f"; test accuracy {figures[-1]} in the end.")


def test_a_regression_is_told_by_its_losses() -> None:
    run = finished()
    rows = tuple(replace(row, test_accuracy=None, train_accuracy=None) for row in run.measured)
    told = run_in_words(replace(run, measured=rows))
    assert told.count(" at first, ") == told.count(" in the end") == 2


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
