"""The rows of the chapter page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from rich.style import Style

from engine.language import _
from lessons.learner.export import outcome_text, slip_text
from lessons.learner.log import Outcome
from lessons.learner.report import LessonReport, QuestionReport
from tui.columns import left, right
from tui.math import cell_width
from tui.page.lesson import heading_pieces
from tui.page.lines import Ink, InkLine, cut, line_text, wrap
from tui.widgets.bars import progress_bar
from tui.widgets.row import Inks, Row

_TITLE = 36
_STEPS = _("steps")
_STEPS_WIDTH = max(5, cell_width(_STEPS))
_FIRST = _("first try")
_FIRST_WIDTH = max(5, cell_width(_FIRST))
_BAR = 16
_BOLD = Style(bold=True)
_COLUMNS = {
    Outcome.FIRST: _("first try"),
    Outcome.LATER: _("later try"),
    Outcome.SHOWN: _("answer shown"),
    Outcome.SKIPPED: _("skipped"),
    Outcome.OPEN: _("open"),
}
_SIGNS = {"done": "✓", "under way": "◐", "new": "○"}
_STATES = {"done": _("done"), "under way": _("in progress"), "new": _("new")}


def heading_row(text: str) -> Row:
    """A heading above rows of questions."""
    return Row(text, _BOLD)


def coming_row(title: str, inks: Inks) -> Row:
    """A lesson that is not written yet."""
    return Row(f" · {title} · " + _("coming"), inks.quiet)


def trouble_row(trouble: str, width: int, inks: Inks) -> Row:
    """Why a lesson cannot be shown."""
    row = Row().append(" !", inks.warn)
    return _add_lines(row, wrap([(trouble, Ink.PLAIN)], width, 3, 3), 2, Style.null())


def lessons_heading(width: int, *, with_card: bool) -> Row:
    """The heading above the rows of lessons: what the numbers mean."""
    if with_card:
        right_side = f"{right(_STEPS, _STEPS_WIDTH)} {right(_FIRST, _FIRST_WIDTH)} "
        return Row(left(_("Lessons"), width - cell_width(right_side)) + right_side, _BOLD)
    # A head of two words takes two rows, so that its column is no wider than its numbers need.
    above, below = "", ""
    for outcome, name in _COLUMNS.items():
        *first, last = name.split()
        above += " " + right(" ".join(first), _width(outcome))
        below += " " + right(last, _width(outcome))
    head = left(_("Lessons"), _TITLE + 3) + " " + right(_STEPS, _STEPS_WIDTH)
    rows = [f"{' ' * cell_width(head)}{above}"] if above.strip() else []
    return Row("\n".join([*rows, head + below]), _BOLD)


def lesson_row(lesson: LessonReport, width: int, inks: Inks) -> Row:
    """A lesson: its state, steps seen out of all steps, outcomes of its questions, slips made.

    The slips are wrapped to `width` cells.
    """
    row = _begun(lesson, inks)
    row.append(left(cut(lesson.lesson.title, _TITLE), _TITLE))
    row.append(f" {_steps(lesson):>{_STEPS_WIDTH}}")
    for outcome in _COLUMNS:
        count = lesson.count(outcome)
        row.append(f" {count or '·':>{_width(outcome)}}", Style.null() if count else inks.quiet)
    return _add_slips(row, lesson.lesson.slug, lesson.slips, width, inks)


def lesson_bar_row(lesson: LessonReport, width: int, inks: Inks) -> Row:
    """A lesson beside a card that says the rest: its state, a bar of its steps, right at once."""
    first = f"{lesson.count(Outcome.FIRST)}/{len(lesson.questions)}" if lesson.asked else "·"
    numbers = f"{_steps(lesson):>{_STEPS_WIDTH}} {right(first, _FIRST_WIDTH)} "
    room = width - cell_width(numbers) - 4
    longest = max(min(_BAR, room - _TITLE - 1), 0)
    done, rest = progress_bar(len(lesson.seen) / len(lesson.lesson.steps), longest)
    row = _begun(lesson, inks)
    row.append(left(cut(lesson.lesson.title, room - longest - 1), room - longest))
    row.append(done, inks.good).append(rest, inks.quiet)
    return row.append(f" {numbers}", inks.quiet)


def question_row(lesson: LessonReport, question: QuestionReport, width: int, inks: Inks) -> Row:
    """A shaky question: its lesson and step, its outcome, slips made."""
    text = f"{_place(lesson, question)} · {outcome_text(question)}"
    row = Row().append(" !", inks.warn)
    _add_lines(row, wrap([(text, Ink.PLAIN)], width, 3, 3), 2, Style.null())
    if question.log is None:
        return row
    return _add_slips(row, question.log.slug, question.log.slips, width, inks)


def question_short_row(
    lesson: LessonReport, question: QuestionReport, width: int, inks: Inks
) -> Row:
    """A shaky question beside a card that says the rest: its lesson and step, its outcome."""
    outcome = _COLUMNS[question.log.latest.outcome] if question.log else ""
    place = cut(_place(lesson, question), width - cell_width(outcome) - 6)
    row = Row().append(" ! ", inks.warn).append(left(place, width - cell_width(outcome) - 4))
    return row.append(f"{outcome} ", inks.quiet)


def _place(lesson: LessonReport, question: QuestionReport) -> str:
    return _("{lesson}, step {step}").format(lesson=lesson.lesson.title, step=question.step + 1)


def _begun(lesson: LessonReport, inks: Inks) -> Row:
    style = {"done": inks.good, "under way": inks.accent}.get(lesson.state, inks.quiet)
    return Row().append(f" {_SIGNS[lesson.state]} ", style)


def _steps(lesson: LessonReport) -> str:
    return f"{len(lesson.seen)}/{len(lesson.lesson.steps)}"


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


def _add_slips(row: Row, slug: str, slips: Counter[str], width: int, inks: Inks) -> Row:
    if not slips:
        return row
    text = _("slips: {slips}").format(slips=slip_text(slug, slips))
    row.append("\n")
    return _add_lines(row, wrap([(text, Ink.PLAIN)], width, 3, 10), 0, inks.quiet)


def _add_lines(row: Row, lines: Sequence[InkLine], skip: int, style: Style) -> Row:
    """Add lines of text below each other; the first one without its first `skip` cells."""
    return row.append("\n".join(map(line_text, lines))[skip:], style)


def _width(outcome: Outcome) -> int:
    return max(4, *map(cell_width, _COLUMNS[outcome].split()))
