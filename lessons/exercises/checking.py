"""Run the tests of an exercise on a namespace, and recognise slips from the numbers."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final, cast

import numpy as np
from numpy import argwhere, errstate, isclose, isnan  # the learner's code may replace those of `np`

from engine.language import _, plural
from lessons.exercises.exercise import (
    MOST_SHOWN,
    ArgumentChangedError,
    Case,
    Exercise,
    ExerciseCode,
    Namespace,
    as_array,
    same,
    shown,
)
from lessons.exercises.gradients import GradientRow

SEED: Final = 20
MOST_SAID: Final = 200
"""Characters of an error's text at most."""
CHANGED: Final = "argument-changed"
"""The slip of a function that writes into what it was given; every exercise knows it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case gave: a value, or why there is none."""

    value: object = None
    error: str = ""
    """A sentence."""
    kind: str = ""
    """The name of the exception."""


@dataclass(frozen=True, slots=True)
class Test:
    """One test and how it ended."""

    name: str
    """The call."""
    ok: bool
    text: str = ""
    """What is wrong, as a sentence."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the tests say about a namespace."""

    exercise: str
    passed: bool
    tests: tuple[Test, ...]
    slip: str | None = None
    text: str = ""
    """What it comes to, as a sentence. Markdown."""
    output: str = ""
    """What the learner's code printed."""
    gradients: tuple[GradientRow, ...] = ()
    """Where a gradient is asked for: the learner's, autograd's, the central difference."""
    was_run: bool = True
    """False where the code may not run here: `text` says so, and the file counts as untested."""


def code_of(exercise: Exercise) -> ExerciseCode:
    """The code behind an exercise; imports what its solution needs."""
    return cast("ExerciseCode", import_module(exercise.module))


def cases_of(code: ExerciseCode) -> list[Case]:
    """The tests with their seeded draws: the same on every machine and every run."""
    return [*code.cases(np.random.default_rng(SEED))]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The tests of an exercise, and what the solution gives."""

    cases: tuple[Case, ...]
    wanted: tuple[Outcome, ...]


def prepare(exercise: Exercise) -> Prepared:
    """Draw the tests and run the solution, before a learner's code may change a library."""
    code = code_of(exercise)
    cases = tuple(cases_of(code))
    return Prepared(cases, tuple(outcome(case, vars(code)) for case in cases))


def check(
    exercise: Exercise,
    namespace: Namespace,
    source: str = "",
    prepared: Prepared | None = None,
) -> Report:
    """Test a namespace. `source` is the name of the learner's file, for the lines of errors."""
    code = code_of(exercise)
    missing = [name for name in code.FUNCTIONS if not callable(namespace.get(name))]
    if missing:
        text = _missing(missing[0], namespace)
        return Report(exercise.name, False, (Test(missing[0], False, text),), None, text)
    prepared = prepared or prepare(exercise)
    cases, wanted = prepared.cases, prepared.wanted
    given = [outcome(case, namespace, source) for case in cases]
    tests = tuple(
        _test(case, mine, right) for case, mine, right in zip(cases, given, wanted, strict=True)
    )
    if all(test.ok for test in tests):
        return Report(exercise.name, True, tests, None, _("All tests pass."))
    slip = recognised(code, cases, given, wanted)
    if slip == CHANGED:
        text = _(
            "Your function changes what it was given. The caller still needs it: compute a new"
            " value, or copy first."
        )
    elif slip and slip in exercise.text.slips:
        known = exercise.text.slips[slip]
        text = f"**{known.name}.** {known.text}"
    else:
        failed = [place for place, test in enumerate(tests) if not test.ok]
        # A wrong shape says more than wrong numbers in a smaller example.
        shapes = [at for at in failed if _shapes_differ(given[at].value, wanted[at].value)]
        at = (shapes or failed)[0]
        text = tests[at].text
        again = outcome(cases[at], namespace, source)
        if _wavers(cases[at], given[at], again):
            text = f"{text} {_wavering(cases[at])}"
    return Report(exercise.name, False, tests, slip, text)


def _missing(name: str, namespace: Namespace) -> str:
    """What is said where the file does not define a function that is asked for."""
    if name in namespace:
        return _("`{name}` is not a function in your file.").format(name=name)
    told = _("Your file defines no `{name}`. Keep the name that the exercise asks for.")
    mine = {each.lower(): each for each, value in namespace.items() if callable(value)}
    near = get_close_matches(name.lower(), mine, 1)
    if near:
        told = f"{told} " + _("Is it your `{mine}`?").format(mine=mine[near[0]])
    return told.format(name=name)


