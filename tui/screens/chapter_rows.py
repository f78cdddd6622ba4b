"""The rows of the chapter page."""

from __future__ import annotations

from collections import Counter
from datetime import date
from textwrap import wrap

from rich.text import Text as RichText

from lessons.learner.export import outcome_text, slip_text
from lessons.learner.log import Outcome
from lessons.learner.report import LessonReport, QuestionReport
from tui.page.lesson import heading_pieces
from tui.page.lines import line_text

_TITLE = 36
_COLUMNS = {
    Outcome.FIRST: "first",
    Outcome.LATER: "later",
    Outcome.SHOWN: "shown",
    Outcome.SKIPPED: "skipped",
    Outcome.OPEN: "open",
}
_SIGNS = {"done": "✓", "under way": "◐", "new": "○"}


def heading_row(text: str) -> RichText:
    """A heading over rows of questions."""
    return RichText(text, style="bold")


def lessons_heading() -> RichText:
    """The heading over the rows of lessons: what the numbers mean."""
    columns = "".join(f" {name:>{_width(outcome)}}" for outcome, name in _COLUMNS.items())
    return RichText(f"{'Lessons':<{_TITLE + 3}} steps{columns}", style="bold")


def lesson_row(lesson: LessonReport, width: int) -> RichText:
    """A lesson: its state, the steps seen of all, how its questions ended, the slips made.

    The slips are wrapped to `width` cells.
    """
    title = _cut(lesson.lesson.title, _TITLE)
    steps = f"{len(lesson.seen)}/{len(lesson.lesson.steps)}"
    row = RichText(f" {_SIGNS[lesson.state]} {title:<{_TITLE}} {steps:>5}")
    for outcome in _COLUMNS:
        count = lesson.count(outcome)
        row.append(f" {count or '·':>{_width(outcome)}}")
    return row.append_text(_slips(lesson.lesson.slug, lesson.slips, width))


def question_row(lesson: LessonReport, question: QuestionReport, width: int) -> RichText:
    """A shaky question: where it stands, how it ended, the slips made."""
    row = RichText(f" ! {lesson.lesson.title}, step {question.step + 1} · ")
    row.append(outcome_text(question))
    return (
        row.append_text(_slips(question.log.slug, question.log.slips, width))
        if question.log
        else row
    )


def about_lesson(lesson: LessonReport) -> str:
    """A line about a lesson: its state and each step, seen or not."""
    steps = "".join("●" if step in lesson.seen else "○" for step in range(len(lesson.lesson.steps)))
    return f"{lesson.state} · steps seen {steps}"


def about_question(lesson: LessonReport, question: QuestionReport, today: date) -> str:
    """A line about a question: the step's title, and when it comes back."""
    title = lesson.lesson.steps[question.step].title
    text = line_text(heading_pieces(title))
    if question.log is not None and question.log.latest.day is not None:
        text += f" · asked on {question.log.latest.day}"
    if question.due is not None:
        verb = "comes back on" if question.due > today else "due since"
        text += f", {verb} {question.due}"
    return text


def _slips(slug: str, slips: Counter[str], width: int) -> RichText:
    if not slips:
        return RichText()
    lines = wrap(f"slips: {slip_text(slug, slips)}", width - 3, subsequent_indent=" " * 7)
    return RichText("".join(f"\n   {line}" for line in lines), style="dim")


def _width(outcome: Outcome) -> int:
    return max(5, len(_COLUMNS[outcome]))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
