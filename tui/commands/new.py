"""Start something new: a lesson, a question, a mistake, an exercise, or a part of the program.

This writes a skeleton that works right away and passes `dltutor check`, and lists the files and the
next steps. It never overwrites a file. It needs a clone that was installed with
`pip install -e .`.
"""

from __future__ import annotations

import argparse

from engine.errors import UserError
from engine.language import _
from tui.commands import Command

COMMAND = Command("new", _("start a new lesson, question, lab, recipe or the like"), place=44)

_KINDS = ("number", "choice", "sign", "shape", "order", "fill")
_ONE_FILE = {
    "lab": "a lab: an interactive part of a lesson",
    "recipe": "a model to train",
    "activation": "an activation function",
    "command": "a command of dltutor",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    kinds = parser.add_subparsers(dest="what", metavar="WHAT")
    parser.set_defaults(usage=parser.format_help)
    lesson = kinds.add_parser("lesson", help="a lesson and its entry in the contents")
    lesson.add_argument("slug", metavar="CHAPTER/NAME", help="such as backprop/two-paths")
    lesson.add_argument("--title", default="", help="its title in the contents")
    lesson.add_argument(
        "--chapter-title",
        default="",
        metavar="TITLE",
        help="also create the chapter, with this title",
    )
    question = kinds.add_parser("question", help="a question in a lesson, with its answer")
    question.add_argument("lesson", metavar="LESSON", help="such as backprop/deltas")
    question.add_argument("name", metavar="NAME", help="such as sign_of_delta")
    question.add_argument(
        "--kind", choices=_KINDS, default="number", help="how it is answered (default: %(default)s)"
    )
    mistake = kinds.add_parser(
        "mistake", help="a faulty program in a lesson, next to the right one"
    )
    mistake.add_argument("lesson", metavar="LESSON", help="such as backprop/deltas")
    mistake.add_argument("name", metavar="NAME", help="such as sum-overwritten")
    exercise = kinds.add_parser("exercise", help="a function that learners write, with its tests")
    exercise.add_argument("name", metavar="NAME", help="such as stable-softmax")
    exercise.add_argument("--lesson", required=True, help="the lesson it belongs to")
    for what, about in _ONE_FILE.items():
        kinds.add_parser(what, help=about).add_argument("name", metavar="NAME")


def run(args: argparse.Namespace) -> int:
    """Write the skeleton."""
    if args.what is None:
        print(args.usage(), end="")
        return 0
    from tui.authoring import exercise, lesson, mistake, parts, question

    match args.what:
        case "lesson":
            plan = lesson.lesson(args.slug, args.title, args.chapter_title)
        case "question":
            plan = question.question(args.lesson, args.name, args.kind)
        case "mistake":
            plan = mistake.mistake(args.lesson, args.name)
        case "exercise":
            plan = exercise.exercise(args.name, args.lesson)
        case "lab":
            plan = parts.lab(args.name)
        case "recipe":
            plan = parts.recipe(args.name)
        case "activation":
            plan = parts.activation(args.name)
        case "command":
            plan = parts.command(args.name)
        case _:
            raise UserError(f"{args.what!r} is not something to start.")
    plan.write()
    print(plan.report())
    return 0
