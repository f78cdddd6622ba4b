"""`dltutor show`: a lesson as plain text."""

from __future__ import annotations

import argparse
import shutil

from engine.errors import UserError
from engine.language import _
from lessons.format.catalog import COURSE, catalog
from tui.commands import Command
from tui.commands.shared_options import add_lesson

COMMAND = Command(
    "show",
    _("print a lesson as plain text with drawn maths"),
    place=30,
    description=_("Print a lesson as plain text with drawn maths, for pipes and screen readers."),
)

NARROWEST, WIDEST = 60, 1000
"""Columns of a page; beyond these, only lines that cross it would grow."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_lesson(parser)
    parser.add_argument(
        "--width",
        type=int,
        metavar="N",
        help=_(
            "columns to use, {least} or more (default: as the terminal has, at most 100)"
        ).format(least=NARROWEST),
    )
    parser.add_argument(
        "--plain-signs",
        action="store_true",
        help=_("draw sums and brackets with characters that every font has"),
    )


def run(args: argparse.Namespace) -> int:
    """Print the lesson."""
    from tui.config import read_config
    from tui.key_names import use_keys
    from tui.page.signs import use_plain_signs

    if args.plain_signs:
        use_plain_signs(True)
    use_keys(read_config().keys)
    width = args.width
    if width is None:
        width = max(NARROWEST, min(shutil.get_terminal_size().columns, 100))
    elif width < NARROWEST:
        raise UserError(
            _("{width} columns are too narrow for formulas. Use {least} or more.").format(
                width=width, least=NARROWEST
            )
        )
    for line in _lines(args.lesson, min(width, WIDEST)):
        print(line)
    return 0


def _lines(slug: str, width: int) -> list[str]:
    """The lines of a lesson; raises UserError where its author's code stops it."""
    from lessons.proof.supervised import told_in
    from tui.page.lesson import lesson_lines
    from tui.page.lines import line_text

    with told_in(catalog().entry(slug).path or COURSE):
        return [line_text(line) for line in lesson_lines(catalog().load(slug), width)]
