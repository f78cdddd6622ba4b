"""List every lesson with its number of steps and your progress.

With --json: a list of {slug, title, chapter, steps, done}; steps is 0 while a lesson is not
written, done counts the steps that you have seen.
"""

from __future__ import annotations

import argparse
import json
import sys

from lessons.catalog import catalog
from lessons.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def run(args: argparse.Namespace) -> int:
    """Print the lessons."""
    contents = catalog()
    progress = Progress()
    rows = []
    for entry in contents.entries():
        steps = len(contents.load(entry.slug).steps) if entry.is_written else 0
        seen = min(progress.get(entry.slug).furthest + 1, steps)
        rows.append(
            {
                "slug": entry.slug,
                "title": entry.title,
                "chapter": entry.chapter,
                "steps": steps,
                "done": seen,
            }
        )
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
            state = f"{row['done']}/{row['steps']} steps" if row["steps"] else "coming"
            print(f"   {row['slug']:<{width}}  {state:<11}  {row['title']}")
    return 0
