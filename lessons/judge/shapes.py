"""Judge a sign or a shape."""

from __future__ import annotations

import math
import re

from lessons.judge.numbers import unexplained
from lessons.judge.questions import Shape, ShapeQuestion, SignQuestion
from lessons.judge.verdicts import Diagnosis, Verdict, as_code

_SIGNS = {
    "+": "+", "plus": "+", "positive": "+",
    "-": "-", "minus": "-", "negative": "-",
    "0": "0", "zero": "0",
}  # fmt: skip
_NO_AXES = ("()", "[]", "scalar")


def sign_of(value: float) -> str:
    """`+`, `-` or `0`."""
    return "0" if value == 0 else "+" if math.copysign(1.0, value) > 0 else "-"


def judge_sign(question: SignQuestion, text: str) -> Diagnosis:
    """Judge a sign."""
    given = _SIGNS.get(text.strip().lower().replace("\N{MINUS SIGN}", "-"))
    if given is None:
        return Diagnosis(Verdict.UNREADABLE, "Answer with a sign: `+`, `-` or `0`.")
    value = question.value()
    right = sign_of(value)
    if given == right:
        return Diagnosis(
            Verdict.RIGHT, question.explanation, given=given, result=f"{right} ({value:.9g})"
        )
    opposite = {"+": "-", "-": "+"}.get(right)
    if question.slip and given == opposite:
        return Diagnosis(
            Verdict.SLIP,
            question.feedback,
            question.slip,
            question.line,
            question.right_line,
            given=given,
        )
    return Diagnosis(Verdict.WRONG, question.feedback, given=given)


def judge_shape(question: ShapeQuestion, text: str, tries: int = 0) -> Diagnosis:
    """Judge a shape, after `tries` answers that no slip explained."""
    given = read_shape(text)
    if given is None:
        return Diagnosis(
            Verdict.UNREADABLE,
            f"{as_code(text) if text.strip() else 'That'} is not a shape. "
            "Write one number for each axis, like `(2, 3)`; `()` is a single number.",
        )
    right = question.shape()
    shown = shape_text(given)
    if given == right:
        return Diagnosis(Verdict.RIGHT, question.explanation, given=shown, result=shape_text(right))
    for slip in question.slips:
        if given == slip.shape():
            return Diagnosis(
                Verdict.SLIP, slip.diagnosis, slip.id, slip.line, slip.right, given=shown
            )
    return unexplained(
        f"{shown} is not the shape. {_difference(given, right)}",
        question.hints,
        tries,
        question.explanation,
        shape_text(right),
        shown,
    )


def read_shape(text: str) -> Shape | None:
    """A shape as learners write it: `(2, 3)`, `2x3`, `2 × 3`, `[2,3]`, `2 3`; None where none."""
    plain = text.strip().lower()
    if plain in _NO_AXES:
        return ()
    if plain[:1] + plain[-1:] in ("()", "[]"):
        plain = plain[1:-1]
    parts = [part for part in re.split(r"[\s,x×*]+", plain) if part]
    if not 1 <= len(parts) <= 6 or not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
        return None
    return tuple(int(part) for part in parts)


def shape_text(shape: Shape) -> str:
    """A shape as Python writes it."""
    return str(tuple(shape))


def _difference(given: Shape, right: Shape) -> str:
    if len(given) != len(right):
        axes = "one axis" if len(right) == 1 else f"{len(right) or 'no'} axes"
        return f"It has {axes}, not {len(given)}."
    if sorted(given) == sorted(right):
        return "The numbers are right, and their order is not."
    matching = sum(a == b for a, b in zip(given, right, strict=True))
    return "One of the axes is right." if matching else "None of the axes is right."
