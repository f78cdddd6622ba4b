"""Judge a number: right, right as far as it goes, a known slip, or one that none explains."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation

from engine.expressions import ExpressionError, evaluate
from lessons.judge.questions import Hints, NumberQuestion
from lessons.judge.verdicts import Diagnosis, Verdict, as_code, as_text

ENOUGH_DIGITS = 2
"""Significant digits that an answer needs where it is right only after rounding."""

_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:\.\d*)?")
_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")

_GENERAL = (
    (-1.0, "sign", "The size is right and the sign is wrong. Check the order of each difference."),
    (2.0, "factor-two", "This is twice the answer. Look for a factor 2, or for a ½ left out."),
    (0.5, "factor-two", "This is half the answer. Look for a ½ too many, or for a factor 2."),
)
_POWERS = tuple(power for power in range(-6, 7) if power)


def judge_number(question: NumberQuestion, text: str, tries: int = 0) -> Diagnosis:
    """Judge what was written, after `tries` answers that no slip explained."""
    try:
        given = read_number(text)
    except ExpressionError as error:
        lead = f"{as_code(text)} cannot be computed. " if text.strip() else ""
        return Diagnosis(Verdict.UNREADABLE, f"{lead}{as_text(str(error))}")
    answer = question.answer()
    shown = f"{given:.9g}"
    if near(given, answer, question.tolerance):
        return Diagnosis(
            Verdict.RIGHT,
            f"{_about_digits(given, answer)}{question.explanation}",
            given=shown,
            result=f"{answer:.9g}",
        )
    slip = min(
        (slip for slip in question.slips if near(given, slip.value(), question.tolerance)),
        key=lambda slip: abs(given - slip.value()),
        default=None,
    )
    if slip is not None:
        return Diagnosis(Verdict.SLIP, slip.diagnosis, slip.id, slip.line, slip.right, given=shown)
    written = _significant_digits(text)
    if written is not None and _rounds_to(answer, text):
        rivals = any(_rounds_to(slip.value(), text) for slip in question.slips)
        if written >= ENOUGH_DIGITS and not rivals:
            return Diagnosis(
                Verdict.RIGHT,
                f"Right to the {written} digits that you wrote. {question.explanation}",
                given=shown,
                result=f"{answer:.9g}",
            )
        return Diagnosis(
            Verdict.UNREADABLE,
            f"{as_code(text)} may be right, but it has too few digits to tell. Write one more.",
        )
    for factor, slip_id, message in _GENERAL:
        if answer and near(given, factor * answer, question.tolerance):
            return Diagnosis(Verdict.SLIP, message, slip_id, given=shown)
    for power in _POWERS:
        if answer and near(given, answer * 10.0**power, question.tolerance):
            places = "one place" if abs(power) == 1 else f"{abs(power)} places"
            side = "left" if power > 0 else "right"
            return Diagnosis(
                Verdict.SLIP,
                f"The digits are right, and the point is not: move it {places} to the {side}.",
                "power-of-ten",
                given=shown,
            )
    return unexplained(
        f"{shown} is not the answer.",
        question.hints,
        tries,
        question.explanation,
        f"{answer:.9g}",
        shown,
    )


def unexplained(
    lead: str, hints: Hints | None, tries: int, explanation: str, result: str, given: str
) -> Diagnosis:
    """The next rung of the ladder: idea, formula, numbers put in, answer."""
    rungs = hints.rungs() if hints else ()
    if tries < len(rungs):
        name, text = rungs[tries]
        return Diagnosis(
            Verdict.WRONG,
            f"{lead} Hint {tries + 1} of {len(rungs)}, the {name}: {text}",
            given=given,
        )
    if not rungs and tries == 0:
        return Diagnosis(
            Verdict.WRONG, f"{lead} Compute it again, one factor at a time.", given=given
        )
    return Diagnosis(
        Verdict.SHOWN, f"The answer is {result}. {explanation}", given=given, result=result
    )


def near(given: float, wanted: float, tolerance: float) -> bool:
    """Whether two numbers agree relative to the wanted one (absolutely, where that is 0)."""
    scale = abs(wanted) if wanted else 1.0
    return abs(given - wanted) <= tolerance * scale


def read_number(text: str) -> float:
    """What a learner wrote, as a number.

    Reads `0.0822`, `8.22e-2`, `1/12`, `sigmoid(0.3775)`, `0,5` and `60 000`.
    Raises ExpressionError with a sentence where it cannot be read or computed.
    """
    plain = text.replace("\N{MINUS SIGN}", "-").strip()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(" ", "")
    return evaluate(plain.replace(",", ".") if _COMMA.fullmatch(plain) else plain)


def _about_digits(given: float, answer: float) -> str:
    """A word about digits, where the answer was given to fewer than it has."""
    if math.isclose(given, answer, rel_tol=1e-8, abs_tol=1e-12):
        return ""
    return f"With more digits it is {answer:.9g}. "


def _significant_digits(text: str) -> int | None:
    """How many digits a plain number has from its first one that is not 0; None for the rest."""
    plain = text.replace("\N{MINUS SIGN}", "-").strip()
    if not _PLAIN.fullmatch(plain):
        return None
    mantissa = re.split("[eE]", plain)[0]
    return len(mantissa.replace(".", "").lstrip("-+0"))


def _rounds_to(value: float, text: str) -> bool:
    """Whether `value`, rounded to as many places as `text` has, is what `text` says."""
    try:
        wanted = Decimal(text.replace("\N{MINUS SIGN}", "-").strip())
        unit = Decimal(1).scaleb(int(wanted.as_tuple().exponent))
    except (InvalidOperation, ValueError):
        return False
    return wanted != 0 and abs(Decimal(value) - wanted) <= unit / 2
