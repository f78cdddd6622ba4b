"""`dltutor lessons`: every lesson and how far the learner is."""

from __future__ import annotations

import argparse
import json
import sys

from engine.language import ENGLISH, _
from lessons.format.catalog import Catalog, Entry, catalog
from lessons.learner.log import Outcome, question_logs
from lessons.learner.progress import Progress
from lessons.learner.standing import Logs, standing
from tui.columns import left, widest
from tui.commands import Command

COMMAND = Command(
    "lessons",
    _("list all lessons and your progress"),
    place=10,
    description=_("""\
List all lessons, with the number of steps and your progress.

With --json: a list of {slug, title, chapter, steps, done, state, questions, right, shaky}. steps
is 0 for a lesson that is not written yet. done counts the steps that you have seen. state is
coming, new, under way or done (you reached the last step). right counts the questions that you
last answered right at the first try, shaky those that you were asked and did not.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=_("print a JSON list"))


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
    steps_width = widest(map(_steps, rows))
    for chapter in contents.chapters:
        print(f"{chapter.number}  {chapter.title}")
        for row in (row for row in rows if row["chapter"] == chapter.slug):
            steps = left(_steps(row), steps_width)
            mark = f"  ({ENGLISH})" if contents.entry(str(row["slug"])).only_english else ""
            print(f"   {row['slug']:<{width}}  {steps}  {row['title']}{mark}{_shaky(row)}")
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
        outline = contents.outline(entry.slug)
        far = progress.get(entry.slug)
        found = standing(entry.slug, outline.keys, outline.questions, far, logs)
        row |= {
            "steps": len(found.keys),
            "done": len(found.seen),
            "state": found.state,
            "questions": len(found.questions),
            "right": found.count(Outcome.FIRST),
            "shaky": len(found.shaky),
        }
    return row


def _steps(row: dict[str, object]) -> str:
    if not row["steps"]:
        return _("coming")
    return _("{done}/{steps} steps").format(done=row["done"], steps=row["steps"])


def _shaky(row: dict[str, object]) -> str:
    return "  " + _("({count} shaky)").format(count=row["shaky"]) if row["shaky"] else ""
