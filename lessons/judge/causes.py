"""What a wrong number alone can tell, whatever the question: only what must be true of it.

A cause is told where one, and only one, leads to the number to the digits that were written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from engine.language import _
from lessons.judge.asked import (
    ENOUGH_DIGITS,
    Asked,
    counts_batches,
    epochs_in,
    has_difference,
    has_minus,
    has_quotient,
    has_root,
    has_square,
    is_whole,
    speaks_of_angles,
    speaks_of_logarithms,
)
from lessons.judge.questions import NumberQuestion
from lessons.judge.reading import Reading, near

_POWERS = tuple(power for power in range(-6, 7) if power)
_FEWEST = 3
"""Digits that must be written before a rounded number can hint at a cause."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A mistake that leads from the answer to what was given."""

    slip: str
    told: str
    """Markdown."""


def cause_of(question: NumberQuestion, asked: Asked, given: Reading) -> Cause | None:
    """The one general mistake that leads to `given`; None where none does, or several."""
    if asked.answer == 0 or not math.isfinite(given.value):
        return None
    found = list(_causes(question, asked, given))
    return found[0] if len({cause.slip for cause in found}) == 1 else None


def matches(given: Reading, value: float) -> bool:
    """Whether `value` is what was given, to all digits that were written."""
    if math.isclose(given.value, value, rel_tol=1e-6):
        return True
    return (given.digits or 0) >= _FEWEST and given.rounds_to(value)


def _causes(question: NumberQuestion, asked: Asked, given: Reading) -> Iterator[Cause]:
    answer = asked.answer
    if matches(given, -answer) or _is_turned_round(question, asked, given):
        yield Cause("sign", _sign_text(question, asked))
    yield from _of_the_step(question, asked, given)
    if asked.is_count:
        yield from _of_counts(question, asked, given)
    if asked.is_share and matches(given, 100 * answer):
        yield Cause(
            "percent-for-fraction",
            _("That is 100 times the answer. If you mean per cent, end the number with %."),
        )
        return
    if asked.percent and matches(given, answer / 100):
        yield Cause(
            "fraction-for-percent",
            _("That is the answer as a fraction. The question asks for per cent."),
        )
        return
    if matches(given, 2 * answer) and not asked.is_label:
        yield Cause("factor-two", _twice(asked))
    if matches(given, answer / 2) and not asked.is_label:
        yield Cause("factor-two", _half(asked))
    if not asked.exact:
        yield from _of_measures(question, asked, given)


def _is_turned_round(question: NumberQuestion, asked: Asked, given: Reading) -> bool:
    """Whether it is the answer with the other sign, to two digits that no slip shares."""
    digits = given.digits or 0
    if asked.exact or digits < ENOUGH_DIGITS:
        return False
    if digits > ENOUGH_DIGITS and near(given.value, -asked.answer, question.tolerance):
        return not asked.short
    return given.rounds_to(-asked.answer) and not any(
        given.rounds_to(-slip.value()) for slip in question.slips
    )


def _sign_text(question: NumberQuestion, asked: Asked) -> str:
    if has_difference(question):
        return _(
            "The size is right, and the sign is not. Check each minus sign, and which way round "
            "each difference is."
        )
    if asked.answer > 0 and not has_minus(question):
        return _("The size is right, and the sign is not: the answer is positive.")
    return _("The size is right, and the sign is not. Check each minus sign.")


def _twice(asked: Asked) -> str:
    if asked.is_count:
        return _("This is twice the answer. Is something counted twice?")
    return _(
        "This is twice the answer. Is there a factor 2 too many, a ½ left out, or a number taken "
        "from the wrong place that is twice as large?"
    )


def _half(asked: Asked) -> str:
    if asked.is_count:
        return _("This is half the answer. Is one half left out of the count?")
    return _(
        "This is half the answer. Is there a ½ too many, a factor 2 left out, or a number taken "
        "from the wrong place that is half as large?"
    )


