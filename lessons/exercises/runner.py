"""The process in which a learner's code runs: `python -m lessons.exercises.runner NAME FILE FD`.

It writes one JSON object to the file descriptor FD. What the code prints goes to stdout and stderr,
which the parent collects and bounds.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import types
from pathlib import Path

from engine.language import _
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import Report, Test, check
from lessons.exercises.exercise import Exercise


def main(name: str, path: str, descriptor: int) -> None:
    """Run the file, then the tests of the exercise, and report."""
    exercise = find_exercise(name)
    try:
        report = _report(exercise, path)
    except SystemExit:
        text = _("Your code ended the program: leave out `exit()` and `sys.exit()`.")
        report = Report(name, False, (Test("exit", False, text),), None, text)
    sys.stdout.flush()
    os.write(descriptor, json.dumps(dataclasses.asdict(report)).encode())


def _report(exercise: Exercise, path: str) -> Report:
    source = Path(path).read_text("utf-8", errors="replace")
    module = types.ModuleType("exercise")
    module.__file__ = path
    sys.modules["exercise"] = module
    try:
        exec(compile(source, path, "exec"), module.__dict__)
    except SyntaxError as error:
        told = _("Line {line} is not Python: {why}.")
        text = told.format(line=error.lineno, why=error.msg)
        return Report(exercise.name, False, (Test("import", False, text),), None, text)
    except Exception as error:
        from lessons.exercises.checking import _line

        told = _("Your file fails when it is loaded, in line {line}: {error}.")
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        text = told.format(line=_line(error, path), error=said)
        return Report(exercise.name, False, (Test("import", False, text),), None, text)
    return check(exercise, module.__dict__, path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
