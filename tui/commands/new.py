"""Start something new: a lesson or a part of one, an exercise, or a part of the program.

This writes a skeleton that works right away and passes `dltutor check`, and lists the files and the
next steps. It never overwrites a file. It needs a clone that was installed with
`pip install -e .`.
"""

from __future__ import annotations

import argparse
from typing import TypeAlias

from engine.errors import UserError
from engine.language import _
from tui.commands import Command

Kinds: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

COMMAND = Command("new", _("start a new lesson, question, lab, recipe or the like"), place=44)

_KINDS = ("number", "choice", "sign", "shape", "order", "fill")
_FIGURES = ("curve", "surface", "bars", "shapes", "graph", "network")
_ONE_FILE = {
    "lab": ("a lab: an interactive part of a lesson", "loss-valley"),
    "recipe": ("a model to train", "through-origin"),
    "activation": ("an activation function", "elu"),
    "optimiser": ("an optimiser rule: how an update follows from a gradient", "sign-sgd"),
    "figure-kind": ("a kind of figure", "histogram"),
    "command": ("a command of dltutor", "hello"),
}
"""What is one file or two: what it is, and how one may be called."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    kinds = parser.add_subparsers(dest="what", metavar="WHAT")
    parser.set_defaults(usage=parser.format_help)
    lesson = _kind(kinds, "lesson", "a lesson and its entry in the contents")
    lesson.add_argument(
        "slug", metavar="CHAPTER/NAME", help="where it belongs, such as backprop/two-paths"
    )
    lesson.add_argument(
        "--title", default="", help="its title; needed unless the contents have one already"
    )
    lesson.add_argument(
        "--chapter-title",
        default="",
        metavar="TITLE",
        help="also create the chapter, with this title (default: the chapter must exist)",
    )
    question = _kind(kinds, "question", "a question in a lesson, with its answer")
    _in_lesson(question, "sign_of_delta")
    question.add_argument(
        "--kind", choices=_KINDS, default="number", help="how it is answered (default: %(default)s)"
    )
    mistake = _kind(kinds, "mistake", "a faulty program in a lesson, next to the right one")
    _in_lesson(mistake, "sum-overwritten")
    figure = _kind(kinds, "figure", "a figure in a lesson, drawn from numbers")
    _in_lesson(figure, "two-slopes")
    figure.add_argument(
        "--kind", choices=_FIGURES, default="curve", help="what it is (default: %(default)s)"
    )
    code = _kind(kinds, "code", "a program that a lesson shows and readers run")
    _in_lesson(code, "slope-twice")
    translation = _kind(kinds, "translation", "a lesson in another language")
    _add_lesson(translation)
    translation.add_argument("language", metavar="CODE", help="the language, such as zh")
    exercise = _kind(kinds, "exercise", "a function that learners write, with its tests")
    _add_name(exercise, "stable-softmax")
    exercise.add_argument(
        "--lesson", required=True, help="the lesson it belongs to, such as backprop/deltas"
    )
    for what, (about, name) in _ONE_FILE.items():
        _add_name(_kind(kinds, what, about), name)


def _kind(kinds: Kinds, what: str, about: str) -> argparse.ArgumentParser:
    """The parser of one thing to begin."""
    return kinds.add_parser(what, help=about, description=f"Begin {about}.")


def _in_lesson(kind: argparse.ArgumentParser, name: str) -> None:
    _add_lesson(kind)
    _add_name(kind, name)


def _add_lesson(kind: argparse.ArgumentParser) -> None:
    kind.add_argument("lesson", metavar="LESSON", help="the lesson, such as backprop/deltas")


def _add_name(kind: argparse.ArgumentParser, name: str) -> None:
    kind.add_argument("name", metavar="NAME", help=f"its name, such as {name}")


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
