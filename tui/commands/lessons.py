"""List every lesson with its number of steps and your progress.

With --json: a list of {slug, title, chapter, steps, done, state, questions, right, shaky}. steps
is 0 while a lesson is not written; done counts the steps that you have seen; state is coming, new,
under way or done (its last step was reached); right counts the questions that were right at the
first try when you were last asked, shaky those that were asked and were not.
"""

from __future__ import annotations

import argparse
import json
import sys

from lessons.format.catalog import Catalog, Entry, catalog
from lessons.learner.log import Outcome, question_logs
from lessons.learner.progress import Progress
from lessons.learner.report import Logs, report
from tui.commands import Command

COMMAND = Command("lessons", "list every lesson, its steps and your progress", place=10)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def run(args: argparse.Namespace) -> int:
    """Print the lessons."""
    contents = catalog()
    progress = Progress()
    logs = question_logs(progress.answers())
    rows = [_row(entry, contents, progress, logs) for entry in contents.entries()]
    if progress.notice:
        print(f"dltutor: {progress.notice}", file=sys.stderr)
    progress.close()
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    width = max(len(str(row["slug"])) for row in rows)
    for chapter in contents.chapters:
        print(f"{chapter.number}  {chapter.title}")
        for row in (row for row in rows if row["chapter"] == chapter.slug):
            print(f"   {row['slug']:<{width}}  {_steps(row):<11}  {row['title']}{_shaky(row)}")
    return 0


def _row(entry: Entry, contents: Catalog, progress: Progress, logs: Logs) -> dict[str, object]:
    row: dict[str, object] = {
        "slug": entry.slug,
        "title": entry.title,
        "chapter": entry.chapter,
        "steps": 0,
        "done": 0,
        "state": "coming",
        "questions": 0,
        "right": 0,
        "shaky": 0,
    }
    if entry.is_written:
        found = report(contents.load(entry.slug), progress, logs)
        row |= {
            "steps": len(found.lesson.steps),
            "done": len(found.seen),
            "state": found.state,
            "questions": len(found.questions),
            "right": found.count(Outcome.FIRST),
            "shaky": len(found.shaky),
        }
    return row


def _steps(row: dict[str, object]) -> str:
    return f"{row['done']}/{row['steps']} steps" if row["steps"] else "coming"


def _shaky(row: dict[str, object]) -> str:
    return f"  ({row['shaky']} shaky)" if row["shaky"] else ""