def outcome(case: Case, namespace: Namespace, source: str = "") -> Outcome:
    """What a case gives with a namespace; an error becomes a sentence."""
    try:
        with errstate(all="ignore"):
            return Outcome(case.run(namespace))
    except ArgumentChangedError:
        return Outcome(error=_("changes its argument"), kind=CHANGED)
    except RecursionError:
        return Outcome(error=_("calls itself without end"), kind="RecursionError")
    except SystemExit:
        raise
    except BaseException as error:  # a learner's code may raise KeyboardInterrupt, too
        line = line_of(error, source)
        where = _(" (line {line} of your file)").format(line=line) if line else ""
        return Outcome(error=error_text(error) + where, kind=type(error).__name__)


def error_text(error: BaseException) -> str:
    """The kind of an error and the first line of what it says, as code in Markdown."""
    try:
        first = next(iter(str(error).splitlines()), "")
    except Exception:
        first = ""
    if isinstance(error, EOFError) and "reading a line" in first:
        first = _("nobody can type here, leave out input()")
    first = first if len(first) <= MOST_SAID else first[: MOST_SAID - 1] + "…"
    said = f"{type(error).__name__}: {first}".rstrip(": ")
    return _in_code(said)


def _in_code(text: str) -> str:
    """Any text as Markdown that shows it as it is, what cannot be written as an escape."""
    plain = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
    plain = plain.replace("`", "'")
    return f"`{plain}`"


def _result(value: object) -> str:
    """A result in a sentence; what is not made of numbers may hold anything, so it is code."""
    return shown(value) if _numbers(value) is not None else _in_code(shown(value))


def _numbers(value: object) -> np.ndarray[Any, Any] | None:
    try:
        return as_array(value)
    except Exception:  # such as a list that holds itself
        return None


def line_of(error: BaseException, source: str) -> int:
    """The last line of the learner's file that the error passed through; 0 for none."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == source), 0)


def recognised(
    code: ExerciseCode,
    cases: Sequence[Case],
    given: Sequence[Outcome],
    wanted: Sequence[Outcome],
) -> str | None:
    """The slip whose numbers are those of the learner in every case; None if no or several are.

    Where an argument is changed, a slip that the other cases show says more than that.
    """
    kept = [at for at, mine in enumerate(given) if mine.kind != CHANGED]
    if len(kept) < len(cases):
        found_at = [cases[at] for at in kept], [given[at] for at in kept]
        return recognised(code, *found_at, [wanted[at] for at in kept]) or CHANGED
    solution: Mapping[str, Any] = vars(code)
    found = set()
    for slip, changed in forms_of(code):
        for part in _parts(changed):
            if _are_those({**solution, **part}, cases, given, wanted):
                found.add(slip)
                break
    return found.pop() if len(found) == 1 else None


def forms_of(code: ExerciseCode) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every way to make a slip: its id, and what takes the place of the solution's names."""
    yield from code.SLIPS.items()
    yield from getattr(code, "FORMS", ())


def _are_those(
    slip: Namespace, cases: Sequence[Case], given: Sequence[Outcome], wanted: Sequence[Outcome]
) -> bool:
    """Whether `given` are the outcomes of a slip, and not those of the solution.

    Where the slip fails with one error, a loop may fail with another: that counts as the same if
    the numbers of some other case show the slip.
    """
    is_shown = fails = is_other_error = False
    for case, mine, right in zip(cases, given, wanted, strict=True):
        theirs = outcome(case, slip)
        if mine.error and theirs.error:
            fails = True
            is_other_error = is_other_error or mine.kind != theirs.kind
        elif not _alike(case, mine, theirs):
            return False
        else:
            is_shown = is_shown or not _alike(case, theirs, right)
    return is_shown or (fails and not is_other_error)


