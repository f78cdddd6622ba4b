"""Judge a chosen option, a factor put into a blank, or an order."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.formulas.proving import holds
from lessons.judge.questions import ChoiceQuestion, FillQuestion, OrderQuestion
from lessons.judge.verdicts import LETTERS, Diagnosis, Verdict


def judge_choice(question: ChoiceQuestion, text: str) -> Diagnosis:
    """Judge a letter."""
    place = _letter(text, len(question.options))
    if place is None:
        return _wants_letter(len(question.options))
    option = question.options[place]
    given = LETTERS[place]
    if option.right:
        return Diagnosis(Verdict.RIGHT, option.feedback, given=given, result=given)
    verdict = Verdict.SLIP if option.slip else Verdict.WRONG
    return Diagnosis(
        verdict, option.feedback, option.slip, option.line, option.right_line, given=given
    )


def judge_fill(question: FillQuestion, text: str) -> Diagnosis:
    r"""Judge the letter of a factor; the formula is shown as the factor makes it."""
    place = _letter(text, len(question.factors))
    if place is None:
        return _wants_letter(len(question.factors))
    factor, right = question.factors[place], right_factor(question)
    filled = put_in(question.formula, factor.latex)
    given = LETTERS[place]
    if place == right:
        return Diagnosis(
            Verdict.RIGHT, factor.feedback, right=filled, given=given, result=LETTERS[right]
        )
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
    """Index of the factor that fits; raises ValueError unless there is exactly one."""
    found = fitting(question)
    if len(found) != 1:
        raise ValueError(f"{len(found)} factors fit into {question.formula!r}; one must.")
    return found[0]


def judge_order(question: OrderQuestion, text: str) -> Diagnosis:
    """Judge letters in an order; the first that is out of place is named."""
    shown = question.shown()
    known = LETTERS[: len(shown)]
    letters = re.sub(r"[\s,>.\-→]+", "", text.lower())
    if sorted(letters) != list(known):
        return Diagnosis(
            Verdict.UNREADABLE,
            f"Write each letter from a to {known[-1]} once, in the order that you mean,"
            f" like `{' '.join(known)}`.",
        )
    given = [shown[known.index(letter)] for letter in letters]
    spaced = " ".join(letters)
    for place, item in enumerate(given):
        if item != place:
            return Diagnosis(
                Verdict.WRONG,
                f"{_so_far(place)} {letters[place]} cannot come at place {place + 1}: "
                f"{question.feedback[item]}",
                given=spaced,
            )
    return Diagnosis(Verdict.RIGHT, question.explanation, given=spaced, result=spaced)


def right_order(question: OrderQuestion) -> str:
    """The letters of the items in the right order."""
    shown = question.shown()
    return " ".join(LETTERS[shown.index(item)] for item in range(len(shown)))


def _so_far(place: int) -> str:
    if place == 0:
        return "The beginning is not right yet."
    return "The first one is right." if place == 1 else f"The first {place} are right."


def _letter(text: str, count: int) -> int | None:
    choice = text.strip().lower()
    return LETTERS.index(choice) if len(choice) == 1 and choice in LETTERS[:count] else None


def _wants_letter(count: int) -> Diagnosis:
    return Diagnosis(Verdict.UNREADABLE, f"Answer with one letter from a to {LETTERS[count - 1]}.")
