"""A question whole: the prose of its fence joined with the numbers of the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from lessons.format.fence import FenceError
from lessons.format.question_text import Field, QuestionText
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
from lessons.judge.values import Choice, Fill, Number, Order, QuestionValues, Shape, Sign, ways

RUNGS = ("idea", "formula", "numbers")


def joined(values: QuestionValues, text: QuestionText) -> Question:
    """The question.

    Raises:
        FenceError: prose and numbers do not belong together.
    """
    match values:
        case Number():
            _same_slips(values.slips, text)
            return NumberQuestion(
                answer=values.answer,
                explanation=text.one("explain"),
                slips=tuple(
                    Slip(
                        id=field.slip,
                        value=ways(values.slips[field.slip])[place],
                        diagnosis=field.part(0),
                        line=field.part(1),
                        right=field.part(2) or (text.one("right") if field.part(1) else ""),
                        name=field.title,
                    )
                    for field, place in _counted(text)
                ),
                tolerance=values.tolerance,
                hints=_hints(text),
                hint=_only_hint(text),
            )
        case Shape():
            _same_slips(values.slips, text)
            return ShapeQuestion(
                shape=values.shape,
                explanation=text.one("explain"),
                slips=tuple(
                    ShapeSlip(
                        id=field.slip,
                        shape=ways(values.slips[field.slip])[place],
                        diagnosis=field.part(0),
                        line=field.part(1),
                        right=field.part(2) or (text.one("right") if field.part(1) else ""),
                        name=field.title,
                    )
                    for field, place in _counted(text)
                ),
                hints=_hints(text),
            )
        case Choice():
            options = tuple(_option(field) for field in text.of("option", "right option"))
            if sum(option.right for option in options) != 1:
                raise FenceError(
                    "A choice has one right option.", "Begin its field with `right option:`."
                )
            return ChoiceQuestion(options, values.proof)
        case Sign():
            wrong = next(text.of("wrong"), None)
            return SignQuestion(
                value=values.value,
                explanation=text.one("explain"),
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
                explanation=text.one("explain"),
            )
        case Fill():
            return FillQuestion(
                formula=text.one("formula"),
                factors=tuple(
                    Factor(field.part(0), field.part(1), field.slip, field.title)
                    for field in text.of("factor")
                ),
                notation=values.notation,
            )


def _same_slips(slips: Mapping[str, object], text: QuestionText) -> None:
    written = [field.slip for field in text.of("slip")]
    known = list(slips)
    for name in written:
        if name not in known:
            offset = next(field.offset for field in text.of("slip") if field.slip == name)
            raise FenceError(
                f"The facts have no value for the slip {name!r}.",
                "Write the value that it leads to beside the answer.",
                offset,
            )
    for name, values in slips.items():
        count = len(values) if isinstance(values, tuple | list) else 1
        if written.count(name) != count:
            raise FenceError(
                f"The slip {name!r} has {count} values and {written.count(name)} texts.",
                f'Write: slip {name} "what it is called": what to say.',
            )


def _counted(text: QuestionText) -> Iterator[tuple[Field, int]]:
    """The slips, and which of its own ways each of them is."""
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
            f"The hint {missing[0]!r} is missing.", f"A ladder has {', '.join(RUNGS)}."
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
