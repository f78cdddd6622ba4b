"""Judge a number: right, right as far as it goes, a known slip, or one that none explains."""

from __future__ import annotations

import math
import re

from engine.expressions import ExpressionError
from engine.language import _, plural
from lessons.judge.asked import ENOUGH_DIGITS, Asked, asked, is_whole
from lessons.judge.causes import cause_of
from lessons.judge.questions import Hints, NumberQuestion, Slip
from lessons.judge.reading import Reading, near, read_number, readings
from lessons.judge.verdicts import Diagnosis, Verdict, as_code, as_text

__all__ = ["judge_number", "near", "read_number", "unexplained"]

_USUAL_DIGITS, _USUAL = 3, 5e-3
"""From so many digits on, no question takes more than this relative distance."""
_LONG = 10_000
"""A whole answer from here on that is written with as many digits is meant to be exact."""
_SAME = 1e-5
"""Relative: what is as near to the answer is not said to lack digits."""


def judge_number(question: NumberQuestion, text: str, tries: int = 0) -> Diagnosis:
    """Judge what was written, after `tries` answers that no slip explained."""
    try:
        found = readings(text)
    except ExpressionError as error:
        lead = _("{answer} cannot be computed.").format(answer=as_code(text)) + " "
        return Diagnosis(Verdict.UNREADABLE, f"{lead if text.strip() else ''}{as_text(str(error))}")
    answer = float(question.answer())
    if not (math.isfinite(answer) and math.isfinite(found[0].value)):
        return _endless(question, answer, found[0], tries)
    wanted = asked(question)
    problem = _trouble(found[0], wanted, question)
    if problem:
        return Diagnosis(Verdict.UNREADABLE, problem)
    measured = [_measured(reading, wanted, question) for reading in found]
    for given in measured:
        right = _right(question, wanted, given)
        if right is not None:
            return right
    if len(measured) > 1:
        return Diagnosis(Verdict.UNREADABLE, _which_comma(text, measured))
    given = measured[0]
    if _may_be_grouped(text, wanted):
        return Diagnosis(Verdict.UNREADABLE, _which_point(text))
    lead = _("{given} is not the answer.").format(given=_shown(given))
    several = len(_slips_for(question, wanted, given)) > 1
    if several:
        more = _("Two known mistakes lead to it; one more digit would tell which.")
        lead = f"{lead} {more}"
    return (
        _known_slip(question, wanted, given)
        or _too_short(question, wanted, given, text)
        or (None if several else _general(question, wanted, given))
        or unexplained(
            lead,
            question.hints,
            tries,
            question.explanation,
            f"{wanted.answer:.9g}",
            _shown(given),
        )
    )


def _endless(question: NumberQuestion, answer: float, given: Reading, tries: int) -> Diagnosis:
    """Judge where the answer, or what was given, is inf or nan."""
    shown, result = _shown(given), f"{answer:.9g}"
    if shown == result:
        return Diagnosis(Verdict.RIGHT, question.explanation, given=shown, result=result)
    if math.isfinite(answer):
        told = _("The answer is a finite number. Write it with digits.")
        return Diagnosis(Verdict.UNREADABLE, told)
    lead = _("{given} is not the answer.").format(given=shown)
    return unexplained(lead, question.hints, tries, question.explanation, result, shown)


def unexplained(
    lead: str, hints: Hints | None, tries: int, explanation: str, result: str, given: str
) -> Diagnosis:
    """The next rung of the ladder: idea, formula, numbers put in, answer."""
    rungs = hints.rungs() if hints else ()
    if tries < len(rungs):
        name, text = rungs[tries]
        hint = _("Hint {number} of {count}, the {name}: {text}").format(
            number=tries + 1, count=len(rungs), name=name, text=text
        )
        return Diagnosis(Verdict.WRONG, f"{lead} {hint}", given=given)
    if not rungs and tries == 0:
        again = _("Compute it again, one factor at a time.")
        return Diagnosis(Verdict.WRONG, f"{lead} {again}", given=given)
    told = _("The answer is {result}.").format(result=result)
    return Diagnosis(Verdict.SHOWN, f"{told} {explanation}", given=given, result=result)


def _shown(given: Reading) -> str:
    return f"{given.value + 0.0:.9g}"


