"""What a rail has to look up: the symbols of a step, and the formulas so far."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from engine.language import _
from lessons.format.document import Lesson, Symbol
from lessons.format.used import ShownFormula, formulas_so_far, symbols_of_step
from tui.math import draw, inline
from tui.page.lines import Ink, InkLine, indent, line_width, plain, quiet, wrap
from tui.page.prose import formula_rows, math_line, pieces
from tui.page.signs import plain_signs

MOST_ROWS = 23
"""Rows of formulas at most: the rail is for a glance."""
RULE = 3
"""Rows of a rule between two parts, with the air around it."""
_HEADING = 2


def ruled(parts: Iterable[list[InkLine]], width: int) -> list[InkLine]:
    """The parts that have lines, with rules between them."""
    lines: list[InkLine] = []
    for part in filter(None, parts):
        lines += [*([(), plain("─" * width, Ink.RULE), ()] if lines else []), *part]
    return lines


def symbol_part(lesson: Lesson, step: int, width: int) -> list[InkLine]:
    """The symbols of a step under a heading; empty where it has none."""
    symbols = symbols_of_step(lesson, step)
    heading: list[InkLine] = [plain(_("on this step"), Ink.QUIET), ()]
    return [*heading, *_symbols(symbols, width)] if symbols else []


def formula_part(lesson: Lesson, step: int, width: int, rows: int = 99) -> list[InkLine]:
    """The formulas up to a step under a heading, in up to `rows`; empty where none fits."""
    most = min(MOST_ROWS, rows - _HEADING)
    formulas = _formulas(formulas_so_far(lesson, step), width, most)
    return [plain(_("so far"), Ink.QUIET), (), *formulas] if formulas else []


def _symbols(symbols: tuple[Symbol, ...], width: int) -> list[InkLine]:
    drawn = [math_line(inline(symbol.latex)) for symbol in symbols]
    room = min(max(map(line_width, drawn)), 9) + 2
    lines: list[InkLine] = []
    for symbol, sign in zip(symbols, drawn, strict=True):
        meaning = wrap(pieces(symbol.meaning), width - room)
        if line_width(sign) + 1 > room:
            lines.append(sign)
            sign = ()
        for line in meaning:
            lines.append((*sign, (" " * (room - line_width(sign)), Ink.PLAIN), *quiet(line)))
            sign = ()
    return lines


def _formulas(formulas: Iterable[ShownFormula], width: int, most: int) -> list[InkLine]:
    """The latest formulas that fit into the rail without a break, under the titles of their steps.

    Only the title tells apart formulas with the same left side, such as those of six activations.
    """
    lines: list[InkLine] = []
    for title, found in groupby(formulas, lambda formula: formula.title):
        head = [quiet(line) for line in wrap(pieces(title), width)]
        for latex, _title in found:
            drawn = formula_rows(draw(latex, width - 1, plain_fonts=plain_signs()), latex)
            whole = draw(latex, 400, plain_fonts=plain_signs())
            if len(drawn) != len(whole) or len(lines) + bool(lines) + len(head) + len(drawn) > most:
                continue
            if lines:
                lines.append(())
            lines += [*head, *indent(drawn, 1)]
            head = []
    return lines
