"""Every question of the course: answers accepted, slips diagnosed as themselves, hints complete."""

from __future__ import annotations

import re

import pytest

from lessons.format.parser import running_text
from lessons.judge.answers import Verdict, judge, reveal, right_answer
from lessons.judge.questions import (
    ChoiceQuestion,
    FillQuestion,
    NumberQuestion,
    Question,
    ShapeQuestion,
    SignQuestion,
    formulas,
    said,
    slip_names,
)
from lessons.judge.slip_names import SLIP_NAMES
from lessons.proof.run_questions import slip_answers
from tests.cases import each
from tests.unit.lessons.course import (
    SLUGS,
    all_mistakes,
    all_questions,
    mistake_of,
    question_of,
    questions,
)
from tui.authoring.lesson import _LESSON as NEW_LESSON
from tui.math import draw, line_text

WIDEST_FORMULA = 70


def slip_ids(question: Question) -> list[str]:
    return [slip for slip, _, _ in slip_answers(question)]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_right_answer_is_accepted_and_revealed(slug: str) -> None:
    def check(name: str) -> None:
        question = question_of(slug, name)
        assert judge(question, right_answer(question)).verdict is Verdict.RIGHT
        assert reveal(question).verdict is Verdict.SHOWN

    each(questions(slug), check)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_slip_is_diagnosed_as_itself_and_as_no_other(slug: str) -> None:
    def check(name: str) -> None:
        question = question_of(slug, name)
        for slip, text, _ in slip_answers(question):
            found = judge(question, text)
            assert (found.verdict, found.slip) == (Verdict.SLIP, slip)
            assert found.slip_name, f"{slip!r} has no name"
            assert found.line, f"the slip {slip!r} does not say where it enters"
            if not isinstance(question, FillQuestion):
                assert found.right, f"the slip {slip!r} does not say how the line should be"
            assert found.line != found.right

    each(questions(slug), check)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_number_or_a_shape_has_the_whole_ladder(slug: str) -> None:
    def check(name: str) -> None:
        question = question_of(slug, name)
        if isinstance(question, NumberQuestion | ShapeQuestion):
            assert question.hints is not None
            texts = [text for _, text in question.hints.rungs()]
            assert all(texts)
            assert len(set(texts)) == len(texts)

    each(questions(slug), check)


@pytest.mark.parametrize("slug", SLUGS)
def test_wrong_answers_are_answered(slug: str) -> None:
    def check(name: str) -> None:
        question = question_of(slug, name)
        if isinstance(question, ChoiceQuestion | FillQuestion | SignQuestion):
            answers = {judge(question, text).verdict for text in "abcdefghij+-0"}
            assert answers >= {Verdict.RIGHT}
            assert answers & {Verdict.SLIP, Verdict.WRONG}
        elif isinstance(question, NumberQuestion):
            verdicts = [judge(question, "-123456789.5", tries).verdict for tries in range(4)]
            assert verdicts == [Verdict.WRONG] * 3 + [Verdict.SHOWN]

    each(questions(slug), check)


@pytest.mark.parametrize("slug", SLUGS)
def test_all_that_is_said_can_be_read_and_drawn(slug: str) -> None:
    def check(name: str) -> None:
        question = question_of(slug, name)
        for text in said(question):
            assert running_text(text, slug)
        for latex in formulas(question):
            lines = draw(latex.replace(r"\square", "x"), WIDEST_FORMULA)
            assert max(len(line_text(line)) for line in lines) <= WIDEST_FORMULA

    each(questions(slug), check)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lesson_has_two_questions_or_more(slug: str) -> None:
    assert len(questions(slug)) >= 2


def test_the_course_asks_in_every_way() -> None:
    kinds = {type(question_of(slug, name)) for slug, name in all_questions()}
    assert len(kinds) == 6


def names() -> dict[str, set[str]]:
    """What every slip of the course is called, by its id."""
    found: dict[str, set[str]] = {}
    for slug, name in all_questions():
        question = question_of(slug, name)
        called_here = list(slip_names(question).items())
        if isinstance(question, NumberQuestion | ShapeQuestion):
            called_here = [(slip.id, slip.name) for slip in question.slips]
        for slip, called in called_here:
            found.setdefault(slip, set()).add(called)
    for slug, name in all_mistakes():
        mistake = mistake_of(slug, name)
        found.setdefault(mistake.name, set()).add(mistake.title)
    for slip, called in SLIP_NAMES.items():
        found.setdefault(slip, set()).add(called)
    return found


def test_a_slip_is_called_the_same_wherever_it_is_met() -> None:
    assert {slip: called for slip, called in names().items() if len(called) > 1} == {}


def test_the_slips_of_a_new_lesson_are_called_as_in_the_course() -> None:
    written = re.findall(r'^slip (\S+) "(.*?)":', NEW_LESSON, re.MULTILINE)
    assert written
    course = names()
    assert [slip for slip, called in written if course.get(slip, {called}) != {called}] == []


def test_names_are_short_and_differ() -> None:
    called = [name for found in names().values() for name in found]
    assert len(set(called)) == len(called)
    assert max(map(len, called)) <= 45


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


def test_every_slip_of_the_course_is_taught() -> None:
    """As the diagnosis of a wrong answer, or as a faulty program, in a written lesson."""
    asked = {id_ for slug, name in all_questions() for id_ in slip_ids(question_of(slug, name))}
    assert set(COURSE_SLIPS) <= asked | {name for _, name in all_mistakes()}
