"""Test an exercise as its learners will use it: the solution passes, and slips are recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from engine.nearest import did_you_mean
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import cases_of, check, code_of, forms_of
from lessons.exercises.exercise import Case, Exercise, ExerciseCode
from lessons.format.catalog import catalog
from lessons.format.lesson_error import LessonError
from lessons.format.text_file import read_text
from lessons.format.trouble import in_file
from lessons.judge.kinds import kind_of

Proof: TypeAlias = tuple[str, str, str]
"""Name, place, and what is wrong; empty where nothing is."""

NEEDED = ("FUNCTIONS", "SLIPS", "cases")
_NEEDS = "It needs FUNCTIONS, SLIPS and cases(rng); `dltutor new exercise` writes them."


def prove_exercise(name: str) -> Iterator[Proof]:
    """Check the solution, then each slip.

    Raises:
        LessonError: `exercise.py` stops with an error, or lacks a name that it needs.
    """
    exercise = find_exercise(name)
    path = exercise.folder / "exercise.py"
    try:
        proofs = [*_proofs(exercise, path)]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise in_file(error, exercise.folder, path) from error
    yield from proofs


def _proofs(exercise: Exercise, path: Path) -> Iterator[Proof]:
    if not path.exists():
        problem = "The exercise has no exercise.py beside it."
        raise LessonError(path, 1, problem, "`dltutor new exercise` writes one that works.")
    code = code_of(exercise)
    _refuse_incomplete(code, path)
    _refuse_slips_apart(exercise, code, path)
    _refuse_unknown_lesson(exercise)
    solution = vars(code)
    cases = cases_of(code)
    if not cases:
        mend = "Yield at least one `call(…)`."
        raise LessonError(path, _line("def cases", path), "`cases` yields no test.", mend)
    for case in cases:
        try:
            case.run(solution)  # the checks turn what this raises into a sentence without a line
        except KeyError as error:
            _refuse_unknown_call(case, error, code, path)
            raise
    report = check(exercise, solution)
    problem = "" if report.passed else f"The solution fails a test: {report.text}"
    yield exercise.name, f"{path.name}:{_line('def cases', path)}", problem
    for slip, changed in forms_of(code):
        report = check(exercise, {**solution, **changed})
        if report.passed:
            problem = "No test tells this slip from the solution. Add one that does."
        elif report.slip != slip:
            taken = f"the slip {report.slip!r}" if report.slip else "an unknown mistake"
            problem = f"This slip is taken for {taken}. Add a test where their results differ."
        else:
            problem = ""
        yield f"{exercise.name}/{slip}", f"{path.name}:{_line(slip, path)}", problem


def _refuse_incomplete(code: ExerciseCode, path: Path) -> None:
    """Refuse a file without one of the names that it needs."""
    for needed in NEEDED:
        if not hasattr(code, needed):
            raise LessonError(path, 1, f"The file has no {needed}.", _NEEDS)
    if isinstance(code.FUNCTIONS, str):
        problem = "FUNCTIONS is a text, and not a tuple."
        mend = f'Write FUNCTIONS = ("{code.FUNCTIONS}",).'
        raise LessonError(path, _line("FUNCTIONS", path), problem, mend)
    for slip, replaced in code.SLIPS.items():
        if not isinstance(replaced, Mapping):
            problem = f"The slip {slip!r} is {kind_of(replaced)}."
            mend = f'Write {{"{code.FUNCTIONS[0]}": …}}, what takes the place of the solution.'
            raise LessonError(path, _line(slip, path), problem, mend)
    for function in code.FUNCTIONS:
        if not callable(getattr(code, function, None)):
            problem = f"FUNCTIONS names {function!r}, which the file does not define."
            mend = "Write the solution under this name."
            raise LessonError(path, _line("FUNCTIONS", path), problem, mend)


def _refuse_unknown_call(case: Case, error: KeyError, code: ExerciseCode, path: Path) -> None:
    """Refuse a test that calls a function which the file does not have."""
    name = case.call.partition("(")[0]
    if error.args == (name,) and not hasattr(code, name):
        near = did_you_mean(name, code.FUNCTIONS)
        problem = f"`cases` calls {name!r}, which the file does not define."
        mend = "Call one of FUNCTIONS."
        raise LessonError(path, _line(f'"{name}"', path), problem, f"{near} {mend}".strip())


def _refuse_unknown_lesson(exercise: Exercise) -> None:
    """Refuse an exercise of a lesson that the contents do not have."""
    slugs = [entry.slug for entry in catalog().entries()]
    slug, prose = exercise.text.lesson, exercise.folder / "exercise.en.md"
    if slug not in slugs:
        mend = did_you_mean(slug, slugs) or "`dltutor lessons` lists all."
        raise LessonError(prose, _line("lesson:", prose), f"There is no lesson {slug!r}.", mend)


def _refuse_slips_apart(exercise: Exercise, code: ExerciseCode, path: Path) -> None:
    """Refuse a slip without a text, and a text without a slip."""
    prose = exercise.folder / "exercise.en.md"
    texts = exercise.text.slips
    for slip in code.SLIPS:
        if slip not in texts:
            mend = f'Write `slip {slip} "its title": …` into {prose.name}.'
            raise LessonError(path, _line(slip, path), f"The slip {slip!r} has no text.", mend)
    for slip in texts:
        if slip not in code.SLIPS:
            problem = f"SLIPS of {path.name} has no slip {slip!r}."
            mend = "Write there what replaces the solution, or remove this text."
            raise LessonError(prose, _line(f"slip {slip} ", prose), problem, mend)


def _line(written: str, path: Path) -> int:
    """The line in which something is first written; 1 where it is not."""
    lines = read_text(path).splitlines() if path.exists() else []
    return next((n for n, line in enumerate(lines, 1) if written in line), 1)
