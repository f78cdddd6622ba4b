"""What the functions of a lesson's facts compute, looked at when they do: a value of its kind.

Each is computed once: an answer may train a model, and it is asked for by who judges, who shows,
and who computes ahead beside the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from numbers import Integral, Real
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from engine.broken import EndlessError
from lessons.format.once import Once
from lessons.format.tables import in_module, line_of
from lessons.format.trouble import in_file
from lessons.judge.values import (
    Choice,
    Fill,
    Number,
    Order,
    QuestionValues,
    Shape,
    Sign,
    ways,
)

_RESULTS: Final[Mapping[type[QuestionValues], tuple[str, type, str]]] = {
    Number: ("answer", Real, "a number"),
    Sign: ("value", Real, "a number"),
    Choice: ("proof", Integral, "the index of an option"),
    Shape: ("shape", tuple, "a tuple of sizes"),
    Order: ("proof", tuple, "a tuple of indices"),
}
"""Which field of a question computes its answer, and what that is."""


def checked_numbers(
    module: ModuleType | None, numbers: Mapping[str, Callable[[], Any]]
) -> Mapping[str, Callable[[], float]]:
    """The entries of NUMBERS; each raises LessonError where it computes no number."""
    return {
        name: Once(partial(_checked, compute, Real, module, "NUMBERS", name, "a number"))
        for name, compute in numbers.items()
    }


def checked_question(module: ModuleType | None, name: str, values: QuestionValues) -> Any:
    """The question, whose answer and slips raise LessonError where they are of another kind."""
    if isinstance(values, Fill):
        return values
    field, kind, said = _RESULTS[type(values)]

    def check(compute: Callable[[], Any]) -> Callable[[], Any]:
        return Once(partial(_checked, compute, kind, module, "QUESTIONS", name, said))

    changed: dict[str, object] = {field: check(getattr(values, field))}
    if isinstance(values, Number | Shape):
        changed["slips"] = {
            slip: tuple(map(check, ways(found))) for slip, found in values.slips.items()
        }
    return replace(values, **changed)  # type: ignore[arg-type]


def _checked(
    compute: Callable[[], Any],
    kind: type,
    module: ModuleType | None,
    table: str,
    name: str,
    said: str,
) -> Any:
    try:
        found = compute()
    except (KeyboardInterrupt, EndlessError):
        raise
    except BaseException as error:
        if isinstance(error, TypeError) and _is_call_itself(error):
            problem = f"What computes {name!r} cannot be called: {error}."
            mend = "Write a function without arguments, `lambda: …`."
            raise in_module(module, table, problem, mend, name) from None
        path = Path(getattr(module, "__file__", None) or "facts.py")
        raise in_file(error, path.parent, path, line_of(path, table, name)) from error
    if isinstance(found, kind):
        if isinstance(found, int) and abs(found) > sys.float_info.max:
            problem = f"What {name!r} computes is too large for a floating-point number."
            raise in_module(module, table, problem, f"Return {said}.", name)
        return found
    problem = f"What {name!r} computes is {found!r}, and not {said}."
    raise in_module(module, table, problem, f"Return {said}.", name)


def _is_call_itself(error: TypeError) -> bool:
    """Whether no line of the function has run: it cannot be called like this."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None
