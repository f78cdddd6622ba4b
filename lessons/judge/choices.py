"""Judge a chosen option, a factor put into a blank, or an order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.errors import UserError
from engine.formulas.errors import MeaningError
from engine.formulas.proving import holds
from engine.language import _, plural
from lessons.judge.picking import picked
from lessons.judge.questions import ChoiceQuestion, FillQuestion, OrderQuestion
from lessons.judge.verdicts import LETTERS, Diagnosis, Verdict, as_code

_CHECK = "`dltutor check` says where."


class UnjudgeableError(UserError, ValueError):
    """A question whose facts do not settle what is right; its text says why."""


def judge_choice(question: ChoiceQuestion, text: str, order: Sequence[int] = ()) -> Diagnosis:
    """Judge a letter, an option's number or its words.

    `order` holds the index of the option at each place; by default that of the file.
    """
    order = order or range(len(question.options))
    place = picked(text, [question.options[index].text for index in order])
    if place is None:
        return _wants_letter(text, len(order))
    option = question.options[order[place]]
    given = LETTERS[place]
    if option.right:
        return Diagnosis(Verdict.RIGHT, option.feedback, given=given, result=given)
    verdict = Verdict.SLIP if option.slip else Verdict.WRONG
    return Diagnosis(
        verdict, option.feedback, option.slip, option.line, option.right_line, given=given
    )


def judge_fill(question: FillQuestion, text: str, order: Sequence[int] = ()) -> Diagnosis:
    r"""Judge the letter of a factor, or the factor; the formula is shown as it makes it."""
    order = order or range(len(question.factors))
    place = picked(text, [question.factors[index].latex for index in order])
    if place is None:
        return _wants_letter(text, len(order))
    index, right = order[place], right_factor(question)
    factor = question.factors[index]
    filled = put_in(question.formula, factor.latex)
    given = LETTERS[place]
    if index == right:
        return Diagnosis(Verdict.RIGHT, factor.feedback, right=filled, given=given, result=given)
    verdict = Verdict.SLIP if factor.slip else Verdict.WRONG
    return Diagnosis(verdict, factor.feedback, factor.slip, line=filled, given=given)


def put_in(formula: str, factor: str) -> str:
    """The formula with `factor` in its blank."""
    return formula.replace(r"\square", f"{{{factor}}}")


def fitting(question: FillQuestion) -> tuple[int, ...]:
    """Indices of the factors with which the formula holds on every draw."""
    return tuple(
        place
        for place, factor in enumerate(question.factors)
        if holds(put_in(question.formula, factor.latex), question.notation)
    )


@lru_cache(maxsize=64)
def right_factor(question: FillQuestion) -> int:
    """Index of the factor that fits; raises UnjudgeableError unless there is exactly one."""
    try:
        found = fitting(question)
    except MeaningError as error:
        raise UnjudgeableError(f"A question cannot be judged. {error}. {_CHECK}") from error
    if len(found) != 1:
        said = f"{len(found)} factors fit into “{question.formula}”; one must."
        raise UnjudgeableError(f"A question cannot be judged: {said} {_CHECK}")
    return found[0]


def judge_order(question: OrderQuestion, text: str) -> Diagnosis:
    """Judge letters in an order; the first that is out of place is named."""
    shown = question.shown()
    known = LETTERS[: len(shown)]
    letters = re.sub(r"[\s,;<>.()\[\]|/\-–—→⟶➔⇒=]+|\bthen\b", "", text.lower())
    if sorted(letters) != list(known):
        return Diagnosis(
            Verdict.UNREADABLE,
            _(
                "Write each letter from a to {last} once, in the order that you mean, "
                "like `{example}`."
            ).format(last=known[-1], example=" ".join(known)),
        )
    given = [shown[known.index(letter)] for letter in letters]
    spaced = " ".join(letters)
    for place, item in enumerate(given):
        if item != place:
            here = _("{letter} cannot come at place {place}:").format(
                letter=letters[place], place=place + 1
            )
            return Diagnosis(
                Verdict.WRONG,
                f"{_so_far(place)} {here} {question.feedback[item]}",
                given=spaced,
            )
    return Diagnosis(Verdict.RIGHT, question.explanation, given=spaced, result=spaced)


def right_order(question: OrderQuestion) -> str:
    """The letters of the items in the right order."""
    shown = question.shown()
    return " ".join(LETTERS[shown.index(item)] for item in range(len(shown)))


def _so_far(place: int) -> str:
    if place == 0:
        return _("The beginning is not right yet.")
    return plural("The first one is right.", "The first {count} are right.", place)


def _wants_letter(text: str, count: int) -> Diagnosis:
    told = _("Answer with one letter from a to {last}.").format(last=LETTERS[count - 1])
    if text.strip():
        lead = _("{answer} is none of the options.").format(answer=as_code(text))
        told = f"{lead} {told}"
    return Diagnosis(Verdict.UNREADABLE, told)
