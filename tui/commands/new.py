"""Start something new: a lesson or a part of one, an exercise, or a part of the program.

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
_FIGURES = ("curve", "surface", "bars", "shapes", "graph", "network")
_ONE_FILE = {
    "lab": "a lab: an interactive part of a lesson",
    "recipe": "a model to train",
    "activation": "an activation function",
    "optimiser": "an optimiser rule: how an update follows from a gradient",
    "figure-kind": "a kind of figure",
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
    figure = kinds.add_parser("figure", help="a figure in a lesson, drawn from numbers")
    figure.add_argument("lesson", metavar="LESSON", help="such as backprop/deltas")
    figure.add_argument("name", metavar="NAME", help="such as two-slopes")
    figure.add_argument(
        "--kind", choices=_FIGURES, default="curve", help="what it is (default: %(default)s)"
    )
    code = kinds.add_parser("code", help="a program that a lesson shows and readers run")
    code.add_argument("lesson", metavar="LESSON", help="such as backprop/deltas")
    code.add_argument("name", metavar="NAME", help="such as slope-twice")
    translation = kinds.add_parser("translation", help="a lesson in another language")
    translation.add_argument("lesson", metavar="LESSON", help="such as backprop/deltas")
    translation.add_argument("language", metavar="CODE", help="the language, such as zh")
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
    from tui.authoring import (
        exercise,
        figure,
        figure_kind,
        lesson,
        mistake,
        optimiser,
        parts,
        program,
        question,
        translation,
    )

    match args.what:
        case "lesson":
            plan = lesson.lesson(args.slug, args.title, args.chapter_title)
        case "question":
            plan = question.question(args.lesson, args.name, args.kind)
        case "mistake":
            plan = mistake.mistake(args.lesson, args.name)
        case "figure":
            plan = figure.figure(args.lesson, args.name, args.kind)
        case "code":
            plan = program.program(args.lesson, args.name)
        case "translation":
            plan = translation.translation(args.lesson, args.language)
        case "exercise":
            plan = exercise.exercise(args.name, args.lesson)
        case "lab":
            plan = parts.lab(args.name)
        case "recipe":
            plan = parts.recipe(args.name)
        case "activation":
            plan = parts.activation(args.name)
        case "optimiser":
            plan = optimiser.optimiser(args.name)
        case "figure-kind":
            plan = figure_kind.figure_kind(args.name)
        case "command":
            plan = parts.command(args.name)
        case _:
            raise UserError(f"{args.what!r} is not something to start.")
    plan.write()
    print(plan.report())
    return 0
