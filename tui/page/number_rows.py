"""A block of numbers as lines: each row drawn, its reason, and the colours of what it is about."""

from __future__ import annotations

from engine.language import _
from lessons.format.document import NumberRow, WithNumbers
from tui.math import draw_with_baseline
from tui.math.meanings import coloured_rows
from tui.page.lines import Ink, InkLine, Piece, indent, line_width, plain, quiet, wrap
from tui.page.prose import formula_rows, pieces
from tui.page.signs import plain_signs

INDENT = 2
REASON_GAP = 3
"""Cells between a row and its reason, at least."""


def number_rows(block: WithNumbers, width: int) -> list[InkLine]:
    """A title, the given values, and the rows that follow from them, none wider than `width`.

    Rows stand apart where one of them is taller than a line.
    """
    lines: list[InkLine] = [plain(_("With numbers"), Ink.QUIET)]
    room = width - INDENT
    before = 1
    for row, latex in zip(block.rows, coloured_rows([r.latex for r in block.rows]), strict=True):
        drawing = draw_with_baseline(latex, room, plain_fonts=plain_signs())
        if len(drawing.lines) > 1 or before > 1:
            lines.append(())
        rows = formula_rows(drawing.lines, row.latex)
        lines += indent(_with_reason(rows, drawing.baseline, row, room), INDENT)
        before = len(drawing.lines)
    return lines


def _with_reason(rows: list[InkLine], baseline: int, row: NumberRow, room: int) -> list[InkLine]:
    """The drawn row, its reason at the right of its baseline; below it where there is no room."""
    why = list(quiet(tuple(pieces(row.reason))))
    if not why:
        return rows
    spare = room - line_width(rows[baseline]) - line_width(why)
    if spare >= REASON_GAP:
        filled: list[Piece] = [*rows[baseline], (" " * spare, Ink.PLAIN), *why]
        return [*rows[:baseline], tuple(filled), *rows[baseline + 1 :]]
    below = [((" " * (room - line_width(line)), Ink.PLAIN), *line) for line in wrap(why, room)]
    return [*rows, *below]
