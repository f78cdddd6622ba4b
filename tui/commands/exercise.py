"""`dltutor exercise`: write a function yourself, and have it tested."""

from __future__ import annotations

import argparse
import difflib
import json
import math
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from engine.naming import count_of
from engine.refusals import reason
from tui.commands import Command
from tui.commands.shared_options import add_data_dir, show_help

if TYPE_CHECKING:
    from lessons.exercises.checking import Report
    from lessons.exercises.exercise import Exercise

COMMAND = Command(
    "exercise",
    _("write functions yourself, and have them tested"),
    place=33,
    description=_("""\
Write functions of the course yourself, in your own editor, and have them tested.

  list            every exercise, and which of them you have passed
  show NAME       the text of an exercise
  start NAME      make your file, if there is none yet, and say where it is
  check NAME      test your file, or the one that --file names
  train NAME      train a recipe with your function in place of ours, beside ours
  hint NAME       the next hint; --all prints all of them
  diff NAME       your file beside the solution
  reset NAME      put your file aside and begin again

check runs your code in a process of its own, with bounds on time, memory and output. With --json it
prints {exercise, passed, tests: [{name, ok, text}], slip, text, gradients}. The exit status is 1
where a test fails.

train begins both versions with the same seed, and compares losses and parameters after each update.
With --json it prints {exercise, recipe, dataset, together, parted_at, text, steps: [{step, ours,
yours, difference}]}. The exit status is 1 where they part, or where your code fails."""),
)
_ACTIONS = ("list", "show", "start", "check", "train", "hint", "diff", "reset")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=_ACTIONS,
        metavar="ACTION",
        help=_("what to do: one of {names}").format(names=", ".join(_ACTIONS)),
    )
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help=_("an exercise, such as sigmoid; `dltutor exercise list` lists all"),
    )
    parser.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help=_("with check, train and diff: use this file in place of yours"),
    )
    parser.add_argument(
        "--steps",
        type=_steps,
        default=None,
        metavar="N",
        help=_("with train: compare N updates (default: 100)"),
    )
    add_data_dir(parser)
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.add_argument("--all", action="store_true", help=_("with hint: print all hints"))
    parser.set_defaults(parser=parser)


