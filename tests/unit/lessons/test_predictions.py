"""Predictions before labs and trainings: kept without a verdict; the next step looks back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import Lab, Predict, Training, plain_text
from lessons.format.outline import outline_of, scan
from lessons.judge.verdicts import Verdict
from lessons.learner.log import question_logs
from lessons.learner.predictions import looking_back, predictions_of
from lessons.learner.progress import Progress
from lessons.learner.report import questions_of, report
from tests.unit.lessons.course import SLUGS, lesson

ASKS_ITSELF = {
    "fading": "each line of it is a blank that the learner fills in, and is judged at once",
}
"""Labs before which nothing is predicted, and why."""
SLUG = "backprop/worked-example"


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    """The progress of a new learner."""
    return Progress(tmp_path / "progress.sqlite", lambda: date(2026, 3, 2))


def _step(name: str) -> int:
    whole = lesson(SLUG)
    return next(
        place
        for place, step in enumerate(whole.steps)
        if any(isinstance(block, Predict) and block.name == name for block in step.blocks)
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_a_prediction_comes_before_every_lab_and_training_and_the_lesson_comes_back_to_it(
    slug: str, progress: Progress
) -> None:
    whole = lesson(slug)
    for place, step in enumerate(whole.steps):
        asked = list(predictions_of(step))
        for block in filter(_must_be_predicted, step.blocks):
            predicted = [said.name for said, shown in asked if shown is block]
            assert predicted, f"{slug}, {step.key}: nothing is predicted before {block}"
        for said, _shown in asked:
            progress.answer(slug, said.name, "a", Verdict.NOTED)
        assert len(looking_back(whole, place, progress)) == len(asked)


def _must_be_predicted(block: object) -> bool:
    return isinstance(block, Training) or (isinstance(block, Lab) and block.name not in ASKS_ITSELF)


def test_nobody_is_told_of_seeing_a_training_that_was_left_out(progress: Progress) -> None:
    whole = lesson("frameworks/fizzbuzz")
    (step,) = (n for n, s in enumerate(whole.steps) if "train_score_waits" in _names(s.blocks))
    progress.answer(whole.slug, "train_score_waits", "c", Verdict.NOTED)
    (seen,) = looking_back(whole, step, progress, lambda _training: True)
    (unseen,) = looking_back(whole, step, progress, lambda _training: False)
    assert "You saw just that. After 150" in plain_text(seen)
    assert "A run shows: After 150" in plain_text(unseen)


def test_a_number_that_is_asked_before_a_lab_comes_back_too(progress: Progress) -> None:
    whole = lesson("mlp/concise")
    (step,) = (n for n, s in enumerate(whole.steps) if "concise_first_apart" in _names(s.blocks))
    told = {}
    for answer in ("2", "*", ""):
        progress.answer(whole.slug, "concise_first_apart", answer, Verdict.RIGHT)
        (text,) = looking_back(whole, step, progress)
        told[answer] = plain_text(text)
    assert told["2"].startswith("You said: 2. You saw: The first loss is that of the same weights")
    assert told["*"].startswith("You said: *. You saw: ")
    assert told[""].startswith("You made no prediction. What there was to see: The first loss")


def test_what_was_said_comes_back_beside_what_there_was_to_see(progress: Progress) -> None:
    whole, step = lesson(SLUG), _step("lab_nudge_w5")
    assert not looking_back(whole, step, progress)
    told = {}
    for letter in ("a", "b", ""):
        progress.answer(SLUG, "lab_nudge_w5", letter, Verdict.NOTED if letter else "skipped")
        (text,) = looking_back(whole, step, progress)
        told[letter] = plain_text(text)
    assert "You said: up. You saw just that." in told["a"]
    assert "You said: down. You saw: " in told["b"]
    assert "You made no prediction." in told[""]
    assert all("the loss goes up" in text for text in told.values())


def test_a_question_that_is_judged_before_a_lab_comes_back_too(progress: Progress) -> None:
    whole = lesson("linear/gradient-descent")
    (step,) = (n for n, s in enumerate(whole.steps) if "gd_lab_rate" in _names(s.blocks))
    progress.answer(whole.slug, "gd_lab_rate", "b", Verdict.RIGHT)
    (text,) = looking_back(whole, step, progress)
    assert "You saw just that" in plain_text(text)


def _names(blocks: tuple[object, ...]) -> list[str]:
    return [block.name for block in blocks if isinstance(block, Predict)]


def test_no_prediction_counts_as_a_question(progress: Progress) -> None:
    progress.answer(SLUG, "lab_nudge_w5", "b", Verdict.NOTED)
    assert not question_logs(progress.answers())
    whole = lesson(SLUG)
    assert "lab_nudge_w5" not in [b.name for _step, b in questions_of(whole)]
    assert "lab_nudge_w5" in [b.name for _step, b in questions_of(whole, predictions=True)]
    assert not any("lab_" in question.name for question in report(whole, progress).questions)
    path = catalog().entry(SLUG).path
    assert path is not None
    assert scan(path.read_text("utf-8")) == outline_of(whole)
