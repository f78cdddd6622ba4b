"""The rail beside a step: its figures, the symbols that it uses, the formulas shown so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from engine.language import _
from lessons.format.document import Figure, Lesson, Symbol
from lessons.format.used import ShownFormula, formulas_so_far, symbols_of_step
from tui.math import draw, inline
from tui.page.blocks import figure
from tui.page.lines import Ink, InkLine, indent, line_width, plain, quiet, wrap
from tui.page.prose import math_line, pieces
from tui.page.signs import plain_signs

MOST_ROWS = 22
"""Rows of formulas at most: the rail is for a glance."""


def rail_lines(
    lesson: Lesson, step: int, width: int, figures: Sequence[Figure] = ()
) -> list[InkLine]:
    """What stands beside step `step` at `width` cells: some of its figures, symbols, formulas."""
    symbols = symbols_of_step(lesson, step)
    lines: list[InkLine] = []
    for block in figures:
        lines += [*figure(block, width, indented=False), ()]
    if symbols:
        if lines:
            lines += [plain("─" * width, Ink.RULE), ()]
        lines += [plain(_("on this step"), Ink.QUIET), (), *_symbols(symbols, width)]
    formulas = _formulas(formulas_so_far(lesson, step), width)
    if formulas:
        if lines:
            lines += [(), plain("─" * width, Ink.RULE), ()]
        lines += [plain(_("so far"), Ink.QUIET), (), *formulas]
    return lines


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


def _formulas(formulas: Iterable[ShownFormula], width: int) -> list[InkLine]:
    """The latest formulas that fit into the rail without a break, under the titles of their steps.

    Only the title tells apart formulas with the same left side, such as those of six activations.
    """
    lines: list[InkLine] = []
    for title, found in groupby(formulas, lambda formula: formula.title):
        head = [quiet(line) for line in wrap(pieces(title), width)]
        for latex, _title in found:
            drawn = [math_line(line) for line in draw(latex, width - 1, plain_fonts=plain_signs())]
            whole = [math_line(line) for line in draw(latex, 400, plain_fonts=plain_signs())]
            if len(drawn) != len(whole) or len(lines) + len(head) + len(drawn) > MOST_ROWS:
                continue
            if lines:
                lines.append(())
            lines += [*head, *indent(drawn, 1)]
            head = []
    return lines
