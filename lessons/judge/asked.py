"""What a question about a number asks for: how exactly, in which unit, a count or a measure.

Authors may say it (`Number(..., exact=True, digits=6, unit="MB")`). What they leave out is derived
from the question's text and its answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lessons.judge.questions import NumberQuestion
from lessons.judge.units import Unit, unit_called

ENOUGH_DIGITS = 2
"""Significant digits that an answer needs where the question does not say how many."""
_SHORT = 3
"""An answer that has no more digits than this is given in full."""
_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
_USUAL_TOLERANCE = 5e-3
"""That of a `Number` whose author says nothing else, relative."""
_DIGITS = re.compile(rf"\b({'|'.join(_NUMBER_WORDS)}|[2-9])\s+(?:significant\s+)?digits\b", re.I)
_COUNT = re.compile(
    r"\bhow\s+(?:many\b(?!\s+(?:times|[kMGT]i?B|[a-z]*bytes|bits|seconds|digits)\b)|often\b)"
    r"|\bwhich\s+step\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\bhow\s+many\s+([kMG]i?B|MB|bytes|bits|seconds)\b", re.IGNORECASE)
_LABEL = re.compile(r"\bwhich\s+(?:class|step|epoch|row|column|label|line)\b", re.IGNORECASE)
_SHARE = re.compile(
    r"\b(accuracy|probability|(?:which|what)\s+(?:share|part)|share\s+of|fraction\s+of|proportion|"
    r"percentage)\b",
    re.IGNORECASE,
)
_LOGARITHM = re.compile(r"\\(ln|log)\b|\b(ln|log|logarithms?|entropy|surprise|log-odds)\b")
_ROOT = re.compile(r"\\sqrt|√|\broots?\b")
_SQUARE = re.compile(r"[)}\]|a-zA-Z]\s*\^\{?2\b|²")
_UNDER_ROOT = re.compile(r"\\sqrt\s*\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}")
_QUOTIENT = re.compile(r"\\d?t?frac(?!\{\\partial|\{d\b|\s*1\s*2)|/|\^\{-1\}")
_ANGLE = re.compile(r"\\(sin|cos|tan)\b|\b(sin|cos|tan|angle|radians?|degrees)\b")
_BINARY_MINUS = re.compile(r"[\w)}\]]\s*[-−]\s*[\w(\\{]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer to the question must be."""

    answer: float
    exact: bool
    """Whether only the number itself is right: it is whole, and no rounding leads to it."""
    is_count: bool
    """Whether it counts things."""
    is_label: bool
    """Whether it only names something, such as a class: half of it means nothing."""
    short: bool
    """Whether it has so few digits that it is given in full."""
    digits: int
    """Significant digits that are asked for."""
    tolerance: float
    """Absolute: how far what is given may be away."""
    unit: Unit | None
    percent: bool
    """Whether it is measured in per cent."""
    is_share: bool
    """Whether it is a share of a whole, so that per cent may be meant."""


def asked(question: NumberQuestion) -> Asked:
    """What `question` asks for."""
    answer = float(question.answer()) + 0.0  # no minus before 0
    whole = is_whole(answer)
    unit = unit_called(question.unit) if question.unit else _unit_in(question.prompt)
    is_count = bool(_COUNT.search(question.prompt)) and whole and answer >= 0
    if question.exact is not None:
        exact, is_count = question.exact, is_count or (question.exact and question.tolerance == 0)
    else:
        exact = whole and (unit is None or question.tolerance == 0)
    short = not exact and _is_short(answer)
    digits = question.digits or _digits_in(question.prompt) or ENOUGH_DIGITS
    return Asked(
        answer=answer,
        exact=exact,
        is_count=is_count,
        is_label=whole and bool(_LABEL.search(question.prompt)),
        short=short,
        digits=digits,
        tolerance=_tolerance(question, answer, exact, short, digits),
        unit=unit,
        percent=question.percent,
        is_share=not question.percent and 0 < answer <= 1 and bool(_SHARE.search(question.prompt)),
    )


