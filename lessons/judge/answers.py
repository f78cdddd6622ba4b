"""Judge an answer to a question of any kind, and say the answer where the learner asks for it."""

from __future__ import annotations

from dataclasses import replace

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
    OrderQuestion,
    Question,
    ShapeQuestion,
    SignQuestion,
    slip_names,
)
from lessons.judge.shapes import judge_shape, judge_sign, shape_text, sign_of
from lessons.judge.slip_names import SLIP_NAMES
from lessons.judge.verdicts import LETTERS, Diagnosis, Verdict

__all__ = ["Diagnosis", "Verdict", "how_to_answer", "judge", "near", "read_number", "reveal"]


def judge(question: Question, text: str, tries: int = 0) -> Diagnosis:
    """Judge what the learner wrote, after `tries` answers that no slip explained."""
    found = _judged(question, text, tries)
    if not found.slip:
        return found
    name = slip_names(question).get(found.slip) or SLIP_NAMES.get(found.slip, found.slip)
    return replace(found, slip_name=name)


def _judged(question: Question, text: str, tries: int) -> Diagnosis:
    match question:
        case ChoiceQuestion():
            return judge_choice(question, text)
        case FillQuestion():
            return judge_fill(question, text)
        case OrderQuestion():
            return judge_order(question, text)
        case SignQuestion():
            return judge_sign(question, text)
        case ShapeQuestion():
            return judge_shape(question, text, tries)
        case _:
            return judge_number(question, text, tries)


def right_answer(question: Question) -> str:
    """The right answer as a learner would write it."""
    match question:
        case ChoiceQuestion():
            return LETTERS[question.proof()]
        case FillQuestion():
            return LETTERS[right_factor(question)]
        case OrderQuestion():
            return right_order(question)
        case SignQuestion():
            return sign_of(question.value())
        case ShapeQuestion():
            return shape_text(question.shape())
        case _:
            return repr(question.answer())


def reveal(question: Question, guess: str = "") -> Diagnosis:
    """The answer with its explanation, and beside it what the learner had guessed."""
    answer = right_answer(question)
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
        f"The answer is {answer}. {why}",
        right=right,
        given=" ".join(guess.split()),
        result=answer,
    )


def how_to_answer(question: Question) -> str:
    """What to type, in a few words."""
    match question:
        case ChoiceQuestion() | FillQuestion():
            return "a letter"
        case OrderQuestion():
            return "all letters in order"
        case SignQuestion():
            return "+, - or 0"
        case ShapeQuestion():
            return "a shape, like (2, 3)"
        case _:
            return "a number, like 0.08 or 1/12"
