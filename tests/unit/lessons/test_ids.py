"""What learners have done survives: every id that version 0.1 wrote into a store is still known."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from lessons.format.catalog import catalog
from lessons.judge.questions import slip_names
from lessons.learner.moved import MOVES, place_of_question
from lessons.learner.progress import Progress
from lessons.learner.report import report
from tests.unit.lessons.course import lesson, mistakes, question_of, questions

IDS = json.loads(Path(__file__).with_name("ids_of_0_1.json").read_text("utf-8"))
"""Of version 0.1: for each lesson its number of steps, its mistakes, its questions with slips."""


def test_every_question_mistake_and_slip_of_the_old_version_is_still_known() -> None:
    for slug, old in IDS.items():
        moved = sum(len(move.steps) for move in MOVES if move.old == slug)
        assert len(lesson(slug).steps) >= old["steps"] - moved, slug
        assert set(old["mistakes"]) <= set(mistakes(slug)), slug
        for name, slips in old["questions"].items():
            now = place_of_question(slug, name)
            assert now[1] in questions(now[0])
            assert set(slips) <= set(slip_names(question_of(*now))), f"{slug} {name}"


def test_answers_noted_under_the_old_ids_are_found_again(tmp_path: Path) -> None:
    path = tmp_path / "progress.sqlite"
    progress = Progress(path, lambda: date(2026, 3, 2))
    for slug, old in IDS.items():
        progress.visit(slug, 0, lesson(slug).keys)
        for name, slips in old["questions"].items():
            progress.answer(slug, name, "1", "slip" if slips else "wrong", *slips[:1])
    progress.close()
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA user_version = 3")  # the last one in which no question had moved
    progress = Progress(path, lambda: date(2026, 3, 2))
    for slug, old in IDS.items():
        found = report(catalog().load(slug), progress)
        asked = {question.name for question in found.questions if question.log is not None}
        there = {name for name in old["questions"] if place_of_question(slug, name)[0] == slug}
        assert there <= asked, slug
    for move in MOVES:
        found = report(catalog().load(move.new), progress)
        asked = {question.name for question in found.questions if question.log is not None}
        assert asked == set(move.questions)
