"""The process in which a learner's code runs.

`python -m lessons.exercises.runner NAME FILE FD LIFE` writes the report as a JSON object to the
file descriptor FD, and where a gradient is asked for, a second one with the table: that takes
PyTorch, and the verdict need not wait for it. What the code prints goes to stdout and stderr, which
the parent collects and bounds. LIFE is the pipe of `lessons.exercises.lifeline`.
"""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import os
import sys
import types
from collections.abc import Callable
from json import dumps
from pathlib import Path
from typing import Any

from engine.language import _
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import (
    Report,
    Test,
    check,
    code_of,
    error_text,
    line_of,
    prepare,
)
from lessons.exercises.exercise import Exercise
from lessons.exercises.gradients import GradientCase, cases_of, gradient_rows
from lessons.exercises.lifeline import end_with
from lessons.exercises.process import BEGUN

_PROCESS = os.getpid()


def _end_of_a_copy() -> None:
    """End here what the learner's code has forked: one process reports."""
    if os.getpid() != _PROCESS:
        os._exit(0)


def main(name: str, path: str, descriptor: int) -> None:
    """Run the file, then the tests of the exercise, and report."""
    exercise = find_exercise(name)
    report, found = _first_report(exercise, path, descriptor)
    wanted = gradient_cases(exercise) if found and _has_run(report) else ()
    _write(descriptor, report, more=bool(wanted))
    if wanted:
        rows = gradient_rows(wanted, found)
        if all(row.mine is None for row in rows):  # the verdict says more
            rows = []
        _write(descriptor, dataclasses.replace(report, gradients=tuple(rows)))


def _first_report(exercise: Exercise, path: str, descriptor: int) -> tuple[Report, dict[str, Any]]:
    """The report of the tests, and what the file defines: nothing where it cannot be run."""
    program = compiled(path)
    if isinstance(program, str):
        return _broken(exercise, "import", program), {}
    # What the solution gives is computed first: the learner's code may change a library.
    prepared = prepare(exercise)
    os.write(descriptor, BEGUN)
    try:
        found = load(path, program)
        if isinstance(found, str):
            return _broken(exercise, "import", found), {}
        return check(exercise, found, path, prepared), found
    except SystemExit:
        text = _("Your code ended the program: leave out `exit()` and `sys.exit()`.")
        return _broken(exercise, "exit", text), {}


def _broken(exercise: Exercise, test: str, text: str) -> Report:
    return Report(exercise.name, False, (Test(test, False, text),), None, text)


def _has_run(report: Report) -> bool:
    """Whether the tests were run, and one of them gave a number."""
    return len(report.tests) > 1


def gradient_cases(exercise: Exercise) -> tuple[GradientCase, ...]:
    """The gradients that the exercise asks for."""
    return cases_of(code_of(exercise))


def _write(
    descriptor: int,
    report: Report,
    *,
    more: bool = False,
    write: Callable[[int, bytes], int] = os.write,
) -> None:
    """One line; `more` where another one follows."""
    _end_of_a_copy()
    with contextlib.suppress(Exception):  # the code may have closed or replaced it
        sys.stdout.flush()
    write(descriptor, dumps({**dataclasses.asdict(report), "more": more}).encode() + b"\n")


def compiled(path: str) -> types.CodeType | str:
    """The learner's file as a program, or a sentence that says why it is none."""
    try:
        source = Path(path).read_bytes()  # Python itself knows the encoding
    except OSError as error:
        return _("Your file cannot be read: {error}.").format(error=error.strerror)
    try:
        return compile(source, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        if error.lineno:
            told = _("Line {line} is not Python: {why}.")
            return told.format(line=error.lineno, why=error.msg.rstrip("?"))
        return _("Your file is not Python: {why}.").format(why=error.msg)
    except (ValueError, MemoryError, RecursionError) as error:
        # Null bytes, before Python 3.12, or brackets in brackets without end.
        return _("Your file is not Python: {why}.").format(why=error_text(error))


def load(path: str, program: types.CodeType | None = None) -> dict[str, Any] | str:
    """Run the learner's file: its names and values, or a sentence that says why there are none."""
    found = program or compiled(path)
    if isinstance(found, str):
        return found
    module = types.ModuleType("exercise")
    module.__file__ = path
    sys.modules["exercise"] = module
    ours = dict(vars(builtins))
    try:
        exec(found, module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:  # a learner's code may raise KeyboardInterrupt, too
        told = _("Your file fails when it is loaded, in line {line}: {error}.")
        return told.format(line=line_of(error, path), error=error_text(error))
    finally:
        vars(builtins).update(ours)  # the tests need them, too
    _end_of_a_copy()
    return module.__dict__


if __name__ == "__main__":
    end_with(int(sys.argv[4]))
    try:
        main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    except OSError:  # the code has closed what the report is written to
        sys.exit(1)
