"""The rows of the chapter page."""

from __future__ import annotations

from collections import Counter
from datetime import date

from rich.text import Text as RichText

from engine.language import _
from lessons.learner.export import outcome_text, slip_text
from lessons.learner.log import Outcome
from lessons.learner.report import LessonReport, QuestionReport
from tui.columns import left, right
from tui.math import cell_width
from tui.page.lesson import heading_pieces
from tui.page.lines import Ink, cut, line_text, wrap

_TITLE = 36
_STEPS = _("steps")
_STEPS_WIDTH = max(5, cell_width(_STEPS))
_COLUMNS = {
    Outcome.FIRST: _("first"),
    Outcome.LATER: _("later"),
    Outcome.SHOWN: _("shown"),
    Outcome.SKIPPED: _("skipped"),
    Outcome.OPEN: _("open"),
}
_SIGNS = {"done": "✓", "under way": "◐", "new": "○"}
_STATES = {"done": _("done"), "under way": _("in progress"), "new": _("new")}


def heading_row(text: str) -> RichText:
    """A heading above rows of questions."""
    return RichText(text, style="bold")


def lessons_heading() -> RichText:
    """The heading above the rows of lessons: what the numbers mean."""
    columns = "".join(f" {right(name, _width(outcome))}" for outcome, name in _COLUMNS.items())
    head = left(_("Lessons"), _TITLE + 3)
    return RichText(f"{head} {right(_STEPS, _STEPS_WIDTH)}{columns}", style="bold")


def lesson_row(lesson: LessonReport, width: int) -> RichText:
    """A lesson: its state, steps seen out of all steps, outcomes of its questions, slips made.

    The slips are wrapped to `width` cells.
    """
    title = left(cut(lesson.lesson.title, _TITLE), _TITLE)
    steps = f"{len(lesson.seen)}/{len(lesson.lesson.steps)}"
    row = RichText(f" {_SIGNS[lesson.state]} {title} {steps:>{_STEPS_WIDTH}}")
    for outcome in _COLUMNS:
        count = lesson.count(outcome)
        row.append(f" {count or '·':>{_width(outcome)}}")
    return row.append_text(_slips(lesson.lesson.slug, lesson.slips, width))


def question_row(lesson: LessonReport, question: QuestionReport, width: int) -> RichText:
    """A shaky question: its lesson and step, its outcome, slips made."""
    place = _("{lesson}, step {step}").format(lesson=lesson.lesson.title, step=question.step + 1)
    row = RichText(f" ! {place} · {outcome_text(question)}")
    return (
        row.append_text(_slips(question.log.slug, question.log.slips, width))
        if question.log
        else row
    )


def about_lesson(lesson: LessonReport) -> str:
    """A line about a lesson: its state and each step, seen or not."""
    steps = "".join("●" if step in lesson.seen else "○" for step in range(len(lesson.lesson.steps)))
    seen = _("steps seen {steps}").format(steps=steps)
    return f"{_STATES[lesson.state]} · {seen}"


def about_question(lesson: LessonReport, question: QuestionReport, today: date) -> str:
    """A line about a question: the title of its step, and when it is due."""
    title = lesson.lesson.steps[question.step].title
    text = line_text(heading_pieces(title))
    if question.log is not None and question.log.latest.day is not None:
        text += " · " + _("asked on {day}").format(day=question.log.latest.day)
    if question.due is not None:
        when = _("due on {day}") if question.due > today else _("due since {day}")
        text += " · " + when.format(day=question.due)
    return text


def _slips(slug: str, slips: Counter[str], width: int) -> RichText:
    if not slips:
        return RichText()
    text = _("slips: {slips}").format(slips=slip_text(slug, slips))
    lines = wrap([(text, Ink.PLAIN)], width - 3, 0, 7)
    return RichText("".join(f"\n   {line_text(line)}" for line in lines), style="dim")


def _width(outcome: Outcome) -> int:
    return max(5, cell_width(_COLUMNS[outcome]))
