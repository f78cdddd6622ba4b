"""A derivation as lines: each formula, its reason, and what the numbers say about it."""

from __future__ import annotations

from lessons.document import Derivation, DerivationLine
from tui.page.blocks import formula
from tui.page.lines import Ink, InkLine, Piece, wrap
from tui.page.prose import pieces

REASON_INDENT = 4


def derivation(block: Derivation, width: int, chapter: str) -> list[InkLine]:
    """All lines with their reasons."""
    lines: list[InkLine] = []
    for number, line in enumerate(block.lines):
        if number:
            lines.append(())
        lines.extend(formula(line.latex, width))
        lines.extend(reason(line, width, chapter))
    return lines


def reason(line: DerivationLine, width: int, chapter: str) -> list[InkLine]:
    """Why the line follows, below its formula."""
    lead: Piece = ("↳ ", Ink.QUIET)
    found: list[Piece] = [
        (text, Ink.QUIET if ink is Ink.PLAIN else ink) for text, ink in pieces(line.reason, chapter)
    ]
    return wrap([lead, *found], width, REASON_INDENT, REASON_INDENT + 2)
