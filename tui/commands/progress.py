"""`dltutor progress`: what the learner has done, what is shaky, and all answers."""

from __future__ import annotations

import argparse
import json
import sys

from engine.language import _
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
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_("print everything as JSON"))
    form.add_argument("--markdown", action="store_true", help=_("print everything as Markdown"))


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
