"""Judge an answer to a question of any kind, and say the answer where the learner asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.language import _
from lessons.judge.choices import (
    judge_choice,
    judge_fill,
    judge_order,
    put_in,
    right_factor,
    right_order,
)
from lessons.judge.numbers import judge_number, near, read_number
from lessons.judge.questions import (
    ChoiceQuestion,
    FillQuestion,
    NumberQuestion,
    OrderQuestion,
    Question,
    ShapeQuestion,
    SignQuestion,
    slip_names,
)
from lessons.judge.shapes import judge_shape, judge_sign, shape_text, sign_of
from lessons.judge.slip_names import SLIP_NAMES
from lessons.judge.verdicts import LETTERS, Diagnosis, Verdict

__all__ = [
    "Diagnosis",
    "Verdict",
    "compute_ahead",
    "how_to_answer",
    "judge",
    "near",
    "read_number",
    "reveal",
]


def judge(question: Question, text: str, tries: int = 0, order: Sequence[int] = ()) -> Diagnosis:
    """Judge what the learner wrote, after `tries` answers that no slip explained.

    `order` holds the index of the option at each place, where options were shown in another order
    than that of the file.
    """
    found = _judged(question, text, tries, order)
    if not found.slip:
        return found
    name = slip_names(question).get(found.slip) or SLIP_NAMES.get(found.slip, found.slip)
    return replace(found, slip_name=name)


def _judged(question: Question, text: str, tries: int, order: Sequence[int]) -> Diagnosis:
    match question:
        case ChoiceQuestion():
            return judge_choice(question, text, order)
        case FillQuestion():
            return judge_fill(question, text, order)
        case OrderQuestion():
            return judge_order(question, text)
        case SignQuestion():
            return judge_sign(question, text)
        case ShapeQuestion():
            return judge_shape(question, text, tries)
        case _:
            return judge_number(question, text, tries)


def right_answer(question: Question, order: Sequence[int] = ()) -> str:
    """The right answer as a learner would write it, where options are shown in this order."""
    match question:
        case ChoiceQuestion():
            return LETTERS[_place(question.proof(), order)]
        case FillQuestion():
            return LETTERS[_place(right_factor(question), order)]
        case OrderQuestion():
            return right_order(question)
        case SignQuestion():
            return sign_of(question.value())
        case ShapeQuestion():
            return shape_text(question.shape())
        case _:
            return repr(question.answer())


def compute_ahead(question: Question) -> None:
    """Compute what the verdicts on a question need, some of which takes seconds."""
    right_answer(question)
    if isinstance(question, NumberQuestion):
        for slip in question.slips:
            slip.value()
    elif isinstance(question, ShapeQuestion):
        for other in question.slips:
            other.shape()


def _place(index: int, order: Sequence[int]) -> int:
    return order.index(index) if index in order else index


def reveal(question: Question, guess: str = "", order: Sequence[int] = ()) -> Diagnosis:
    """The answer with its explanation, and beside it what the learner had guessed."""
    answer = right_answer(question, order)
    right = ""
    match question:
        case ChoiceQuestion(options):
            why = options[question.proof()].feedback
        case FillQuestion(formula):
            factor = question.factors[right_factor(question)]
            why, right = factor.feedback, put_in(formula, factor.latex)
        case SignQuestion():
            why = question.explanation
        case OrderQuestion() | ShapeQuestion():
            why = question.explanation
        case _:
            answer, why = f"{question.answer():.9g}", question.explanation
    return Diagnosis(
        Verdict.SHOWN,
        _("The answer is {result}.").format(result=answer) + f" {why}",
        right=right,
        given=" ".join(guess.split()),
        result=answer,
    )


def how_to_answer(question: Question) -> str:
    """What to type, in a few words."""
    match question:
        case ChoiceQuestion() | FillQuestion():
            return _("a letter")
        case OrderQuestion():
            return _("all letters in order")
        case SignQuestion():
            return _("+, - or 0")
        case ShapeQuestion():
            return _("a shape, like (2, 3)")
        case _:
            return _("a number, like 0.08 or 1/12")
