"""The rail beside a step: its figures, the symbols that it uses, the formulas shown so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from engine.language import _
from lessons.format.document import Figure, Lesson, Symbol, Text
from lessons.format.used import ShownFormula, formulas_so_far, symbols_of_step
from tui.figures.registry import fits
from tui.math import draw, inline
from tui.page.blocks import figure
from tui.page.lines import Ink, InkLine, indent, line_width, plain, quiet, wrap
from tui.page.prose import formula_rows, math_line, pieces
from tui.page.signs import plain_signs

MOST_ROWS = 22
"""Rows of formulas at most: the rail is for a glance."""
FEW_STEPS = 7
"""Titles of steps that are worth a list."""
_ABOVE_STEPS = 5
"""Rows from what stands above the titles of the steps to the first of them."""
_AROUND_STEPS = 8
"""Rows with the titles of the steps and below figures: rules, a heading, air."""
LARGE = (60, 44)
"""Cells and rows from which the rail fills its height: figures grow, the latest one stays, and the
titles stand at the end, at the same place from step to step."""


class Rail(NamedTuple):
    """What stands beside a step."""

    lines: list[InkLine]
    steps: dict[int, int]
    """The step, counted from 0, whose title stands on a line, by the number of the line."""


def rail_lines(
    lesson: Lesson, step: int, width: int, figures: Sequence[Figure] = (), rows: int = 0
) -> Rail:
    """What stands beside step `step` at `width` cells: some of its figures, symbols, formulas.

    The titles of the steps around it follow where at least `FEW_STEPS` fit into `rows`, too.
    """
    symbols = symbols_of_step(lesson, step)
    below: list[InkLine] = []
    rule = plain("─" * width, Ink.RULE)
    if symbols:
        if figures:
            below += [rule, ()]
        below += [plain(_("on this step"), Ink.QUIET), (), *_symbols(symbols, width)]
    most = MOST_ROWS
    is_large = width >= LARGE[0] and rows >= LARGE[1]
    if is_large:  # what stands at the end of the rail keeps its place
        drawn = sum(len(figure(block, width, indented=False)) + 1 for block in figures)
        titles = min(FEW_STEPS, len(lesson.steps))
        most = min(most, rows - len(below) - drawn - titles - _AROUND_STEPS)
    known = formulas_so_far(lesson, step)
    formulas = _formulas(known, width, most)
    if formulas:
        if below or figures:
            below += [(), rule, ()]
        below += [plain(_("so far"), Ink.QUIET), (), *formulas]
    free = rows - len(below) - len(lesson.steps) - _AROUND_STEPS if is_large else 0
    if free and not figures:
        last = known[-1].title if formulas else ()
        start = [] if formulas else [plain(_("so far"), Ink.QUIET)]
        if below and start:
            start = [(), rule, (), *start]
        if before := _figure_before(lesson, step, width, free - len(start), last):
            below += [*start, *before]
    lines: list[InkLine] = []
    for block in figures:
        lines += [*figure(block, width, indented=False, rows=free // len(figures)), ()]
    return _with_steps([*lines, *below], lesson, step, width, rows)


def _figure_before(lesson: Lesson, step: int, width: int, rows: int, above: Text) -> list[InkLine]:
    """The latest figure of the steps before, under the title of its step, in up to `rows`.

    `above` is the title that the formulas above it have: it is not said twice.
    """
    for before in reversed(lesson.steps[:step]):
        for block in before.blocks:
            if isinstance(block, Figure) and fits(block.drawing, width):
                title = (
                    []
                    if before.title == above
                    else [(), *map(quiet, wrap(pieces(before.title), width))]
                )
                room = rows - len(title) - 1
                found = figure(block, width, indented=False, rows=room)
                return [*title, (), *found] if len(found) <= room else []
    return []


def _with_steps(lines: list[InkLine], lesson: Lesson, step: int, width: int, rows: int) -> Rail:
    """The lines, and below them the titles of as many steps around `step` as there are rows for."""
    above = [*lines, (), plain("─" * width, Ink.RULE), ()] if lines else []
    above += [plain(_("in this lesson"), Ink.QUIET), ()]
    room = rows - len(above)
    if room < min(FEW_STEPS, len(lesson.steps)):
        return Rail(lines, {})
    shown = {step: step_title(lesson.steps[step].title, step, step, width)}
    last = len(lesson.steps) - 1
    while True:  # as far on both sides as there is room
        more = [place for place in (max(shown) + 1, min(shown) - 1) if 0 <= place <= last]
        titles = {
            place: step_title(lesson.steps[place].title, place, step, width) for place in more
        }
        fitting = [
            each for each in more if len(titles[each]) <= room - sum(map(len, shown.values()))
        ]
        if not fitting:
            break
        nearest = min(fitting, key=lambda place: abs(place - step))
        shown[nearest] = titles[nearest]
    if width >= LARGE[0] and rows >= LARGE[1]:
        free = room - sum(map(len, shown.values()))
        above = [*above[:-_ABOVE_STEPS], *[()] * free, *above[-_ABOVE_STEPS:]]
    steps: dict[int, int] = {}
    for place in sorted(shown):
        steps |= dict.fromkeys(range(len(above), len(above) + len(shown[place])), place)
        above += shown[place]
    return Rail(above, steps)


def step_title(title: Text, place: int, here: int, width: int) -> list[InkLine]:
    """The title of the step at `place`, with a sign for before the step `here`, it or after."""
    words = tuple(pieces(title))
    if place == here:
        return wrap([("● ", Ink.LESSON_MARK), *words], width, 0, 2)
    return wrap([("• " if place < here else "· ", Ink.QUIET), *quiet(words)], width, 0, 2)


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
            if len(drawn) != len(whole) or len(lines) + len(head) + len(drawn) > most:
                continue
            if lines:
                lines.append(())
            lines += [*head, *indent(drawn, 1)]
            head = []
    return lines