def _trouble(given: Reading, wanted: Asked, question: NumberQuestion) -> str:
    """Why what stands behind the number cannot be; empty where it can."""
    if given.unit is not None and (wanted.unit is None or given.unit.kind != wanted.unit.kind):
        if wanted.unit is None and given.unit.kind == "time" and given.unit.size != 1.0:
            return _("The question asks for no unit. Write the number alone.")
        unit = given.unit.name
        if wanted.unit is None:
            return _("The question does not ask for {unit}. Write the number alone.").format(
                unit=unit
            )
        return _("The question asks for {wanted}, not for {unit}.").format(
            wanted=wanted.unit.name, unit=unit
        )
    if given.percent and wanted.exact and not wanted.percent:
        return _("The question does not ask for per cent. Write the number alone.")
    if given.word and not _is_said(given.word, question.prompt):
        return _("The word {word} cannot be read here. Write the number alone.").format(
            word=as_code(given.word)
        )
    return ""


def _is_said(words: str, prompt: str) -> bool:
    """Whether the words behind a number are the question's own, such as `235 batches`."""
    text = prompt.lower()
    known = ("times", "thousand", "million", "in", "all", "numbers", "each", "of",
             "nat", "nats")  # fmt: skip
    return all(
        word in known or (len(word) > 1 and word.rstrip("s") in text)
        for word in re.findall(r"[a-z]+", words.lower())
    )


def _measured(given: Reading, wanted: Asked, question: NumberQuestion) -> Reading:
    """The reading in the unit that the question asks for."""
    if given.word == "thousand" and "in thousands" in question.prompt:
        return given.scaled(1e-3)
    if given.unit is not None and wanted.unit is not None:
        return given.scaled(1 / wanted.unit.size)
    if given.percent and wanted.percent:
        return given.scaled(100.0)
    return given


def _right(question: NumberQuestion, wanted: Asked, given: Reading) -> Diagnosis | None:
    """The answer, or as much of it as the question asks for."""
    answer = wanted.answer
    same = math.isclose(given.value, answer, rel_tol=_SAME, abs_tol=1e-6 if not answer else 0)
    close = _is_close(wanted, given)
    if not close and not _is_rounded_enough(question, wanted, given):
        return None
    exactly = math.isclose(given.value, answer, rel_tol=1e-9, abs_tol=wanted.tolerance * 1e-3)
    if close and not exactly and not same and _lacks_digits(wanted, given):
        return None
    if not exactly and any(_is_the_slip(slip, given) for slip in question.slips):
        return None
    lead = ""
    if not close:
        lead = plural(
            "Right to the {count} digit that you wrote.",
            "Right to the {count} digits that you wrote.",
            given.digits or 0,
        )
    elif not same:
        lead = _("With more digits it is {answer}.").format(answer=f"{answer:.9g}")
    return Diagnosis(
        Verdict.RIGHT,
        f"{lead} {question.explanation}".strip(),
        given=_shown(given),
        result=_shown(given) if same else f"{answer:.9g}",
    )


def _is_close(wanted: Asked, given: Reading) -> bool:
    """Whether it is near enough; the more digits were written, the nearer it must be."""
    off, size = abs(given.value - wanted.answer), abs(wanted.answer)
    if (given.digits or 0) >= _USUAL_DIGITS and off > max(_USUAL * size, wanted.tolerance) > 0:
        return False
    both_whole = is_whole(wanted.answer) and is_whole(given.value)
    if size >= _LONG and both_whole and off:
        written = len(f"{abs(given.value):.0f}".rstrip("0"))
        return written < len(f"{_LONG:.0f}") and off <= wanted.tolerance
    return off <= wanted.tolerance


def _is_the_slip(slip: Slip, given: Reading) -> bool:
    value = slip.value()
    if abs(value) < 1e-12 and given.value == 0:
        return True  # rounding noise of a 0
    return math.isclose(given.value, value, rel_tol=1e-9)


def _lacks_digits(wanted: Asked, given: Reading) -> bool:
    """Whether fewer digits were written than the question asks for, counted at the answer."""
    return given.digits is not None and _digits_told(wanted.answer, given) < wanted.digits


def _digits_told(answer: float, given: Reading) -> int:
    """How many digits of `answer` the number tells: 1.0 tells one of 0.987, and so does 1."""
    if not given.step or not answer:
        return given.digits or 0
    first = math.floor(math.log10(abs(answer)) + 1e-12)
    told = first - round(math.log10(given.step)) + 1
    if told < 1 and math.isclose(float(f"{answer:.0e}"), given.value):
        told = 1  # 0.001 is 0.000954 with one digit
    return min(given.digits or 0, told)


def _is_rounded_enough(question: NumberQuestion, wanted: Asked, given: Reading) -> bool:
    """Whether it is the answer, rounded no further than the question allows."""
    if wanted.exact or wanted.short or not given.value or not given.rounds_to(wanted.answer):
        return False
    rivals = any(given.rounds_to(slip.value()) for slip in question.slips)
    return not rivals and not _lacks_digits(wanted, given)


