"""The rail beside a step: its figures, the symbols that it uses, the formulas shown so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lessons.format.document import Figure, Lesson
from tui.page.blocks import figure
from tui.page.lines import InkLine
from tui.page.reference import formula_part, ruled, symbol_part
from tui.page.stage import LARGE, stage
from tui.page.step_titles import step_title, titles_heading

FEW_STEPS = 7
"""Titles of steps that are worth a list."""


class Rail(NamedTuple):
    """What stands beside a step."""

    lines: list[InkLine]
    steps: dict[int, int]
    """The step, counted from 0, whose title stands on a line, by the number of the line."""


def rail_lines(
    lesson: Lesson, step: int, width: int, figures: Sequence[Figure] = (), rows: int = 0
) -> Rail:
    """What stands beside step `step` at `width` cells: some of its figures, symbols, formulas.

    In a small rail, the titles of the steps around it follow where at least `FEW_STEPS` fit into
    `rows`, too.
    """
    if width >= LARGE[0] and rows >= LARGE[1]:
        return Rail(stage(lesson, step, width, figures, rows), {})
    drawn: list[InkLine] = []
    for block in figures:
        drawn += [*([()] if drawn else []), *figure(block, width, indented=False)]
    parts = drawn, symbol_part(lesson, step, width), formula_part(lesson, step, width)
    return _with_steps(ruled(parts, width), lesson, step, width, rows)


def _with_steps(lines: list[InkLine], lesson: Lesson, step: int, width: int, rows: int) -> Rail:
    """The lines, and below them the titles of as many steps around `step` as there are rows for."""
    heading = titles_heading(width)
    above = [*lines, (), *heading] if lines else heading[2:]
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
    steps: dict[int, int] = {}
    for place in sorted(shown):
        steps |= dict.fromkeys(range(len(above), len(above) + len(shown[place])), place)
        above += shown[place]
    return Rail(above, steps)
