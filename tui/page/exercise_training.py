"""A training with the learner's function, as lines: losses side by side, and what they come to."""

from __future__ import annotations

from engine.language import _
from engine.recipes.catalog import find_recipe
from lessons.exercises.training import USES, Course, Row, shown_rows
from lessons.format.parser import running_text
from tui.columns import right
from tui.page.lines import Ink, InkLine, plain, wrap
from tui.page.prose import pieces

MOST_PRINTED = 6
"""Lines of the learner's own output at most."""


def course_lines(course: Course, width: int) -> list[InkLine]:
    """The training so far, `width` cells wide."""
    lines = wrap([(find_recipe(course.recipe).title, Ink.HEADING)], width)
    lines += wrap(pieces(running_text(USES[course.exercise].text)), width)
    if course.dataset:
        lines += wrap([(course.dataset, Ink.QUIET)], width)
    if course.rows:
        lines += [(), _row(_("step"), _("loss, ours"), _("loss, yours"), _("difference"))]
        lines += [_numbers(row, course.parted_at) for row in shown_rows(course)]
    if course.is_over:
        sign = ("✓ ", Ink.GOOD) if course.together else ("✗ ", Ink.BAD)
        lines += [(), *wrap([sign, *pieces(running_text(course.text))], width, 0, 2)]
    else:
        said = _("The training runs …") if course.rows else _("The data are loaded …")
        lines += [(), plain(said, Ink.QUIET)]
    if course.output.strip():
        lines += [(), plain(_("Your code printed:"), Ink.QUIET)]
        for line in course.output.rstrip().split("\n")[:MOST_PRINTED]:
            lines += wrap([(line, Ink.CODE)], width, 2, 2)
    return lines


def _row(step: str, ours: str, yours: str, difference: str) -> InkLine:
    text = f"{right(step, 5)}{right(ours, 14)}{right(yours, 14)}{right(difference, 14)}"
    return plain(text, Ink.QUIET)


def _numbers(row: Row, parted_at: int | None) -> InkLine:
    is_apart = parted_at is not None and row.step >= parted_at
    ink = Ink.BAD if is_apart else Ink.NUMBER
    return (
        (f"{row.step:>5}", Ink.QUIET),
        (f"{row.ours:>14.6g}", Ink.PLAIN),
        (f"{row.yours:>14.6g}", ink),
        (f"{row.difference:>14.1e}", ink if is_apart else Ink.QUIET),
    )