def _known_slip(question: NumberQuestion, wanted: Asked, given: Reading) -> Diagnosis | None:
    """The slip of the question that leads to what was given; None where two may have."""
    found = _slips_for(question, wanted, given)
    if len(found) != 1:
        return None
    slip = found[0]
    return Diagnosis(
        Verdict.SLIP, slip.diagnosis, slip.id, slip.line, slip.right, given=_shown(given)
    )


def _slips_for(question: NumberQuestion, wanted: Asked, given: Reading) -> list[Slip]:
    """The slips that may have led to what was given: one of each id, the nearest."""
    exact = [slip for slip in question.slips if _is_the_slip(slip, given)]
    if exact:
        return exact[:1]
    if given.rounds_to(wanted.answer) and not wanted.exact:
        return []  # too few digits to tell it from the answer
    least = _USUAL_DIGITS if wanted.exact else max(min(wanted.digits, _USUAL_DIGITS), ENOUGH_DIGITS)
    enough = (given.digits or 0) >= least and (given.step <= 1 or not wanted.exact)
    rounded = [slip for slip in question.slips if enough and given.rounds_to(slip.value())]
    near_by = [
        slip
        for slip in question.slips
        if near(given.value, slip.value(), min(question.tolerance, _USUAL))
        and (slip.value() != 0 or given.value == 0)  # near 0 lies much that is not 0
    ]
    found = sorted(rounded or near_by, key=lambda slip: abs(given.value - slip.value()))
    if not rounded:
        return found[:1]
    return list({slip.id: slip for slip in reversed(found)}.values())


def _too_short(
    question: NumberQuestion, wanted: Asked, given: Reading, text: str
) -> Diagnosis | None:
    """What may be the answer, but has too few digits to tell."""
    if question.before is not None and given.value == question.before():
        return None
    close = _is_close(wanted, given)
    if not given.value or not (close or given.rounds_to(wanted.answer)):
        return _too_round(question, wanted, given, text)
    told = _digits_told(wanted.answer, given)
    if told < 1 or (wanted.short and _other_magnitude(given.value, wanted.answer)):
        return None
    if wanted.exact:
        reason = _("{answer} may be rounded, and the answer is exact. Write all of its digits.")
    elif told < wanted.digits and wanted.digits > 2:
        reason = _(
            "{answer} may be right, but it has too few digits to tell. Write {count} digits."
        )
    else:
        reason = _("{answer} may be right, but it has too few digits to tell. Write one more.")
    return Diagnosis(Verdict.UNREADABLE, reason.format(answer=as_code(text), count=wanted.digits))


def _too_round(
    question: NumberQuestion, wanted: Asked, given: Reading, text: str
) -> Diagnosis | None:
    """What may be the answer, with zeros in place of its last digits: 30 for 31.6."""
    rough = given.without_zeros()
    if wanted.exact or not given.value or not rough.rounds_to(wanted.answer):
        return None
    if wanted.short and _other_magnitude(given.value, wanted.answer):
        return None
    if any(rough.rounds_to(slip.value()) for slip in question.slips):
        return None
    told = _("{answer} may be right, but it looks rounded. Write all digits down to the ones.")
    return Diagnosis(Verdict.UNREADABLE, told.format(answer=as_code(text)))


def _other_magnitude(given: float, answer: float) -> bool:
    return math.floor(math.log10(abs(given)) + 1e-9) != math.floor(math.log10(abs(answer)) + 1e-9)


def _general(question: NumberQuestion, wanted: Asked, given: Reading) -> Diagnosis | None:
    cause = cause_of(question, wanted, given)
    if cause is None:
        return None
    return Diagnosis(Verdict.SLIP, cause.told, cause.slip, given=_shown(given))


def _which_comma(text: str, found: list[Reading]) -> str:
    grouped, decimal = (_shown(reading) for reading in found)
    return _(
        "The comma in {answer} may group the digits or begin the decimals. "
        "Write `{grouped}` or `{decimal}`."
    ).format(answer=as_code(text), grouped=grouped, decimal=decimal)


_POINT_LIKE_GROUP = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")


def _may_be_grouped(text: str, wanted: Asked) -> bool:
    """Whether a point stands where the answer has a group of digits: `203.530` for 203530."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    return bool(_POINT_LIKE_GROUP.fullmatch(plain)) and math.isclose(
        float(plain.replace(".", "")), wanted.answer
    )


def _which_point(text: str) -> str:
    return _(
        "A point begins the decimals here: {answer} is less than a thousand. "
        "Group digits with a blank, or not at all."
    ).format(answer=as_code(text))
