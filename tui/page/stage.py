"""The rail of a large screen: a picture fills what symbols and formulas leave of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from engine.language import _
from lessons.format.document import Figure, FindMistake, Lesson, Predict, Text
from lessons.format.drawings import Drawing
from lessons.format.figures import drawing_of
from tui.figures.registry import fits
from tui.math.width import wide_signs
from tui.page.blocks import figure, figure_rows
from tui.page.lines import Ink, InkLine, plain, quiet, wrap
from tui.page.prose import pieces
from tui.page.reference import RULE, formula_part, ruled, symbol_part
from tui.page.signs import plain_signs

LARGE = (48, 40)
"""Cells and rows from which a rail is a stage. The titles of the steps stand at the foot of the
page then."""
_PICTURE = 14
"""Rows that formulas leave to a picture at least."""
_STEP = 4
"""A picture grows by so many rows, and so has mostly the same height from step to step."""
_KEPT = 4


class _Picture(NamedTuple):
    """Figures below each other, under the title of the step that they come from."""

    figures: Sequence[Figure]
    head: list[InkLine]

    def rows(self, width: int) -> int:
        """How many it takes before it grows."""
        drawn = sum(figure_rows(block, width) + 1 for block in self.figures)
        return len(self.head) + drawn - 1 if drawn else 0

    def lines(self, width: int, rows: int) -> list[InkLine]:
        """The lines, as many as `rows` where the figures can use them."""
        each = (rows + 1 - len(self.head)) // max(len(self.figures), 1) - 1
        lines = [*self.head]
        for number, block in enumerate(self.figures):
            lines += [*([()] if number else []), *_figure(block, width, each // _STEP * _STEP)]
        return lines


class _Drawn(NamedTuple):
    block: Figure
    drawing: Drawing
    """Compared as an object: a lesson that was edited has others of the same name."""
    room: tuple[int, int, bool, bool]
    lines: list[InkLine]


_drawn = deque[_Drawn](maxlen=_KEPT)


def _figure(block: Figure, width: int, rows: int) -> list[InkLine]:
    """A figure, drawn once for the steps that show it one after the other."""
    room = (width, rows, plain_signs(), wide_signs())
    for each in _drawn:
        if each.drawing is block.drawing and (each.block, each.room) == (block, room):
            return each.lines
    lines = figure(block, width, indented=False, rows=rows)
    _drawn.append(_Drawn(block, block.drawing, room, lines))
    return lines


def stage(
    lesson: Lesson, step: int, width: int, figures: Sequence[Figure], rows: int
) -> list[InkLine]:
    """`figures` of a step or what it shows in their place, and the rest at the end of `rows`.

    The rest does not move when an answer lets another figure of the step appear.
    """
    own, other = _own(lesson, step, width), _before(lesson, step, width)
    least = max(_PICTURE, *(each.rows(width) for each in (own, other)))
    symbols = symbol_part(lesson, step, width)
    left = rows - least - RULE - (len(symbols) + RULE if symbols else 0)
    below = ruled((symbols, formula_part(lesson, step, width, left)), width)
    room = rows - len(below) - (RULE if below else 0)
    shown = _Picture(figures, []) if figures else other
    fills = bool(shown.figures) and (bool(figures) or shown.rows(width) <= room)
    picture = shown.lines(width, room) if fills else _goals(lesson, width)
    if below and (fills or own.figures):
        picture += [()] * (room - len(picture))
    return ruled((picture, below), width)


def looked_up(lesson: Lesson, step: int, width: int, rows: int) -> list[InkLine]:
    """What a question of a step may be looked up in elsewhere: a picture and the symbols.

    Formulas would answer it.
    """
    symbols, picture = symbol_part(lesson, step, width), _before(lesson, step, width)
    room = rows - (len(symbols) + RULE if symbols else 0)
    fits_in = bool(picture.figures) and picture.rows(width) <= room
    lines = picture.lines(width, room) if fits_in else []
    return ruled((lines, symbols), width)


def _own(lesson: Lesson, step: int, width: int) -> _Picture:
    blocks = lesson.steps[step].blocks
    figures = [block for block in blocks if isinstance(block, Figure)]
    return _Picture([block for block in figures if fits(block.drawing, width)], [])


def _before(lesson: Lesson, step: int, width: int) -> _Picture:
    """The latest figure of the steps before, else the picture of the lesson."""
    for place in reversed(range(step)):
        if figures := _own(lesson, place, width).figures:
            return _Picture(figures[-1:], _head(lesson.steps[place].title, width))
    if not lesson.picture or _may_answer(lesson.picture, lesson, step):
        return _Picture([], [])
    drawing = drawing_of(lesson.slug, lesson.picture)
    figures = [Figure(drawing.KIND, lesson.picture, drawing)]
    return _Picture(figures if fits(drawing, width) else [], [])


def _may_answer(picture: str, lesson: Lesson, step: int) -> bool:
    """Whether a question comes before the figure of this name, which may hold the answer."""
    asked = False
    for content in lesson.steps[step:]:
        for block in content.blocks:
            asked |= isinstance(block, Predict | FindMistake)
            if isinstance(block, Figure) and block.name == picture:
                return asked
    return False


def _goals(lesson: Lesson, width: int) -> list[InkLine]:
    """What the lesson is for, where it has nothing to draw yet."""
    lines: list[InkLine] = [plain(_("After it you can"), Ink.QUIET), ()]
    for goal in lesson.goals:
        lines += wrap([("• ", Ink.LESSON_MARK), (goal, Ink.PLAIN)], width, 0, 2)
    return lines if lesson.goals else []


def _head(title: Text, width: int) -> list[InkLine]:
    return [*map(quiet, wrap(pieces(title), width)), ()]
