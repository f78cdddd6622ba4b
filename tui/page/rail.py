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
FEW_STEPS = 7
"""Titles of steps that are worth a list."""


def rail_lines(
    lesson: Lesson, step: int, width: int, figures: Sequence[Figure] = (), rows: int = 0
) -> list[InkLine]:
    """What stands beside step `step` at `width` cells: some of its figures, symbols, formulas.

    The titles of the steps around it follow where at least `FEW_STEPS` fit into `rows`, too.
    """
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
    return _with_steps(lines, lesson, step, width, rows)


def _with_steps(
    lines: list[InkLine], lesson: Lesson, step: int, width: int, rows: int
) -> list[InkLine]:
    """The lines, and below them the titles of as many steps around `step` as there are rows for."""
    above = [*lines, (), plain("─" * width, Ink.RULE), ()] if lines else []
    above += [plain(_("in this lesson"), Ink.QUIET), ()]
    count = min(rows - len(above), len(lesson.steps))
    if count < min(FEW_STEPS, len(lesson.steps)):
        return lines
    first = max(0, min(step - count // 2, len(lesson.steps) - count))
    for place, each in enumerate(lesson.steps[first : first + count], start=first):
        mark = "●" if place == step else "•" if place < step else "·"
        title = pieces(each.title)
        if place != step:
            title = [(text, Ink.QUIET) for text, _ink in title]
        head = (f"{mark} ", Ink.LESSON_MARK if place == step else Ink.QUIET)
        above += wrap([head, *title], width, 0, 2)[:1]
    return above


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