def _parts(changed: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A slip as a whole, and in each of its functions alone."""
    yield changed
    if len(changed) > 1:
        for name, function in changed.items():
            yield {name: function}


def _alike(case: Case, one: Outcome, other: Outcome) -> bool:
    if one.error or other.error:
        return one.kind == other.kind
    try:
        return same(one.value, other.value, case.rtol, case.atol)
    except Exception:  # a learner's class may have an `__eq__` that fails
        return False


def _test(case: Case, mine: Outcome, right: Outcome) -> Test:
    if _alike(case, mine, right) and not right.error:
        return Test(case.call, True)
    if mine.error:
        told = _("`{call}` fails: {error}.")
        return Test(case.call, False, told.format(call=case.call, error=mine.error))
    text = _difference(case, case.call, mine.value, right.value)
    return Test(case.call, False, " ".join(filter(None, (text, _remark(case, mine, right)))))


def _wavers(case: Case, first: Outcome, second: Outcome) -> bool:
    """Whether a case gave numbers twice, and other ones the second time."""
    if first.error or second.error or _alike(case, first, second):
        return False
    return isinstance(first.value, list | tuple) or _numbers(first.value) is not None


def _wavering(case: Case) -> str:
    told = _("`{call}` gives something else each time: is all that it needs in its arguments?")
    if "rng" in case.call:
        told = _("`{call}` gives something else each time: draw from `rng` alone.")
    return told.format(call=case.call)


_FACTORS = (-1.0, 2.0, 0.5, -2.0, -0.5, 100.0, 0.01)


def _remark(case: Case, mine: Outcome, right: Outcome) -> str:
    """What is true of all numbers of a wrong result: their order, their places, a factor."""
    one, other = mine.value, right.value
    if isinstance(one, list | tuple) and isinstance(other, tuple) and len(one) == len(other) > 1:
        if _alike(case, Outcome(tuple(reversed(one))), Outcome(other)):
            return _("The results are right, but they come in the wrong order.")
        parts = map(Outcome, one), map(Outcome, other)
        wrong = [(a, b) for a, b in zip(*parts, strict=True) if not _alike(case, a, b)]
        return _remark(case, *wrong[0]) if wrong else ""
    a, b = _numbers(one), _numbers(other)
    if a is None or b is None or a.ndim != b.ndim or not b.any():
        return ""
    if a.ndim == 2 and _alike(case, Outcome(a.T), Outcome(b)):
        return _("The numbers are right, but rows and columns are exchanged.")
    for factor in _FACTORS:
        if _alike(case, Outcome(a), Outcome(factor * b)):
            if factor == -1:
                return _("The sign is the wrong one.")
            return _("That is {factor:g} times the right result.").format(factor=factor)
    return ""


def _shapes_differ(mine: object, right: object) -> bool:
    if isinstance(right, tuple) and isinstance(mine, list | tuple):
        return len(mine) != len(right) or any(map(_shapes_differ, mine, right))
    a, b = _numbers(mine), _numbers(right)
    return a is not None and b is not None and a.shape != b.shape


def _difference(case: Case, call: str, mine: object, right: object) -> str:
    """How two results of `call` differ, in words."""
    if mine is None:
        told = _("`{call}` returns nothing. Is there a `return`?")
        return told.format(call=call)
    if isinstance(mine, Iterator):
        told = _("`{call}` gives a {kind}, which computes nothing yet. Make a list of it.")
        return told.format(call=call, kind=_in_code(type(mine).__name__))
    if isinstance(right, tuple):
        count = len(mine) if isinstance(mine, list | tuple) else 1
        if count != len(right):
            told = _("`{call}` returns {mine}; it should return {right}.")
            return told.format(call=call, mine=_count(count), right=_count(len(right)))
        parts = enumerate(zip(cast("Sequence[object]", mine), right, strict=True))
        for place, (one, other) in parts:
            if not _alike(case, Outcome(one), Outcome(other)):
                return _difference(case, f"{call}[{place}]", one, other)
    a, b = _numbers(mine), _numbers(right)
    if a is not None and b is not None and a.shape != b.shape:
        told = _("`{call}` has the shape {mine}; it should be {right}.")
        return told.format(call=call, mine=a.shape, right=b.shape)
    if a is not None and b is not None and isnan(a).any() and not isnan(b).any():
        told = _("`{call}` gives nan; it should be {right}.")
        return told.format(call=call, right=shown(right))
    if a is not None and b is not None and a.size > MOST_SHOWN:
        wrong = ~isclose(a, b, rtol=case.rtol, atol=case.atol, equal_nan=True)
        at = tuple(int(place) for place in argwhere(wrong)[0]) if wrong.any() else (0,) * a.ndim
        told = _("`{call}` gives {mine} at {place}; it should be {right}.")
        where = f"[{', '.join(map(str, at))}]"
        return told.format(call=call, mine=shown(a[at]), place=where, right=shown(b[at]))
    told = _("`{call}` gives {mine}; it should be {right}.")
    return told.format(call=call, mine=_result(mine), right=_result(right))


def _count(values: int) -> str:
    return plural("{count} value", "{count} values", values)
