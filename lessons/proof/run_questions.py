"""Check the questions: answers and slips go through the same grader as a learner's answers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from lessons.judge.answers import judge, right_answer
from lessons.judge.choices import fitting
from lessons.judge.questions import (
    ChoiceQuestion,
    FillQuestion,
    NumberQuestion,
    OrderQuestion,
    Question,
    ShapeQuestion,
    SignQuestion,
)
from lessons.judge.verdicts import LETTERS, Verdict

Row: TypeAlias = tuple[int, str, bool, float, float, bool]
"""Number, name, whether it is a slip, residual, tolerance, ok."""


def question_rows(name: str, question: Question) -> Iterator[Row]:
    """One row for the answer and one for each slip that leads to an answer."""
    ok = _is_sound(question) and judge(question, right_answer(question)).verdict is Verdict.RIGHT
    tolerance = question.tolerance if isinstance(question, NumberQuestion) else 0.0
    yield 1, name, False, 0.0 if ok else 1.0, tolerance, ok
    for line, (slip, text, distance) in enumerate(slip_answers(question), start=1):
        found = judge(question, text)
        named = found.verdict is Verdict.SLIP and found.slip == slip
        yield line, f"{name}/{slip}", True, distance, tolerance, named


def slip_answers(question: Question) -> Iterator[tuple[str, str, float]]:
    """Id of each slip, the answer it leads to, and its distance from the right one."""
    match question:
        case NumberQuestion():
            answer = question.answer()
            for slip in question.slips:
                value = slip.value()
                yield slip.id, repr(value), abs(value - answer) / (abs(answer) or 1.0)
        case ShapeQuestion():
            for shape_slip in question.slips:
                yield shape_slip.id, str(shape_slip.shape()), 1.0
        case SignQuestion() if question.slip:
            yield question.slip, "-" if question.value() > 0 else "+", 1.0
        case ChoiceQuestion(options):
            for letter, option in zip(LETTERS, options, strict=False):
                if option.slip:
                    yield option.slip, letter, 1.0
        case FillQuestion():
            for letter, factor in zip(LETTERS, question.factors, strict=False):
                if factor.slip:
                    yield factor.slip, letter, 1.0


def _is_sound(question: Question) -> bool:
    """Whether the question has exactly one answer, the one that its proof computes."""
    match question:
        case NumberQuestion():
            return math.isfinite(question.answer())
        case ChoiceQuestion(options):
            right = [place for place, option in enumerate(options) if option.right]
            return right == [question.proof()]
        case FillQuestion():
            return len(fitting(question)) == 1
        case OrderQuestion(items):
            whole = tuple(range(len(items)))
            return len(question.feedback) == len(items) and question.proof() == whole
        case SignQuestion():
            return math.isfinite(question.value())
        case _:
            return True


def problem_of(question: Question, number: int, is_slip: bool) -> str:
    """What is wrong with the answer, or with slip `number` (from 1), for the author."""
    if not is_slip:
        return _problem_of_answer(question)
    slip, text, _distance = list(slip_answers(question))[number - 1]
    found = judge(question, text)
    if found.verdict is Verdict.RIGHT:
        taken = "is accepted as the right answer"
    elif found.verdict is Verdict.SLIP:
        taken = f"is recognised as the slip {found.slip!r}"
    else:
        taken = f"is judged as {found.verdict.value}"
    return f"The slip {slip!r} leads to {text}, which {taken}. Give the slip a value of its own."


def _problem_of_answer(question: Question) -> str:
    match question:
        case ChoiceQuestion(options):
            marked = next(place for place, option in enumerate(options) if option.right)
            proved = question.proof()
            of = LETTERS[proved] if 0 <= proved < len(options) else f"number {proved}"
            return f"The facts compute option {of}, but `right option` is {LETTERS[marked]}."
        case FillQuestion():
            fit = ", ".join(LETTERS[place] for place in fitting(question)) or "no factor"
            return f"With {fit} the formula holds on every draw. Exactly one factor must fit."
        case OrderQuestion(items):
            order = ", ".join(str(place + 1) for place in question.proof())
            return f"The facts compute the order {order} of {len(items)} items. Write that order."
        case NumberQuestion():
            return f"The answer is {question.answer()!r}, which the grader does not accept."
        case _:
            return "The grader does not accept the right answer."
