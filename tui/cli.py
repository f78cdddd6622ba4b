"""The `dltutor` command. Imports nothing heavy before it must: no textual, no torch."""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol, cast

from engine.errors import UserError
from tui import labs
from tui.commands import commands


class CommandModule(Protocol):
    """What the module of a command offers, beside its declaration."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `dltutor`; the exit status: 0, 1 a failed run, 2 bad usage, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _run(words)
        sys.stdout.flush()
        return status
    except UserError as error:
        print(f"dltutor: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe left (`dltutor lessons | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(words: list[str]) -> int:
    labs.declare()
    found = commands().get(words[0]) if words else None
    if found is not None:
        command = cast("CommandModule", import_module(found.module))
        parser = argparse.ArgumentParser(
            prog=f"dltutor {found.command.name}",
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(parser)
        return command.run(parser.parse_args(_join_negatives(words[1:])))
    args = _parser().parse_args(words)
    return _start(args)


def _join_negatives(words: Sequence[str]) -> list[str]:
    """`--x -0.5,0.1` as `--x=-0.5,0.1`: argparse takes the number for an option otherwise."""
    joined: list[str] = []
    for word in words:
        takes_value = bool(joined) and joined[-1].startswith("--") and "=" not in joined[-1]
        if takes_value and re.match(r"-[\d.]", word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, commands()))
    overview = "\n".join(
        f"  {name:<{width}}  {found.command.help}" for name, found in commands().items()
    )
    parser = argparse.ArgumentParser(
        prog="dltutor",
        usage="dltutor [LESSON] [--data-dir DIR]\n       dltutor COMMAND [...]",
        description="A terminal tutor for the fundamentals of deep learning.\n"
        "Without a command it opens its screens: at LESSON, else where you left off.",
        epilog=f"commands:\n{overview}\n\n`dltutor COMMAND --help` says more about each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="such as backprop/deltas")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="folder that holds FashionMNIST/ and MNIST/"
    )
    parser.add_argument("--version", action="version", version=f"dltutor {_version()}")
    return parser


def _version() -> str:
    try:
        return version("dltutor")
    except PackageNotFoundError:
        return "(not installed)"


def _slug(word: str) -> str:
    """The slug of the lesson that is meant; a mistyped command is told apart from a lesson."""
    from lessons.format.catalog import UnknownLessonError, catalog

    try:
        return catalog().load(word).slug
    except UnknownLessonError:
        near = difflib.get_close_matches(word, commands(), n=1)
        if not near:
            raise
        raise UserError(
            f"There is no command and no lesson {word!r}. Did you mean `dltutor {near[0]}`?"
        ) from None


def _start(args: argparse.Namespace) -> int:
    slug = None
    if args.lesson is not None:
        slug = _slug(args.lesson)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError(
            "The screens need a terminal, and input or output is none here. "
            "`dltutor show LESSON` prints a lesson anywhere."
        )
    if os.environ.get("TERM") == "dumb":
        raise UserError(
            "The terminal says that it cannot draw screens (TERM=dumb). "
            "`dltutor show LESSON` prints a lesson as plain text."
        )
    from tui.app import TutorApp

    app = TutorApp(lesson=slug, data_dir=args.data_dir)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
