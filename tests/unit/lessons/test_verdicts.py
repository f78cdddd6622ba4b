"""What is said to each answer in the tables of `verdicts/`: right, a slip, wrong, or unreadable.

A table is `verdicts/CHAPTER/LESSON.yaml`: for each question of the lesson a list of
`[answer, verdict, slip]`. Answers stand in quotes; the slip is the id that is logged, or null.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from lessons.format.yaml_file import read_yaml
from lessons.judge.answers import Verdict, judge
from lessons.judge.choices import right_factor
from lessons.judge.questions import (
    ChoiceQuestion,
    FillQuestion,
    NumberQuestion,
    Question,
    ShapeQuestion,
    SignQuestion,
)
from lessons.judge.verdicts import LETTERS
from tests.cases import each
from tests.unit.lessons.course import SLUGS, question_of, questions

FOLDER = Path(__file__).parent / "verdicts"
WRONG, RIGHT = 8, 4
"""How many answers a question needs that are not right, and how many that are."""


class Row(NamedTuple):
    """One answer with the verdict that it must get."""

    slug: str
    question: str
    answer: str
    verdict: str
    slip: str | None


def path_of(slug: str) -> Path:
    """The table of a lesson."""
    return FOLDER / f"{slug}.yaml"


def rows_of(slug: str) -> list[Row]:
    """The rows of the table of a lesson."""
    path = path_of(slug)
    assert path.is_file(), f"Write {path}: CONTRIBUTING says how, under “Test the verdicts”."
    table = read_yaml(path.read_text("utf-8"))
    return [
        Row(slug, question, str(answer), verdict, slip)
        for question, rows in table.items()
        for answer, verdict, slip in rows
    ]


@cache
def rows_by_question(slug: str) -> dict[str, list[Row]]:
    """The rows of the table of a lesson, by question."""
    found: dict[str, list[Row]] = {}
    for row in rows_of(slug):
        found.setdefault(row.question, []).append(row)
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_each_answer_gets_its_verdict(slug: str) -> None:
    def check(name: str) -> None:
        question = question_of(slug, name)
        wrongly = []
        for row in rows_by_question(slug)[name]:
            found = judge(question, row.answer)
            if (found.verdict.value, found.slip or None) != (row.verdict, row.slip):
                wrongly.append((row.answer, row.verdict, row.slip, found.verdict.value, found.slip))
        assert not wrongly, "answer, verdict and slip of the table; verdict and slip of the tutor"

    each(questions(slug), check)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_table_has_every_question_of_its_lesson_and_no_other(slug: str) -> None:
    assert set(rows_by_question(slug)) == set(questions(slug))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_question_has_answers_enough(slug: str) -> None:
    """Numbers and shapes: 8 wrong ones and 4 right ones; others: 8 that are not right, in which
    every option and every slip is met, and 4 spellings of the right one."""

    def check(name: str) -> None:
        rows = rows_by_question(slug)[name]
        assert len({row.answer for row in rows}) == len(rows), "an answer stands there twice"
        count = Counter(row.verdict for row in rows)
        question = question_of(slug, name)
        wrong = count[Verdict.WRONG] + count[Verdict.SLIP]
        if not isinstance(question, NumberQuestion | ShapeQuestion):
            wrong += count[Verdict.UNREADABLE]
        assert count[Verdict.RIGHT] >= RIGHT
        assert wrong >= WRONG
        unmet = slips_of(question) - {row.slip for row in rows}
        assert not unmet, f"no answer of the table leads to the slips {unmet}"
        assert options_of(question) <= {row.answer for row in rows}

    each(questions(slug), check)


def slips_of(question: Question) -> set[str]:
    """The slips of a question: a table meets each of them."""
    match question:
        case NumberQuestion() | ShapeQuestion():
            return {slip.id for slip in question.slips}
        case ChoiceQuestion(options):
            return {option.slip for option in options if option.slip}
        case FillQuestion():
            return {factor.slip for factor in question.factors if factor.slip}
        case SignQuestion():
            return {question.slip} - {""}
        case _:
            return set()


def options_of(question: Question) -> set[str]:
    """What there is to choose from: a table has each letter or sign by itself."""
    match question:
        case ChoiceQuestion(options):
            return set(LETTERS[: len(options)])
        case FillQuestion():
            assert right_factor(question) >= 0
            return set(LETTERS[: len(question.factors)])
        case SignQuestion():
            return set("+-0")
        case _:
            return set()


def test_every_table_is_that_of_a_lesson() -> None:
    tables = {path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.yaml")}
    assert {path.as_posix() for path in tables} == set(SLUGS)