def _steps(text: str) -> int:
    number = count_of(text)
    if not number:
        told = _("{text!r} is not a whole number above 0").format(text=text)
        raise argparse.ArgumentTypeError(told)
    return number


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where a test fails."""
    from lessons.exercises.catalog import find_exercise

    if args.action is None:
        return show_help(args)
    if args.action == "list":
        return _list(args.json)
    if args.name is None:
        raise UserError(
            _("Name an exercise: `dltutor exercise {action} NAME`. `list` shows them all.").format(
                action=args.action
            )
        )
    from lessons.exercises.files import path_of

    exercise = find_exercise(args.name)
    try:
        return _done(exercise, args)
    except BrokenPipeError:
        raise
    except OSError as error:
        # What names no file is the output; a disk without room says so while a file is written.
        if error.filename is None and args.action not in ("start", "reset"):
            raise
        raise UserError(
            _("Your file {path} cannot be used: {reason}.").format(
                path=path_of(exercise), reason=reason(error)
            )
        ) from error


def _done(exercise: Exercise, args: argparse.Namespace) -> int:
    """Do what concerns one exercise."""
    match args.action:
        case "show":
            return _show(exercise, args.json)
        case "start":
            return _start(exercise)
        case "check":
            return _check(exercise, args.file, args.json)
        case "train":
            return _train(exercise, args)
        case "hint":
            return _hint(exercise, args.all)
        case "diff":
            return _diff(exercise, args.file)
        case _:
            return _reset(exercise)


def _list(as_json: bool) -> int:
    from lessons.exercises.catalog import exercises
    from lessons.exercises.files import passed, path_of
    from tui.columns import left, widest

    found = exercises()
    done = passed()
    if as_json:
        rows = [
            {
                "name": each.name,
                "title": each.text.title,
                "lesson": each.text.lesson,
                "minutes": each.text.minutes,
                "started": path_of(each).exists(),
                "passed": each.name in done,
            }
            for each in found.values()
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    width = widest(found)
    for each in found.values():
        sign = "✓" if each.name in done else "◐" if path_of(each).exists() else "○"
        print(f"{sign} {left(each.name, width)}  {each.text.title} ({each.text.lesson})")
    count = plural("{count} exercise", "{count} exercises", len(found))
    print(_("{count}, {done} passed.").format(count=count, done=len(done & {*found})))
    return 0


def _show(exercise: Exercise, as_json: bool) -> int:
    text = exercise.text
    if as_json:
        row = {
            "name": exercise.name, "title": text.title, "lesson": text.lesson,
            "minutes": text.minutes, "prompt": text.prompt, "starter": text.starter,
            "hints": len(text.hints), "slips": [*text.slips],
        }  # fmt: skip
        print(json.dumps(row, ensure_ascii=False, indent=1))
        return 0
    for line in prompt_lines(exercise, min(shutil.get_terminal_size().columns, 88)):
        print(line)
    print(f"\n{text.starter}", end="")
    return 0


def prompt_lines(exercise: Exercise, width: int) -> Iterator[str]:
    """The title and the text of an exercise, its formulas drawn, for `width` cells."""
    from tui.page.exercise import prompt
    from tui.page.lines import line_text

    for line in prompt(exercise, width):
        yield line_text(line)


def _start(exercise: Exercise) -> int:
    from lessons.exercises.files import start

    path, is_new = start(exercise)
    told = _("Your file: {path}") if is_new else _("Your file is there already: {path}")
    print(told.format(path=path))
    print(_("When you have saved it: dltutor exercise check {name}").format(name=exercise.name))
    return 0


def _check(exercise: Exercise, file: Path | None, as_json: bool) -> int:
    from lessons.exercises.files import existing, note_checked, note_passed, path_of
    from lessons.exercises.process import run as run_checks

    path = existing(exercise, file)
    data = path.read_bytes()
    report = run_checks(exercise, path)
    if not report.was_run:
        is_noted = False
    elif path == path_of(exercise):
        is_noted = note_checked(exercise, data, is_passed=report.passed)
    else:
        is_noted = not report.passed or note_passed(exercise)
    if report.passed and not is_noted:
        print(_("That you have passed cannot be saved."), file=sys.stderr)
    if as_json:
        row = {
            "exercise": exercise.name,
            "passed": report.passed,
            "tests": [{"name": t.name, "ok": t.ok, "text": t.text} for t in report.tests],
            "slip": report.slip,
            "text": report.text,
            "gradients": [asdict(row) for row in report.gradients],
        }
        print(json.dumps(row, ensure_ascii=False, indent=1))
    else:
        for line in report_lines(report):
            print(line)
    return 0 if report.passed else 1


def _train(exercise: Exercise, args: argparse.Namespace) -> int:
    from lessons.exercises.files import existing
    from lessons.exercises.training import STEPS, train, use_of
    from tui.page.exercise_training import course_lines
    from tui.page.lines import line_text

    use_of(exercise)
    course = train(
        exercise, existing(exercise, args.file), args.steps or STEPS, data_dir=args.data_dir
    )
    if args.json:
        row = {
            "exercise": course.exercise,
            "recipe": course.recipe,
            "dataset": course.dataset,
            "together": course.together,
            "parted_at": course.parted_at,
            "text": course.text,
            "steps": [
                {"step": r.step, "ours": _finite(r.ours), "yours": _finite(r.yours),
                 "difference": _finite(r.difference)}
                for r in course.rows
            ],
        }  # fmt: skip
        print(json.dumps(row, ensure_ascii=False, allow_nan=False, indent=1))
    else:
        width = min(shutil.get_terminal_size().columns, 88)
        for line in course_lines(course, width):
            print(line_text(line).rstrip())
    return 0 if course.together else 1


def _finite(number: float) -> float | None:
    """The number, or None where JSON has none for it."""
    return number if math.isfinite(number) else None


def report_lines(report: Report) -> Iterator[str]:
    """A report in words."""
    from tui.page.gradients import gradient_lines
    from tui.page.lines import line_text
    from tui.page.spoken import Formulas, said

    if report.output:
        yield _("Your code printed:")
        yield from (f"  {line}" for line in report.output.rstrip().split("\n"))
    for test in report.tests:
        yield f"{'✓' if test.ok else '✗'} {test.name}"
    for line in gradient_lines(report.gradients, 80):
        yield line_text(line)
    yield ("✓ " if report.passed else "✗ ") + said(report.text, "", Formulas.LINE)


def _hint(exercise: Exercise, whole: bool) -> int:
    from lessons.exercises.files import next_hint
    from tui.page.spoken import Formulas, said

    hints = exercise.text.hints
    first, last = (0, len(hints)) if whole else next_hint(exercise)
    for place in range(first, last):
        told = _("Hint {number} of {count}: {hint}")
        hint = said(hints[place], "", Formulas.LINE)
        print(told.format(number=place + 1, count=len(hints), hint=hint))
    return 0


def _diff(exercise: Exercise, file: Path | None) -> int:
    from lessons.exercises.files import existing, solution

    mine = existing(exercise, file).read_text("utf-8", errors="replace").splitlines()
    theirs = solution(exercise).splitlines()
    for line in difflib.unified_diff(mine, theirs, _("yours"), _("solution"), lineterm=""):
        print(line)
    return 0


def _reset(exercise: Exercise) -> int:
    from lessons.exercises.files import reset, start

    aside = reset(exercise)
    if aside is not None:
        print(_("Your file was put aside: {path}").format(path=aside))
    path, _is_new = start(exercise)
    print(_("A new one: {path}").format(path=path))
    return 0
