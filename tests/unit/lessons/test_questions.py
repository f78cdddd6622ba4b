"""Every question of the course: answers accepted, slips diagnosed as themselves, hints complete."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lessons.catalog import catalog
from lessons.checks import book
from lessons.checks.answers import Verdict, judge, reveal, right_answer
from lessons.checks.questions import (
    ChoiceQuestion,
    FillQuestion,
    NumberQuestion,
    Question,
    ShapeQuestion,
    SignQuestion,
    formulas,
    said,
)
from lessons.checks.run_questions import slip_answers
from lessons.checks.slip_names import NAMES
from lessons.document import FindMistake, Predict
from lessons.parser import running_text
from tui.math import draw, line_text

SLUGS = [entry.slug for entry in catalog().entries() if entry.is_written]
WIDEST_FORMULA = 70


def _questions() -> Iterator[tuple[str, str]]:
    for chapter in sorted({slug.partition("/")[0] for slug in SLUGS}):
        for name in book(chapter).predicts:
            yield chapter, name


QUESTIONS = list(_questions())


def question_of(chapter: str, name: str) -> Question:
    return book(chapter).predicts[name]


def slip_ids(question: Question) -> list[str]:
    return [slip for slip, _, _ in slip_answers(question)]


@pytest.mark.parametrize(("chapter", "name"), QUESTIONS)
def test_the_right_answer_is_accepted_and_revealed(chapter: str, name: str) -> None:
    question = question_of(chapter, name)
    assert judge(question, right_answer(question)).verdict is Verdict.RIGHT
    assert reveal(question).verdict is Verdict.SHOWN


@pytest.mark.parametrize(("chapter", "name"), QUESTIONS)
def test_each_slip_is_diagnosed_as_itself_and_as_no_other(chapter: str, name: str) -> None:
    question = question_of(chapter, name)
    for slip, text, _ in slip_answers(question):
        found = judge(question, text)
        assert (found.verdict, found.slip) == (Verdict.SLIP, slip)
        assert slip in NAMES, f"{slip!r} has no name in slip_names.py"
        assert found.line, f"the slip {slip!r} does not say where it enters"
        if not isinstance(question, FillQuestion):
            assert found.right, f"the slip {slip!r} does not say how the line should be"
        assert found.line != found.right


@pytest.mark.parametrize(("chapter", "name"), QUESTIONS)
def test_a_number_or_a_shape_has_the_whole_ladder(chapter: str, name: str) -> None:
    question = question_of(chapter, name)
    if isinstance(question, NumberQuestion | ShapeQuestion):
        assert question.hints is not None
        texts = [text for _, text in question.hints.rungs()]
        assert all(texts)
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(("chapter", "name"), QUESTIONS)
def test_wrong_answers_are_answered(chapter: str, name: str) -> None:
    question = question_of(chapter, name)
    if isinstance(question, ChoiceQuestion | FillQuestion | SignQuestion):
        answers = {judge(question, text).verdict for text in "abcdefghij+-0"}
        assert answers >= {Verdict.RIGHT}
        assert answers & {Verdict.SLIP, Verdict.WRONG}
    elif isinstance(question, NumberQuestion):
        verdicts = [judge(question, "-123456789.5", tries).verdict for tries in range(4)]
        assert verdicts == [Verdict.WRONG] * 3 + [Verdict.SHOWN]


@pytest.mark.parametrize(("chapter", "name"), QUESTIONS)
def test_all_that_is_said_can_be_read_and_drawn(chapter: str, name: str) -> None:
    question = question_of(chapter, name)
    for text in said(question):
        assert running_text(text, chapter)
    for latex in formulas(question):
        lines = draw(latex.replace(r"\square", "x"), WIDEST_FORMULA)
        assert max(len(line_text(line)) for line in lines) <= WIDEST_FORMULA


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lesson_has_two_questions_or_more(slug: str) -> None:
    lesson = catalog().load(slug)
    found = [b for step in lesson.steps for b in step.blocks if isinstance(b, Predict)]
    assert len(found) >= 2


def test_the_course_asks_in_every_way() -> None:
    kinds = {type(question_of(chapter, name)) for chapter, name in QUESTIONS}
    assert len(kinds) == 6


def test_names_are_short_and_differ() -> None:
    assert len(set(NAMES.values())) == len(NAMES)
    assert max(map(len, NAMES.values())) <= 45


COURSE_SLIPS = [
    "half-precedence",
    "sigmoid-of-activation",
    "updated-weights-first",
    "row-for-column",
    "no-derivative",
    "sign",
    "no-half",
    "one-output-only",
    "whole-matrix-softmax",
    "softmax-sum-gradient",
    "probabilities-as-logits",
    "off-by-one-labels",
    "relu-on-logits",
    "mean-of-means",
    "divide-twice",
    "last-batch",
    "accuracy-as-loss",
    "stale-grad",
    "rebind-leaf",
    "broadcast-n-by-n",
    "last-batch-loss",
    "tanh-overflow",
    "relu-at-zero",
    "smoothl1-is-huber",
    "logistic-label-mix",
    "xor-symmetry",
]


@pytest.mark.parametrize("slip", COURSE_SLIPS)
def test_every_slip_of_the_course_is_taught(slip: str) -> None:
    """As the diagnosis of a wrong answer, or as a faulty program, in a written lesson."""
    asked = {id_ for chapter, name in QUESTIONS for id_ in slip_ids(question_of(chapter, name))}
    shown = {
        block.name
        for slug in SLUGS
        for step in catalog().load(slug).steps
        for block in step.blocks
        if isinstance(block, FindMistake)
    }
    assert slip in asked | shown
    assert slip in NAMES
