"""What learners have done survives: every id that version 0.1 wrote into a store is still known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from lessons.format.catalog import catalog
from lessons.judge.questions import slip_names
from lessons.learner.progress import Progress
from lessons.learner.report import report
from tests.unit.lessons.course import MISTAKES, QUESTIONS, lesson, question_of

IDS = json.loads(Path(__file__).with_name("ids_of_0_1.json").read_text("utf-8"))
"""Of version 0.1: for each lesson its number of steps, its mistakes, its questions with slips."""


def test_every_question_mistake_and_slip_of_the_old_version_is_still_known() -> None:
    for slug, old in IDS.items():
        assert len(lesson(slug).steps) >= old["steps"], slug
        assert set(old["mistakes"]) <= {name for s, name in MISTAKES if s == slug}, slug
        for name, slips in old["questions"].items():
            assert (slug, name) in QUESTIONS
            assert set(slips) <= set(slip_names(question_of(slug, name))), f"{slug} {name}"


def test_answers_noted_under_the_old_ids_are_found_again(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "progress.sqlite", lambda: date(2026, 3, 2))
    for slug, old in IDS.items():
        progress.visit(slug, 0, lesson(slug).keys)
        for name, slips in old["questions"].items():
            progress.answer(slug, name, "1", "slip" if slips else "wrong", *slips[:1])
    for slug, old in IDS.items():
        found = report(catalog().load(slug), progress)
        asked = {question.name for question in found.questions if question.log is not None}
        assert set(old["questions"]) <= asked, slug
