"""A complete question: the prose of its fence and the numbers of the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from lessons.format.fence import FenceError
from lessons.format.question_text import Field, QuestionText, nearest
from lessons.judge.questions import (
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberQuestion,
    Option,
    OrderQuestion,
    Question,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
    Slip,
)
from lessons.judge.slip_names import SLIP_NAMES
from lessons.judge.values import Choice, Fill, Number, Order, QuestionValues, Shape, Sign, ways

T = TypeVar("T")
RUNGS = ("idea", "formula", "numbers")
_FIELDS: Mapping[type[QuestionValues], tuple[str, tuple[str, ...]]] = {
    Number: ("number question", ("right", "slip", "hint", "explain")),
    Shape: ("shape question", ("right", "slip", "hint", "explain")),
    Choice: ("choice", ("option", "right option")),
    Sign: ("sign question", ("wrong", "explain")),
    Order: ("question about an order", ("item", "explain")),
    Fill: ("formula with a blank", ("formula", "factor")),
}
_SEVERAL = {
    "choice": ("option", "right option"),
    "question about an order": ("item",),
    "formula with a blank": ("factor",),
}
"""The fields of which a question needs two, each with a text of its own."""
_ONCE = ("right", "explain", "wrong", "formula")
_EXPLAIN = "Write `explain: …` and say why this is the answer."


def joined(values: QuestionValues, text: QuestionText) -> Question:
    """The question that a fence's prose and the values of its facts make together.

    Raises:
        FenceError: prose and numbers do not match.
    """
    what, allowed = _FIELDS[type(values)]
    text.allow(what, allowed, once=_ONCE)
    _refuse_silent(text)
    _refuse_few(what, text)
    match values:
        case Number():
            _same_slips(values.slips, text)
            return NumberQuestion(
                answer=values.answer,
                explanation=text.must_have("explain", what, _EXPLAIN),
                slips=tuple(
                    Slip(
                        id=field.slip,
                        value=ways(values.slips[field.slip])[place],
                        diagnosis=field.part(0),
                        line=field.part(1),
                        right=field.part(2) or text.one("right"),
                        name=field.title,
                    )
                    for field, place in _counted(text)
                ),
                tolerance=values.tolerance,
                hints=_hints(text),
                hint=_only_hint(text),
                prompt=text.prompt,
                exact=values.exact,
                digits=values.digits,
                unit=values.unit,
                percent=values.percent,
                before=values.before,
            )
        case Shape():
            _same_slips(values.slips, text)
            return ShapeQuestion(
                shape=values.shape,
                explanation=text.must_have("explain", what, _EXPLAIN),
                slips=tuple(
                    ShapeSlip(
                        id=field.slip,
                        shape=ways(values.slips[field.slip])[place],
                        diagnosis=field.part(0),
                        line=field.part(1),
                        right=field.part(2) or text.one("right"),
                        name=field.title,
                    )
                    for field, place in _counted(text)
                ),
                hints=_hints(text),
            )
        case Choice():
            options = tuple(_option(field) for field in text.of("option", "right option"))
            marked = list(text.of("right option"))
            if len(marked) != 1:
                raise FenceError(
                    f"The choice has {len(marked)} right options.",
                    "Start exactly one field with `right option:`.",
                    marked[1].offset if marked else 0,
                )
            return ChoiceQuestion(options, values.proof, values.shuffled)
        case Sign():
            wrong = next(text.of("wrong"), None)
            return SignQuestion(
                value=values.value,
                explanation=text.must_have("explain", what, _EXPLAIN),
                feedback=wrong.part(0) if wrong else "",
                slip=wrong.slip if wrong else "",
                line=wrong.part(1) if wrong else "",
                right_line=wrong.part(2) if wrong else "",
                slip_name=wrong.title if wrong else "",
            )
        case Order():
            items = list(text.of("item"))
            return OrderQuestion(
                items=tuple(field.part(0) for field in items),
                feedback=tuple(field.part(1) for field in items),
                proof=values.proof,
                explanation=text.must_have("explain", what, _EXPLAIN),
            )
        case Fill():
            formula = text.must_have(
                "formula", what, r"Write `formula: …`, with a \square where the factor belongs."
            )
            if r"\square" not in formula:
                raise FenceError(
                    "The formula has no blank.",
                    r"Write \square where the factor belongs.",
                    next(text.of("formula")).offset,
                )
            return FillQuestion(
                formula=formula,
                factors=tuple(
                    Factor(field.part(0), field.part(1), field.slip, field.title)
                    for field in text.of("factor")
                ),
                notation=values.notation,
                shuffled=values.shuffled,
            )


def _refuse_few(what: str, text: QuestionText) -> None:
    """Reject less than two things to choose from or to put in order, and two that read alike."""
    kinds = _SEVERAL.get(what, ())
    found = list(text.of(*kinds))
    if kinds and len(found) < 2:
        raise FenceError(
            f"The {what} has {_counted_as(len(found), f'field {kinds[0]!r}')}.",
            "Write two or more.",
            found[0].offset if found else 0,
        )
    seen: set[str] = set()
    for field in found:
        if field.part(0) in seen:
            raise FenceError(
                f"Two fields {kinds[0]!r} say {field.part(0)!r}.",
                "Change one of them, or take it out.",
                field.offset,
            )
        seen.add(field.part(0))


def _refuse_silent(text: QuestionText) -> None:
    """Reject fields that lack a part, so that the tutor always has something to say."""
    wanted = {
        "slip": (0, 1), "option": (0, 1), "right option": (0, 1), "item": (0, 1), "factor": (0, 1),
        "hint": (0,), "wrong": (0,),
    }  # fmt: skip
    forms = {
        "slip": 'slip NAME "its title": what to say :: the wrong line',
        "option": "option: the answer :: what to say",
        "right option": "right option: the answer :: what to say",
        "item": "item: what is put in order :: what to say if it is out of place",
        "factor": "factor: the factor :: what to say",
        "hint": "hint idea: …",
        "wrong": "wrong: what to say",
    }
    for field in text.fields:
        form = forms.get(field.kind)
        if form and not all(field.part(number) for number in wanted[field.kind]):
            raise FenceError(
                f"A part of the field {field.kind!r} is missing.",
                f"Write: {form}.",
                field.offset,
            )
        if field.kind == "slip" and not (field.part(2) or text.one("right")):
            raise FenceError(
                f"No right line stands beside that of the slip {field.slip!r}.",
                "Write the field `right: …` above the slips, or the right line as the third part.",
                field.offset,
            )
        if field.kind == "slip" and not field.slip:
            raise FenceError("The slip has no name.", f"Write: {forms['slip']}.", field.offset)
        if field.slip and field.words[-1] != field.slip:
            raise FenceError(
                f"Words follow the slip {field.slip!r}.",
                f'Put its title in quotes: {field.kind} {field.slip} "its title".',
                field.offset,
            )
        if field.slip and not field.title and field.slip not in SLIP_NAMES:
            raise FenceError(
                f"The slip {field.slip!r} has no title.",
                f'Write a title in quotes after its name: {field.slip} "…".',
                field.offset,
            )
        allowed = RUNGS if field.kind == "hint" else ()
        if not field.slip and len(field.words) > len(allowed[:1]):
            word = field.words[-1]
            raise FenceError(
                f"The word {word!r} cannot follow {field.kind!r}.",
                f'To name a slip, write `{field.kind} slip {word} "its title":`.',
                field.offset,
            )
        if allowed and field.words and field.words[0] not in allowed:
            raise FenceError(
                f"There is no hint {field.words[0]!r}.",
                f"The hints are {', '.join(allowed)}.",
                field.offset,
            )


def _same_slips(
    slips: Mapping[str, Callable[[], T] | Sequence[Callable[[], T]]], text: QuestionText
) -> None:
    written = [field.slip for field in text.of("slip")]
    known = ", ".join(slips) or "none"
    for field in text.of("slip"):
        if field.slip not in slips:
            near = nearest(field.slip, list(slips))
            raise FenceError(
                f"The facts have no value for the slip {field.slip!r}.",
                f"Did you mean {near!r}?"
                if near
                else "Add the value it leads to under `slips` of the question in facts.py. Known "
                f"slips: {known}.",
                field.offset,
            )
    for name, values in slips.items():
        count = len(ways(values))
        if written.count(name) != count:
            raise FenceError(
                f"The slip {name!r} has {_counted_as(count, 'value')} in facts.py and "
                f"{_counted_as(written.count(name), 'text')} here.",
                f'Write {_counted_as(count, "time")}: slip {name} "its title": '
                "what to say :: the wrong line. A field begins at the margin.",
            )


def _counted_as(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _counted(text: QuestionText) -> Iterator[tuple[Field, int]]:
    """The slips; the number tells which value of the slip each belongs to."""
    seen: Counter[str] = Counter()
    for field in text.of("slip"):
        yield field, seen[field.slip]
        seen[field.slip] += 1


def _hints(text: QuestionText) -> Hints | None:
    rungs = {field.words[0]: field.part(0) for field in text.of("hint") if field.words}
    if not rungs:
        return None
    missing = [rung for rung in RUNGS if rung not in rungs]
    if missing:
        raise FenceError(
            f"The hint {missing[0]!r} is missing.", f"Write one each: {', '.join(RUNGS)}."
        )
    return Hints(rungs["idea"], rungs["formula"], rungs["numbers"])


def _only_hint(text: QuestionText) -> str:
    return next((field.part(0) for field in text.of("hint") if not field.words), "")


def _option(field: Field) -> Option:
    return Option(
        text=field.part(0),
        feedback=field.part(1),
        right=field.kind == "right option",
        slip=field.slip,
        line=field.part(2),
        right_line=field.part(3),
        slip_name=field.title,
    )
