"""`dltutor class`: where a group stands, from the exported logs of its learners."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from tui.commands import Command
from tui.streams import shown

if TYPE_CHECKING:
    from lessons.format.catalog import Catalog
    from lessons.learner.group import Group, LessonOfGroup, QuestionOfGroup
    from lessons.learner.joined import LearnerLog

COMMAND = Command(
    "class",
    _("print where a group stands, from its exported logs"),
    place=27,
    description=_("""\
Print where a group stands: how far each learner is, which lessons are done, which questions are
most often missed, and by which slip.

DIR holds a file for each learner: what `dltutor progress --json > NAME.json` printed, or a
progress.sqlite under another name. The name of the file is that of the learner. Files that cannot
be used are named and left out. The visitors of `dltutor serve` are read as well, from
$XDG_STATE_HOME/dltutor/serve/visitors.

With --json: {learners, lessons, missed, slips, skipped}. A learner has name, done, started and
lessons (how many are done, started, and there), asked and shaky (questions), and last_day (of the
latest answer, or null). A lesson that somebody has started has slug, title, started and done (how
many learners), and questions, the most often missed first. A question has name, step (from 1),
asked (how many learners), missed (how many of them were not right at the first try), outcomes (how
many learners by outcome: first try, later try, shown, skipped, open) and slips (how many learners
made each). missed lists the questions that somebody missed, over all lessons: lesson, question,
step, asked, missed. slips lists lesson, slip, name and learners. skipped lists file and reason.
"""),
)
SHOWN = 10
"""How many questions and slips the text lists."""
_SUFFIXES = (".json", ".sqlite")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help=_("folder that holds the exported logs")
    )
    parser.add_argument("--json", action="store_true", help=_("print everything as JSON"))


def run(args: argparse.Namespace) -> int:
    """Print where the group stands; 1 where no file can be used."""
    from lessons.format.catalog import catalog
    from lessons.learner.group import group

    logs, skipped = read(args.folder)
    for _name, reason in skipped:
        print(f"dltutor: {shown(reason)}", file=sys.stderr)
    contents = catalog()
    found = group(logs, course(contents))
    if args.json:
        print(json.dumps(as_json(found, skipped), ensure_ascii=False, indent=1))
    elif logs:
        print("\n".join(as_text(found)))
    return 0 if logs else 1


def read(folder: Path) -> tuple[dict[str, LearnerLog], list[tuple[str, str]]]:
    """The log of each learner by name; and the files that cannot be used, with the reason.

    Raises UserError where there is no file of a learner.
    """
    from lessons.learner.carried import read_log

    if not folder.is_dir():
        raise UserError(_("There is no folder {path}.").format(path=folder))
    files = list(_files(folder))
    if not files:
        told = _(
            "There is no log in {path}. Each learner makes one: `dltutor progress --json >"
            " NAME.json`."
        )
        raise UserError(told.format(path=folder))
    stems = [name for name, _path in files]
    logs: dict[str, LearnerLog] = {}
    skipped = []
    for name, path in files:
        try:
            log = read_log(path)
        except UserError as error:
            skipped.append((shown(path.name), str(error)))
        else:
            logs[shown(name if stems.count(name) == 1 else path.name)] = log
    return logs, skipped


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The name of each learner, and where the log is."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _SUFFIXES and not path.is_dir() and path.name[0] != ".":
            yield path.stem, path
        elif (store := path / "data" / "dltutor" / "progress.sqlite").is_file():
            yield path.name, store


def course(contents: Catalog) -> list[LessonOfGroup]:
    """The lessons, from their outlines."""
    from lessons.learner.group import LessonOfGroup

    found = []
    for entry in contents.entries():
        if entry.is_written:
            outline = contents.outline(entry.slug)
            found.append(LessonOfGroup(entry.slug, entry.title, outline.keys, outline.questions))
    return found


def as_json(found: Group, skipped: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Plain data; the description of the command says what it holds."""
    from lessons.learner.log import Outcome
    from lessons.learner.slip_names import name_of

    return {
        "learners": [
            {
                "name": each.name,
                "done": each.done,
                "started": sum(lesson.state != "new" for lesson in each.lessons),
                "lessons": len(each.lessons),
                "asked": each.asked,
                "shaky": each.shaky,
                "last_day": each.last_day.isoformat() if each.last_day else None,
            }
            for each in found.learners
        ],
        "lessons": [
            {
                "slug": each.lesson.slug,
                "title": each.lesson.title,
                "started": each.started,
                "done": each.done,
                "questions": [
                    {
                        "name": question.name,
                        "step": question.step + 1,
                        "asked": question.asked,
                        "missed": question.missed,
                        "outcomes": {
                            outcome.value: question.outcomes.get(outcome, 0) for outcome in Outcome
                        },
                        "slips": {shown(slip): many for slip, many in question.slips.items()},
                    }
                    for question in each.questions
                ],
            }
            for each in found.lessons
        ],
        "missed": [
            {
                "lesson": each.slug,
                "question": each.name,
                "step": each.step + 1,
                "asked": each.asked,
                "missed": each.missed,
            }
            for each in found.missed
        ],
        "slips": [
            {"lesson": slug, "slip": shown(slip), "name": shown(name_of(slug, slip)),
             "learners": count}
            for slug, slip, count in found.slips
        ],
        "skipped": [{"file": name, "reason": shown(reason)} for name, reason in skipped],
    }  # fmt: skip


def as_text(found: Group) -> Iterator[str]:
    """The overview for a terminal."""
    from lessons.learner.slip_names import name_of

    learners = plural("{count} learner", "{count} learners", len(found.learners))
    started = plural("{count} lesson started", "{count} lessons started", len(found.lessons))
    yield f"{learners} · {started}"
    yield ""
    yield from _table(
        (_("learner"), _("lessons done"), _("questions"), _("shaky"), _("last answer")),
        [
            (each.name, f"{each.done}/{len(each.lessons)}", str(each.asked), str(each.shaky),
             each.last_day.isoformat() if each.last_day else "")
            for each in found.learners
        ],
    )  # fmt: skip
    if found.lessons:
        yield ""
        yield from _table(
            (_("lesson"), _("started"), _("done")),
            [(each.lesson.slug, str(each.started), str(each.done)) for each in found.lessons],
        )
    if found.missed:
        yield ""
        yield from _table(
            (_("most often missed"), _("step"), _("missed"), _("asked"), _("slips")),
            [
                (f"{each.slug} {each.name}", str(each.step + 1), str(each.missed), str(each.asked),
                 _slips(each))
                for each in found.missed[:SHOWN]
            ],
        )  # fmt: skip
    if found.slips:
        yield ""
        yield from _table(
            (_("slip"), _("lesson"), _("learners")),
            [
                (shown(name_of(slug, slip)), slug, str(count))
                for slug, slip, count in found.slips[:SHOWN]
            ],
        )


def _slips(question: QuestionOfGroup) -> str:
    from lessons.learner.slip_names import name_of

    names = (
        f"{shown(name_of(question.slug, slip))} ({count})" for slip, count in question.slips.items()
    )
    return ", ".join(names)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows below a head; columns after the first that hold numbers stand at the right."""
    from tui.columns import left, right, widest

    columns = list(zip(head, *rows, strict=True))
    sides = [
        right if place and all(cell.isdigit() for cell in column[1:]) else left
        for place, column in enumerate(columns)
    ]
    widths = [widest(column) for column in columns]
    for row in (head, *rows):
        cells = zip(sides, row, widths, strict=True)
        yield "  ".join(side(cell, width) for side, cell, width in cells).rstrip()
