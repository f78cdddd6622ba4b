"""The card at the end of a lesson: what the learner can do now, its formulas, the answers given."""

from __future__ import annotations

from engine.language import _, plural
from lessons.exercises.catalog import exercises_of
from lessons.format.document import Text
from lessons.format.used import formulas_so_far
from lessons.learner.export import slip_text
from lessons.learner.log import Outcome
from lessons.learner.report import LessonReport
from tui.math import draw
from tui.page.hints import hint_pieces
from tui.page.lines import Ink, InkLine, Piece, indent, line_width, plain, quiet, wrap
from tui.page.prose import formula_rows, pieces
from tui.page.signs import plain_signs

MOST_ROWS = 24
"""Rows of formulas at most."""


def recap_lines(report: LessonReport, following: str, due: int, width: int) -> list[InkLine]:
    """The card of a finished lesson, `width` cells wide.

    `following` is the title of the next lesson, or empty; `due` counts the questions that wait for
    a review.
    """
    lesson = report.lesson
    lines: list[InkLine] = [*wrap([(_("You have reached the end."), Ink.HEADING)], width)]
    if lesson.goals:
        lines += [(), plain(_("You can now"), Ink.QUIET)]
        for goal in lesson.goals:
            lines += wrap([("✓ ", Ink.GOOD), (goal, Ink.PLAIN)], width, 0, 2)
    formulas = _formulas(report, width)
    if formulas:
        lines += [(), plain(_("Its formulas"), Ink.QUIET), (), *formulas]
    lines += _answers(report, width)
    names = [each.text.title for each in exercises_of(lesson)]
    if names:
        text = _("Write it yourself: press ⟨x|lesson.exercise⟩ for {names}.").format(
            names=", ".join(names)
        )
        told = [("▸ ", Ink.LESSON_MARK), *hint_pieces(text, Ink.PLAIN)]
        lines += [(), *wrap(told, width, 0, 2)]
    if due:
        text = plural(
            "{count} question from earlier lessons is due today: press ⟨v|home.review⟩",
            "{count} questions from earlier lessons are due today: press ⟨v|home.review⟩",
            due,
        )
        lines += [(), *wrap([("! ", Ink.WARN), *hint_pieces(text, Ink.PLAIN)], width, 0, 2)]
    lines.append(())
    if following:
        next_up: list[Piece] = [
            (" → ", Ink.BUTTON),
            (_(" next: "), Ink.QUIET),
            (following, Ink.STRONG),
        ]
        return lines + wrap(next_up, width)
    return lines + wrap([(_("This was the last lesson of the course."), Ink.STRONG)], width)


def _formulas(report: LessonReport, width: int) -> list[InkLine]:
    """The last formulas in their order, each with the title of its step at the right if it fits."""
    lesson = report.lesson
    rows: list[list[InkLine]] = []
    for latex, title in formulas_so_far(lesson, len(lesson.steps)):
        drawn = formula_rows(draw(latex, width - 2, plain_fonts=plain_signs()), latex)
        if sum(map(len, rows)) + len(drawn) > MOST_ROWS:
            break
        rows.insert(0, _titled(indent(drawn, 2), title, width))
    lines: list[InkLine] = []
    for number, drawn in enumerate(rows):
        if number and max(len(drawn), len(rows[number - 1])) > 1:
            lines.append(())
        lines += drawn
    return lines


def _titled(drawn: list[InkLine], title: Text, width: int) -> list[InkLine]:
    said = quiet(tuple(pieces(title)))
    room = width - line_width(said)
    if room - max(map(line_width, drawn)) < 3:
        return drawn
    at = len(drawn) // 2
    return [
        *drawn[:at],
        (*drawn[at], (" " * (room - line_width(drawn[at])), Ink.PLAIN), *said),
        *drawn[at + 1 :],
    ]


def _answers(report: LessonReport, width: int) -> list[InkLine]:
    if not report.questions:
        return []
    names = {
        Outcome.FIRST: _("{count} right at the first try"),
        Outcome.LATER: _("{count} at a later try"),
        Outcome.SHOWN: _("{count} shown"),
        Outcome.SKIPPED: _("{count} skipped"),
        Outcome.OPEN: _("{count} open"),
    }
    counts = {outcome: report.count(outcome) for outcome in names}
    said = ", ".join(names[each].format(count=count) for each, count in counts.items() if count)
    lines: list[InkLine] = [(), plain(_("Your answers"), Ink.QUIET)]
    lines += wrap([(said, Ink.PLAIN)], width)
    if report.slips:
        text = _("Slips: {slips}").format(slips=slip_text(report.lesson.slug, report.slips))
        lines += wrap([(text, Ink.PLAIN)], width)
    return lines
