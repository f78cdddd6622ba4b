"""Print what you have done, what is shaky, and the log of your answers.

Without an option: the lessons that you have begun, and the questions worth another look.

With --markdown: the same with every answer, as a Markdown document.

With --json: {day, lessons, review, answers}. A lesson has slug, title, state (new, under way,
done), steps, seen (the numbers of the steps that you have seen, from 1) and questions, each with
name, step, outcome (first try, later try, shown, skipped, open, or null where it was not asked),
tries, slips (how often each), days (when it was asked) and due (when it comes back). review lists
the questions that come back today. An answer has day, lesson, question, text, verdict, slip and
before_reset; a day is null where none was noted.
"""

from __future__ import annotations

import argparse
import json
import sys

from lessons.format.catalog import catalog
from lessons.learner.export import Record, about_shaky, as_json, as_markdown, overview, record
from lessons.learner.log import Outcome
from lessons.learner.progress import Progress
from lessons.learner.report import LessonReport
from tui.commands import Command

COMMAND = Command("progress", "print what you have done, what is shaky, and your answers", place=20)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print all as JSON")
    form.add_argument("--markdown", action="store_true", help="print all as Markdown")


def run(args: argparse.Namespace) -> int:
    """Print the progress."""
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


def as_text(found: Record) -> str:
    """The overview for a terminal."""
    begun = [lesson for lesson in found.lessons if lesson.state != "new"]
    lines = [overview(found)]
    if begun:
        width = max(len(lesson.lesson.slug) for lesson in begun)
        lines.append("")
        lines += [_lesson_line(lesson, width) for lesson in begun]
    shaky = [(lesson, question) for lesson in begun for question in lesson.shaky]
    if shaky:
        lines += ["", "Worth another look:"]
        lines += [f"  {about_shaky(lesson, question)}" for lesson, question in shaky]
    return "\n".join(lines)


def _lesson_line(lesson: LessonReport, width: int) -> str:
    parts = [f"{len(lesson.seen)} of {len(lesson.lesson.steps)} steps"]
    parts += [f"{lesson.count(outcome)} {outcome}" for outcome in Outcome if lesson.count(outcome)]
    return f"  {lesson.lesson.slug:<{width}}  {lesson.state:<9}  {' · '.join(parts)}"