def _of_the_step(question: NumberQuestion, asked: Asked, given: Reading) -> Iterator[Cause]:
    """An update, where the question says what was there before it."""
    if question.before is None:
        return
    before = float(question.before())
    if matches(given, asked.answer - before) or matches(given, before - asked.answer):
        yield Cause(
            "bare-step",
            _("That is how far it moves. The question asks where it is after the step."),
        )
    if matches(given, before):
        yield Cause(
            "no-step",
            _("That is the value before the step.")
            if not given.rounds_to(asked.answer)
            else _("That is the value before the step, or it has too few digits to tell."),
        )


def _of_counts(question: NumberQuestion, asked: Asked, given: Reading) -> Iterator[Cause]:
    answer, value = asked.answer, given.value
    epochs = epochs_in(question)
    if not is_whole(value):
        rounds = (answer, answer / epochs) if epochs else (answer,)
        each = (value, value / epochs) if epochs else (value,)
        near = any(
            math.ceil(part) == count or math.floor(part) == count
            for part, count in zip(each, rounds, strict=True)
        )
        if near and counts_batches(question):
            yield Cause(
                "fraction-of-batch",
                _(
                    "The number of batches is whole. Round it up where the smaller last batch "
                    "counts, and down where it is dropped (`drop_last=True`)."
                ),
            )
        elif near:
            yield Cause("fraction-of-count", _("That is a count, so it is a whole number."))
        return
    if answer > 1 and value in (answer - 1, answer + 1):
        told = (
            _("This is one less than the answer. Does the first or the last one count, too?")
            if value < answer
            else _("This is one more than the answer. Is the first or the last one counted twice?")
        )
        yield Cause("off-by-one", told)
    if epochs > 1 and is_whole(answer / epochs) and answer / epochs > 1:
        for other in (epochs - 1, epochs + 1):
            if matches(given, answer / epochs * other):
                yield Cause(
                    "off-by-one-epoch",
                    _("That is the count for {other} epochs. There are {epochs}.").format(
                        other=other, epochs=epochs
                    ),
                )


def _of_measures(question: NumberQuestion, asked: Asked, given: Reading) -> Iterator[Cause]:
    answer = asked.answer
    if speaks_of_logarithms(question):
        if matches(given, answer / math.log(2)):
            yield Cause(
                "log-base-2",
                _(
                    "This is the answer divided by $\\ln 2$, as with log₂ in place of $\\ln$. "
                    "Take the natural logarithm."
                ),
            )
        if matches(given, answer / math.log(10)):
            yield Cause(
                "log-base-10",
                _(
                    "This is the answer divided by $\\ln 10$, as with log₁₀ in place of $\\ln$. "
                    "Take the natural logarithm."
                ),
            )
    if abs(abs(answer) - 1) > 1e-3:
        if has_quotient(question) and matches(given, 1 / answer):
            yield Cause(
                "upside-down",
                _("This is 1 divided by the answer. Is a fraction upside down?"),
            )
        if has_root(question) and matches(given, answer * answer):
            yield Cause("no-root", _("This is the square of the answer. Is a root left out?"))
        if has_square(question) and answer > 0 and matches(given, math.sqrt(answer)):
            yield Cause("not-squared", _("This is the root of the answer. Is a square left out?"))
    if speaks_of_angles(question):
        if matches(given, math.degrees(answer)):
            yield Cause("degrees", _("This is the answer in degrees. Angles are in radians here."))
        if matches(given, math.radians(answer)):
            yield Cause("degrees", _("This is the answer taken for degrees and put in radians."))
    yield from _of_the_point(asked, given)


def _of_the_point(asked: Asked, given: Reading) -> Iterator[Cause]:
    """A misplaced point: only digits enough can be recognised behind it."""
    if (given.digits or 0) < _FEWEST or asked.exact or _digits_of(asked.answer) < _FEWEST:
        return
    for power in _POWERS:
        if not matches(given, asked.answer * 10.0**power):
            continue
        side = _("the left") if power > 0 else _("the right")
        told = (
            _("The digits are right, and the point is not: move it one place to {side}.")
            if abs(power) == 1
            else _("The digits are right, and the point is not: move it {count} places to {side}.")
        )
        yield Cause("power-of-ten", told.format(count=abs(power), side=side))


def _digits_of(value: float) -> int:
    """How many significant digits a number has that is not a rounded one; at most 9."""
    mantissa = f"{abs(value):.8e}".partition("e")[0]
    return len(mantissa.replace(".", "").rstrip("0"))
