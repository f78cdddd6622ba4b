"""Judge an answer: right, a known slip, or something that no slip explains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from lessons.checks.base import ChoiceQuestion, NumberQuestion, Question


class Verdict(StrEnum):
    """What became of an answer."""

    RIGHT = "right"
    SLIP = "slip"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    SHOWN = "shown"
    """The learner asked to see the answer."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the learner is told about an answer."""

    verdict: Verdict
    message: str
    """Markdown with inline maths."""
    slip: str = ""
    """The id of the slip, where the verdict is SLIP."""


def judge(question: Question, text: str) -> Diagnosis:
    """Judge what the learner wrote."""
    if isinstance(question, ChoiceQuestion):
        return _judge_choice(question, text)
    return _judge_number(question, text)


def _judge_choice(question: ChoiceQuestion, text: str) -> Diagnosis:
    letters = "abcdefghij"[: len(question.options)]
    choice = text.strip().lower()
    if len(choice) != 1 or choice not in letters:
        return Diagnosis(Verdict.UNREADABLE, f"Answer with one letter from a to {letters[-1]}.")
    option = question.options[letters.index(choice)]
    if option.right:
        return Diagnosis(Verdict.RIGHT, option.feedback)
    verdict = Verdict.SLIP if option.slip else Verdict.WRONG
    return Diagnosis(verdict, option.feedback, option.slip)


def _judge_number(question: NumberQuestion, text: str) -> Diagnosis:
    given = read_number(text)
    if given is None:
        # As code, so that nothing that was typed is taken for Markdown.
        shown = text.strip().replace("`", "'")
        return Diagnosis(
            Verdict.UNREADABLE,
            f"`{shown}` is not a number. Write it like 0.138, -2e-3 or 1/8."
            if shown
            else "Write a number first, like 0.138, -2e-3 or 1/8.",
        )
    answer = question.answer()
    if near(given, answer, question.tolerance):
        return Diagnosis(Verdict.RIGHT, question.explanation)
    for slip in question.slips:
        if near(given, slip.value(), question.tolerance):
            return Diagnosis(Verdict.SLIP, slip.diagnosis, slip.id)
    if near(given, -answer, question.tolerance) and answer:
        return Diagnosis(
            Verdict.SLIP,
            "The size is right and the sign is wrong. Check the order of each difference.",
            "sign",
        )
    hint = question.hint or "Compute it again, one factor at a time."
    return Diagnosis(Verdict.WRONG, f"{given:g} is not the answer. {hint}")


def near(given: float, wanted: float, tolerance: float) -> bool:
    """Whether two numbers agree relative to the wanted one (absolutely, where that is 0)."""
    scale = abs(wanted) if wanted else 1.0
    return abs(given - wanted) <= tolerance * scale


def read_number(text: str) -> float | None:
    """A number as learners write it: `0.5`, `.5`, `-2e-3`, `1/8`, `−0.1`; None where it is none."""
    cleaned = text.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "")
    if "," in cleaned and "." not in cleaned:
        cleaned = cleaned.replace(",", ".")
    top, stroke, bottom = cleaned.partition("/")
    try:
        value = float(top) / float(bottom) if stroke else float(top)
    except (ValueError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) else None
