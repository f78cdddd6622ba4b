"""Print a lesson as plain text with drawn maths: for pipes, screen readers and NO_COLOR."""

from __future__ import annotations

import argparse
import shutil

from engine.errors import UserError
from lessons.format.catalog import catalog
from tui.commands import Command

COMMAND = Command("show", "print a lesson as plain text with drawn maths", place=30)

NARROWEST = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("lesson", metavar="LESSON", help="such as backprop/deltas")
    parser.add_argument(
        "--width",
        type=int,
        metavar="N",
        help=f"columns to use, {NARROWEST} or more (default: those of the terminal, at most 100)",
    )
    parser.add_argument(
        "--plain-signs",
        action="store_true",
        help="draw sums and brackets with signs that every font has",
    )


def run(args: argparse.Namespace) -> int:
    """Print the lesson."""
    from tui.page.lesson import lesson_lines
    from tui.page.lines import line_text
    from tui.page.signs import use_plain_signs

    if args.plain_signs:
        use_plain_signs(True)
    width = args.width
    if width is None:
        width = max(NARROWEST, min(shutil.get_terminal_size().columns, 100))
    elif width < NARROWEST:
        raise UserError(
            f"A width of {width} columns is too narrow for formulas. Give {NARROWEST} or more."
        )
    for line in lesson_lines(catalog().load(args.lesson), width):
        print(line_text(line))
    return 0
