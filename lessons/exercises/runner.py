"""The process in which a learner's code runs.

`python -m lessons.exercises.runner NAME FILE FD LIFE` writes the report as a JSON object to the
file descriptor FD, and where a gradient is asked for, a second one with the table: that takes
PyTorch, and the verdict need not wait for it. What the code prints goes to stdout and stderr, which
the parent collects and bounds. LIFE is the pipe of `lessons.exercises.lifeline`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

from engine.language import _
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import Report, Test, check, code_of, error_text, line_of
from lessons.exercises.exercise import Exercise
from lessons.exercises.gradients import GradientCase, cases_of, gradient_rows
from lessons.exercises.lifeline import end_with


def main(name: str, path: str, descriptor: int) -> None:
    """Run the file, then the tests of the exercise, and report."""
    exercise = find_exercise(name)
    found: dict[str, Any] | str = ""
    try:
        found = load(path)
        report = _report(exercise, found, path)
    except SystemExit:
        text = _("Your code ended the program: leave out `exit()` and `sys.exit()`.")
        report = Report(exercise.name, False, (Test("exit", False, text),), None, text)
    wanted = () if isinstance(found, str) or not _has_run(report) else gradient_cases(exercise)
    _write(descriptor, report, more=bool(wanted))
    if wanted and not isinstance(found, str):
        rows = gradient_rows(wanted, found)
        if all(row.mine is None for row in rows):  # the verdict says more
            rows = []
        _write(descriptor, dataclasses.replace(report, gradients=tuple(rows)))


def _has_run(report: Report) -> bool:
    """Whether the tests were run, and one of them gave a number."""
    return len(report.tests) > 1


def gradient_cases(exercise: Exercise) -> tuple[GradientCase, ...]:
    """The gradients that the exercise asks for."""
    return cases_of(code_of(exercise))


def _write(descriptor: int, report: Report, *, more: bool = False) -> None:
    """One line; `more` where another one follows."""
    with contextlib.suppress(Exception):  # the code may have closed or replaced it
        sys.stdout.flush()
    os.write(descriptor, json.dumps({**dataclasses.asdict(report), "more": more}).encode() + b"\n")


def _report(exercise: Exercise, found: dict[str, Any] | str, path: str) -> Report:
    if isinstance(found, str):
        return Report(exercise.name, False, (Test("import", False, found),), None, found)
    return check(exercise, found, path)


def load(path: str) -> dict[str, Any] | str:
    """Run the learner's file: its names and values, or a sentence that says why there are none."""
    try:
        source = Path(path).read_bytes()  # Python itself knows the encoding
    except OSError as error:
        return _("Your file cannot be read: {error}.").format(error=error.strerror)
    module = types.ModuleType("exercise")
    module.__file__ = path
    sys.modules["exercise"] = module
    try:
        try:
            program = compile(source, path, "exec", dont_inherit=True)
        except ValueError as error:  # null bytes, before Python 3.12
            raise SyntaxError(str(error)) from None
        exec(program, module.__dict__)
    except SyntaxError as error:
        if error.lineno:
            told = _("Line {line} is not Python: {why}.")
            return told.format(line=error.lineno, why=error.msg)
        return _("Your file is not Python: {why}.").format(why=error.msg)
    except SystemExit:
        raise
    except BaseException as error:  # a learner's code may raise KeyboardInterrupt, too
        told = _("Your file fails when it is loaded, in line {line}: {error}.")
        return told.format(line=line_of(error, path), error=error_text(error))
    return module.__dict__


if __name__ == "__main__":
    end_with(int(sys.argv[4]))
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
