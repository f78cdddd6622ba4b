"""`dltutor progress`: what the learner has done, what is shaky, and all answers."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from lessons.format.catalog import catalog
from lessons.learner.export import (
    Record,
    about_derivation,
    about_shaky,
    as_json,
    as_markdown,
    outcome_counts,
    overview,
    record,
    state_text,
)
from lessons.learner.progress import Progress
from lessons.learner.report import LessonReport
from tui.columns import left, widest
from tui.commands import Command

if TYPE_CHECKING:
    from lessons.learner.joined import LearnerLog

COMMAND = Command(
    "progress",
    _("print what you have done, what is shaky, and your answers"),
    place=20,
    description=_("""\
Print what you have done, which questions are shaky, and your answers.

Without an option: the lessons that you have started, and the questions worth another look.

With --markdown: the same and every answer, as a Markdown document.

With --json: {day, lessons, review, answers}. A lesson has slug, title, state (new, under way or
done), steps, seen (the numbers of the steps that you have seen, from 1), seen_keys (their keys,
which do not change when steps are added or moved), questions and derivations. A question has
name, step, step_key, outcome (first try, later try, shown, skipped, open, or null if it was never
asked), tries, slips (how often you made each), days (when it was asked) and due (when it comes up
again). A derivation has name, step, step_key, lines, asked and first_try (how many of its lines you
were asked, and how many you gave at the first try), rounds (finished ones) and level (1, 2 or 3:
how many lines in three are asked next). review lists the questions that are due today. An answer
has day, lesson, question, text, verdict, slip and before_reset. A day is null if none was recorded.
The other keys are for --merge: format, version, places (by lesson: step, seen, done), exercises (by
name: passed, hints), files (your exercise files) and rounds (by derivation).

With --merge FILE…: add what you did on another machine. A FILE is what --json printed there, or its
progress.sqlite. Nothing is lost, and to merge a file again changes nothing. Every answer is kept
once. A step is seen, a lesson is done, and an answer lies before a reset, if that is so on either
machine. You go on at the later of two places in a lesson, and at the higher level of a derivation.
Your exercise files stay; those of the other machine are put beside them. If a file is damaged or
comes from a newer dltutor, nothing is changed at all.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_("print everything as JSON"))
    form.add_argument("--markdown", action="store_true", help=_("print everything as Markdown"))
    form.add_argument(
        "--merge",
        "--import",
        nargs="+",
        type=Path,
        metavar="FILE",
        help=_(
            "add what you did on another machine: FILE is what --json printed there, or its"
            " progress.sqlite"
        ),
    )


def run(args: argparse.Namespace) -> int:
    """Print the progress, or add to it."""
    if args.merge:
        return merge(args.merge)
    progress = Progress()
    found = record(catalog(), progress)
    if progress.notice:
        print(f"dltutor: {progress.notice}", file=sys.stderr)
    progress.close()
    if args.json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=1))
    elif args.markdown:
        print(as_markdown(found), end="")
    else:
        print(as_text(found))
    return 0


def merge(paths: Sequence[Path]) -> int:
    """Take over what the files hold: all of them, or nothing; the exit status."""
    from lessons.exercises import files
    from lessons.learner.carried import read_log
    from lessons.learner.joined import LearnerLog, join

    try:
        logs = [read_log(path) for path in paths]  # before anything is changed
    except UserError as error:
        raise UserError(f"{error} " + _("Nothing was taken over.")) from None
    with closing(Progress()) as progress:
        if not progress.is_kept:
            raise UserError(progress.notice)
        try:
            before = progress.take_over(lambda mine: join([mine, *logs], _order_of_steps()))
        except sqlite3.Error as error:
            told = _("Your progress cannot be saved in {path}: {error}. Nothing was taken over.")
            raise UserError(told.format(path=progress.path, error=error)) from None
        after = LearnerLog(tuple(progress.answers()), progress.places())
        # A file that differs from all others of its exercise is put beside them.
        written = [path for log in logs for path in files.take_over(log.exercises, log.files)]
    answers = len(after.answers) - len(before.answers)
    steps = _count_seen(after) - _count_seen(before)
    print(
        _("Taken over: {answers}, {steps}, {files}.").format(
            answers=plural("{count} answer", "{count} answers", answers),
            steps=plural("{count} step", "{count} steps", steps),
            files=plural("{count} file of exercises", "{count} files of exercises", len(written)),
        )
    )
    return 0


def _count_seen(log: LearnerLog) -> int:
    return sum(len(place.seen) for place in log.places.values())


def _order_of_steps() -> Callable[[str, str], int]:
    """Where a step stands in its lesson; -1 where there is no such step."""
    keys: dict[str, Sequence[str]] = {}
    contents = catalog()
    written = {entry.slug for entry in contents.entries() if entry.is_written}

    def order(slug: str, step: str) -> int:
        if slug not in keys:
            keys[slug] = contents.outline(slug).keys if slug in written else ()
        return keys[slug].index(step) if step in keys[slug] else -1

    return order


def as_text(found: Record) -> str:
    """The overview for a terminal."""
    begun = [lesson for lesson in found.lessons if lesson.state != "new"]
    lines = [overview(found)]
    if begun:
        widths = (
            max(len(lesson.lesson.slug) for lesson in begun),
            widest(state_text(lesson) for lesson in begun),
        )
        lines.append("")
        lines += [_lesson_line(lesson, *widths) for lesson in begun]
    shaky = [(lesson, question) for lesson in begun for question in lesson.shaky]
    if shaky:
        lines += ["", _("Worth another look:")]
        lines += [f"  {about_shaky(lesson, question)}" for lesson, question in shaky]
    given = [(lesson, one) for lesson in found.lessons for one in lesson.derivations if one.begun]
    if given:
        lines += ["", _("Derivations that you give yourself:")]
        lines += [f"  {about_derivation(lesson, one)}" for lesson, one in given]
    return "\n".join(lines)


def _lesson_line(lesson: LessonReport, slug_width: int, state_width: int) -> str:
    steps = _("{seen} of {steps} steps").format(
        seen=len(lesson.seen), steps=len(lesson.lesson.steps)
    )
    state = left(state_text(lesson), state_width)
    parts = " · ".join([steps, *outcome_counts(lesson)])
    return f"  {lesson.lesson.slug:<{slug_width}}  {state}  {parts}"
