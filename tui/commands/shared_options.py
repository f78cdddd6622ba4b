"""Arguments that several commands share, so that each has the same words in every help."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.errors import UserError
from engine.language import _


def add_lesson(parser: argparse.ArgumentParser) -> None:
    """Declare LESSON."""
    parser.add_argument(
        "lesson",
        metavar="LESSON",
        help=_("a lesson, such as backprop/deltas; `dltutor lessons` lists all"),
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Declare RUN."""
    parser.add_argument(
        "run", metavar="RUN", help=_("a run, such as softmax-12; `dltutor runs list` lists all")
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    """Declare `--device`."""
    parser.add_argument(
        "--device",
        metavar="NAME",
        default="auto",
        help=_("where to compute: auto (the fastest), cpu, cuda or mps (default: auto)"),
    )


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Declare `--data-dir`."""
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help=_("folder that holds FashionMNIST/ and MNIST/"),
    )


def show_help(args: argparse.Namespace) -> int:
    """Where ACTION is left out: print the help; the exit status. Raises UserError with `--json`.

    A program that reads the answer has no use for a help.
    """
    if args.json:
        prog = args.parser.prog
        text = _("This is missing: {names}. Write `{usage}`; `{prog} --help` says more.")
        raise UserError(text.format(names="ACTION", usage=f"{prog} ACTION", prog=prog))
    args.parser.print_help()
    return 0
