"""Judge a sign or a shape."""

from __future__ import annotations

import math
import re
import unicodedata

from engine.language import _, plural
from lessons.judge.numbers import unexplained
from lessons.judge.questions import Shape, ShapeQuestion, SignQuestion
from lessons.judge.verdicts import Diagnosis, Verdict, as_code

_SIGNS = {
    **dict.fromkeys(
        ("+", "plus", "positive", "pos", "positive sign", "+1", "> 0", ">0", "a plus", "above 0"),
        "+",
    ),
    **dict.fromkeys(
        ("-", "minus", "negative", "neg", "negative sign", "-1", "< 0", "<0", "a minus",
         "below 0"),
        "-",
    ),
    **dict.fromkeys(("0", "zero", "null", "none", "neither", "+0", "-0", "= 0", "=0", "0.0"), "0"),
}  # fmt: skip
_NO_AXES = ("()", "[]", "scalar", "a scalar", "torch.size([])", "0-d", "0d", "no axes")
_AROUND = re.compile(
    r"(?:[\w.]*\.)?(?:size|shape|tuple)(?:\(\)(?=\s*[:=]))?\s*(?:==?|:)?\s*(?P<inside>.*)"
)
_BY = re.compile(r"(?<=\d)\s*(?:\bby\b|\\times(?![a-z])|[x×✕*·⋅;])\s*(?=\d)")


def sign_of(value: float) -> str:
    """`+`, `-` or `0`."""
    return "0" if value == 0 else "+" if math.copysign(1.0, value) > 0 else "-"


def read_sign(text: str) -> str | None:
    """The sign that is meant by `+`, `(−)`, `negative` or `zero`; None where none is."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = plain.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    plain = re.sub(r"^(?:it is|it's|is|the sign is)\s+", "", plain.strip("`'\".").strip())
    if len(plain) > 2 and plain[:1] + plain[-1:] in ("()", "[]"):
        plain = plain[1:-1].strip()
    return _SIGNS.get(plain)


def judge_sign(question: SignQuestion, text: str) -> Diagnosis:
    """The verdict on a sign: `+`, `-`, `0`, or a word for one of them."""
    given = read_sign(text)
    if given is None:
        return Diagnosis(Verdict.UNREADABLE, _("Answer with a sign: `+`, `-` or `0`."))
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
            _(
                "{answer} is not a shape. "
                "Write one number for each axis, like `(2, 3)`; `()` is a single number."
            ).format(answer=as_code(text) if text.strip() else _("That")),
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
        _("{shape} is not the shape.").format(shape=shown) + f" {_difference(given, right)}",
        question.hints,
        tries,
        question.explanation,
        shape_text(right),
        shown,
    )


def read_shape(text: str) -> Shape | None:
    """A shape as it is written or printed: `(2, 3)`, `2x3`, `2 by 3`, `torch.Size([2, 3])`, `(3,)`.

    None where it is none.
    """
    plain = unicodedata.normalize("NFKC", text.strip().strip("`$")).strip().lower().rstrip(".;")
    plain = " ".join(plain.split())
    if plain in _NO_AXES:
        return ()
    while around := _AROUND.fullmatch(plain):  # `x.shape = torch.Size([2, 3])`
        plain = around["inside"]
    while plain[:1] + plain[-1:] in ("()", "[]", "{}"):
        if plain in _NO_AXES:
            return ()
        plain = plain[1:-1].strip()
    parts = re.split(r"\s*,\s*|\s+", _BY.sub(",", plain).removesuffix(",").strip())
    if not 1 <= len(parts) <= 6 or not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
        return None
    return tuple(int(part) for part in parts)


def shape_text(shape: Shape) -> str:
    """A shape as Python writes it."""
    return str(tuple(shape))


def _difference(given: Shape, right: Shape) -> str:
    if len(given) != len(right):
        if not right:
            return _("It has no axes, not {given}.").format(given=len(given))
        told = plural(
            "It has {count} axis, not {{given}}.", "It has {count} axes, not {{given}}.", len(right)
        )
        return told.format(given=len(given))
    if sorted(given) == sorted(right):
        return _("The numbers are right, and their order is not.")
    matching = sum(a == b for a, b in zip(given, right, strict=True))
    return _("One of the axes is right.") if matching else _("None of the axes is right.")
