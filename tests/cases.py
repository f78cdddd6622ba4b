"""Many small cases in one test: all are tried, and all that fail are told at once.

A test of its own for each costs about 5 ms, and more where several processes share the work, which
is more than most of these cases take.
"""

from __future__ import annotations

import inspect
import random
import traceback
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias, TypeVar

import pytest

Case = TypeVar("Case")
Test: TypeAlias = Callable[..., None]
Ids: TypeAlias = Callable[[Any], object] | Sequence[str] | None

MOST_SHOWN = 300


def each(cases: Iterable[Case], check: Callable[[Case], None]) -> None:
    """Check every case; fail with the names of those that do not hold, and why."""
    failed, cases = [], list(cases)
    assert cases, "there is no case to check"
    for case in cases:
        try:
            check(case)
        # `pytest.raises` fails so; and to skip one would leave out all that follow, unsaid.
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:
            why = f"{type(error).__name__}: {error} ({_place(error)})"
            failed.append(f"{case}\n{why}")
    if failed:
        told = "\n\n".join(failed)
        pytest.fail(f"{len(failed)} of {len(cases)} cases do not hold.\n\n{told}", pytrace=False)


def _place(error: BaseException) -> str:
    """The line where it happened, outside of pytest."""
    lines = traceback.extract_tb(error.__traceback__)
    place = [line for line in lines if "_pytest" not in line.filename][-1]
    return f"{place.filename}:{place.lineno}"


def for_each(
    names: str | Sequence[str], cases: Iterable[Any], ids: Ids = None
) -> Callable[[Test], Test]:
    """Written and stacked as `pytest.mark.parametrize`, but all cases are one test, as in `each`.

    Its fixtures are made once for all of them.
    """
    taken = names.replace(",", " ").split() if isinstance(names, str) else [*names]
    given = [_given(case, place, taken, ids) for place, case in enumerate(cases)]

    def in_one(test: Test) -> Test:
        assert not inspect.iscoroutinefunction(test), "parametrize it: nobody would await it here"
        signature = inspect.signature(test)
        left = [value for name, value in signature.parameters.items() if name not in taken]
        assert len(left) + len(taken) == len(signature.parameters), f"{test} does not take {taken}"

        @wraps(test)
        def tried(**fixtures: Any) -> None:
            def check(case: _Given) -> None:
                random.seed(0)  # as before each test
                test(**case.values, **fixtures)

            each(given, check)

        vars(tried)["__signature__"] = signature.replace(parameters=left)
        return tried

    return in_one


class _Given(NamedTuple):
    """The values of a case by the names of the arguments, and how it is called."""

    values: dict[str, Any]
    called: str

    def __str__(self) -> str:
        return self.called


def _given(case: Any, place: int, names: Sequence[str], ids: Ids) -> _Given:
    called = None if ids is None or callable(ids) else ids[place]
    if isinstance(case, type(pytest.param())):
        assert not case.marks, "parametrize it: marks are those of a test"
        called, case = str(case.id or ""), case.values
    elif len(names) == 1:
        case = [case]
    values = dict(zip(names, case, strict=True))
    show = ids if callable(ids) else _shown
    told = ", ".join(f"{name}={_cut(str(show(value)))}" for name, value in values.items())
    return _Given(values, called or told)


def _shown(value: object) -> str:
    """How a value is written; of functions and classes the name, of those without one the line."""
    name = str(getattr(value, "__name__", None) or repr(value))
    if isinstance(value, FunctionType) and name == "<lambda>":
        return f"{name} of line {value.__code__.co_firstlineno}"
    return name


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
