"""The titles of the steps of a lesson as a list: in the rail, at the foot of a page, on a card."""

from __future__ import annotations

from typing import NamedTuple

from engine.language import _
from lessons.format.document import Lesson, Text
from tui.page.lines import Ink, InkLine, line_width, plain, quiet, wrap
from tui.page.prose import pieces

_COLUMN = 40
"""Cells of a column of titles at least."""
_GAP = 3
"""Cells between two columns."""


class Titles(NamedTuple):
    """Titles of steps in columns."""

    lines: list[InkLine]
    steps: dict[tuple[int, int], int]
    """The step, counted from 0, whose title stands there, by the number of the line and column."""
    column: int
    """Cells from the beginning of a column to that of the next one."""


def step_title(title: Text, place: int, here: int, width: int) -> list[InkLine]:
    """The title of the step at `place`, with a sign for before the step `here`, it or after."""
    words = tuple(pieces(title))
    if place == here:
        return wrap([("● ", Ink.LESSON_MARK), *words], width, 0, 2)
    return wrap([("• " if place < here else "· ", Ink.QUIET), *quiet(words)], width, 0, 2)


def titles_heading(width: int) -> list[InkLine]:
    """What stands above the titles."""
    return [plain("─" * width, Ink.RULE), (), plain(_("in this lesson"), Ink.QUIET), ()]


def titles_in_columns(lesson: Lesson, here: int, width: int) -> Titles:
    """All titles, one column after the other, under a heading."""
    count = max(1, (width + _GAP) // (_COLUMN + _GAP))
    column = (width + _GAP) // count
    high = -(-len(lesson.steps) // count)
    lines = titles_heading(width)
    above = len(lines)
    steps: dict[tuple[int, int], int] = {}
    for number in range(count):
        row = above
        for place in range(number * high, min((number + 1) * high, len(lesson.steps))):
            for line in step_title(lesson.steps[place].title, place, here, column - _GAP):
                if row == len(lines):
                    lines.append(())
                gap = number * column - line_width(lines[row])
                lines[row] = (*lines[row], (" " * gap, Ink.PLAIN), *line)
                steps[row, number] = place
                row += 1
    return Titles(lines, steps, column)