def is_whole(value: float) -> bool:
    """Whether a number is whole, but for rounding in its last digits."""
    return math.isfinite(value) and abs(value - round(value)) <= 1e-9 * max(1.0, abs(value))


def speaks_of_logarithms(question: NumberQuestion) -> bool:
    """Whether a logarithm leads to the answer."""
    return any(map(_LOGARITHM.search, _all_texts(question)))


def has_root(question: NumberQuestion) -> bool:
    """Whether the formula of the answer takes a root."""
    return any(map(_ROOT.search, _formulas(question)))


def has_square(question: NumberQuestion) -> bool:
    """Whether the formula of the answer squares something; not on its left, nor under a root."""
    return any(
        _SQUARE.search(_UNDER_ROOT.sub("", text.split("=", 1)[-1]).replace("e^2", ""))
        for text in _formulas(question)
    )


def has_quotient(question: NumberQuestion) -> bool:
    """Whether the formula of the answer divides by something."""
    return any(map(_QUOTIENT.search, _formulas(question)))


def speaks_of_angles(question: NumberQuestion) -> bool:
    """Whether an angle leads to the answer."""
    return any(map(_ANGLE.search, _all_texts(question)))


def has_difference(question: NumberQuestion) -> bool:
    """Whether the formula of the answer subtracts something."""
    return any(map(_BINARY_MINUS.search, _formulas(question)))


def has_minus(question: NumberQuestion) -> bool:
    """Whether a minus sign stands anywhere in the formula of the answer."""
    return any("-" in formula for formula in _formulas(question))


def epochs_in(question: NumberQuestion) -> int:
    """How many epochs the question speaks of; 0 where it names none."""
    found = re.search(r"\[?(\d[\d ]*)(?:\]\([^)]*\))?\s+epochs", question.prompt)
    return int(found[1].replace(" ", "")) if found else 0


def counts_batches(question: NumberQuestion) -> bool:
    """Whether the answer is a number of batches, or of what is done once a batch."""
    text = question.prompt.lower()
    return "batch" in text and bool(
        re.search(r"how\s+(?:often|many\s+(?:mini-)?(?:batches|updates|steps|iterations))", text)
    )


def _formulas(question: NumberQuestion) -> Iterator[str]:
    yield from (slip.right for slip in question.slips)
    if question.hints:
        yield from re.findall(r"\$([^$]*)\$", question.hints.formula)


def _all_texts(question: NumberQuestion) -> Iterator[str]:
    yield question.prompt
    yield question.explanation
    yield from _formulas(question)
    if question.hints:
        yield from (text for _, text in question.hints.rungs())


def _digits_in(prompt: str) -> int:
    found = list(_DIGITS.finditer(prompt))
    if not found:
        return 0
    word = found[-1][1].lower()
    return _NUMBER_WORDS.get(word) or int(word)


def _unit_in(prompt: str) -> Unit | None:
    found = _UNIT.search(prompt)
    return unit_called(found[1]) if found else None


def _is_short(value: float) -> bool:
    return value != 0 and math.isclose(value, float(f"{value:.{_SHORT}g}"), rel_tol=1e-9)


def _tolerance(
    question: NumberQuestion, answer: float, exact: bool, short: bool, digits: int
) -> float:
    size = abs(answer)
    if size < 1e-12:
        return 1e-6
    if exact:
        return 1e-9 * size
    tolerance = question.tolerance * size
    last_place = 10.0 ** math.floor(math.log10(size * (1 + 1e-9)))
    if short:
        return min(tolerance, last_place * 10.0**-_SHORT / 2)
    unit = last_place * 10.0 ** (1 - digits) * (1 + 1e-9)
    if digits > _SHORT:
        return min(tolerance, unit)
    if digits == _SHORT and tolerance == _USUAL_TOLERANCE * size:
        return unit  # one in the last digit that is asked for, whatever the first one is
    return tolerance
