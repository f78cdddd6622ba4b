"""Trainings as steps of lessons: the card, how the last run ended, the way there and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.training.guess import Guess
from engine.training.runs import KeptRun, kept_run
from engine.training.snapshot import SessionState, Setting
from lessons.format.document import Training
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import softmax_running
from tests.screens.waiting import settle
from tui.page.lines import line_text
from tui.page.training_card import card, last_run, own_runs
from tui.screens.lesson import LessonScreen
from tui.screens.training import TrainingScreen
from tui.widgets.training_card import TrainingCard

BLOCK = Training("softmax", (("lr", "0.5"),))


def ended(number: int, *, guess: Guess | None = None, **settings: Setting) -> KeptRun:
    """A softmax training that ended, `softmax-NUMBER`."""
    seen = softmax_running(10)
    settings = {**seen.settings, "lr": 0.5, **settings}
    seen = replace(
        seen,
        run=f"softmax-{number}",
        state=SessionState.FINISHED,
        settings=settings,
        started_with=settings,
        guess=guess or Guess(),
    )
    return kept_run(seen, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number))


def said(last: KeptRun | None) -> str:
    """The card of `BLOCK` in words."""
    return "\n".join(line_text(line) for line in card(BLOCK, last, 78))


def test_it_names_the_settings_and_marks_what_the_lesson_chose() -> None:
    assert "learning rate 0.5" in said(None)
    assert "batch size 256" in said(None)
    assert "seed" not in said(None)
    assert "○ Not trained yet." in said(None)
    strong = {text for line in card(BLOCK, None, 78) for text, ink in line if ink == "strong"}
    assert strong == {"0.5"}


def test_it_says_how_the_last_run_ended_and_what_was_guessed() -> None:
    run = ended(3, guess=Guess(accuracy=0.9))
    reached = run.measured[-1].test_accuracy
    assert reached is not None
    assert f"Run softmax-3: {run.epoch} epochs, test accuracy {reached:.4f}" in said(run)
    assert "guessed 0.9, measured" in said(run)
    early = replace(run, epoch=1, measured=run.measured[:2])
    assert said(early).count("◐ Run softmax-3: 1 epoch,") == 1
    assert "glyphs" in said(replace(run, synthetic=True))


def test_the_last_run_is_one_with_the_settings_of_the_lesson() -> None:
    runs = [ended(3, lr=0.1), ended(2, batch_size=64), ended(1)]
    assert last_run(BLOCK, runs) is runs[1]
    assert last_run(Training("softmax"), runs) is runs[0]
    assert last_run(BLOCK, runs[:1]) is None


async def test_enter_and_click_open_the_training_and_the_way_back_shows_the_run(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("classification/softmax-from-scratch")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        kinds = [[*map(type, step.blocks)] for step in screen.lesson.steps]
        await screen.show_step(next(i for i, found in enumerate(kinds) if Training in found))
        (found,) = screen.page.query(TrainingCard)
        assert "Not trained yet" in "\n".join(map(line_text, found.lines(70)))
        await pilot.press("c")  # a prediction, and then what it is about
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, TrainingScreen)
        app.runs.add(ended(7))
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, LessonScreen)
        assert "Run softmax-7" in "\n".join(map(line_text, found.lines(70)))
        await pilot.click(found)
        await settle(pilot)
        assert isinstance(app.screen, TrainingScreen)


def test_a_run_belongs_to_the_training_that_chose_its_settings() -> None:
    plain, slow = Training("softmax"), Training("softmax", (("lr", "0.1"),))
    runs = [ended(3, lr=0.1), ended(2, batch_size=64)]
    assert own_runs(plain, [plain, slow], runs) == runs[1:]
    assert own_runs(slow, [plain, slow], runs) == own_runs(plain, [plain], runs) == runs
