"""What stands beside a review: its questions, and when the one that is shown comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from textual import events
from textual.message import Message

from engine.language import _, plural
from lessons.format.document import Lesson
from lessons.judge.verdicts import Verdict
from lessons.learner.log import Outcome, Round
from lessons.learner.review import rest
from tui.columns import left, widest
from tui.page.lines import Ink, InkLine, Piece, plain, quiet, wrap
from tui.page.prose import pieces
from tui.page.reference import RULE, ruled
from tui.page.stage import LARGE, looked_up
from tui.widgets.lines_view import LinesView

_FEW_ROWS = 16
"""Rows from which it is worth to show what a question may be looked up in."""
_CASES = (
    (Outcome.FIRST, _("first try")),
    (Outcome.LATER, _("later try")),
    (Outcome.SHOWN, _("shown")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a review: that of a step, counted from 0."""

    lesson: Lesson
    step: int
    rounds: tuple[Round, ...]
    """How it went before."""


def _mark(verdicts: Sequence[Verdict], *, here: bool) -> Piece:
    """A sign for what became of a question, or that it is the one that is shown."""
    if not verdicts:
        return ("● ", Ink.LESSON_MARK) if here else ("○ ", Ink.QUIET)
    if Verdict.RIGHT in verdicts:
        return ("✓ ", Ink.GOOD)
    return ("▸ ", Ink.WARN) if verdicts[-1].settles else ("✗ ", Ink.BAD)


def comes_back(rounds: tuple[Round, ...], today: date) -> list[InkLine]:
    """In how many days a question with these rounds is asked again, for each way it may end."""
    lines: list[InkLine] = []
    names = widest(name for _outcome, name in _CASES)
    for outcome, name in _CASES:
        days = rest((*rounds, Round(today, outcome, 1, ())))
        when = plural("in {count} day", "in {count} days", days)
        lines.append(((f"{left(name, names)}  ", Ink.QUIET), (when, Ink.PLAIN)))
    return lines


def _strong(title: InkLine) -> InkLine:
    return tuple((text, Ink.STRONG if ink is Ink.PLAIN else ink) for text, ink in title)


class ReviewRail(LinesView):
    """Lists the questions of a review; a click goes to one."""

    FILLS = True

    DEFAULT_CSS = """
    ReviewRail { padding: 0 1 0 0; }
    """

    class Chosen(Message):
        """A question was clicked, counted from 0."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, questions: Sequence[Asked], today: date) -> None:
        super().__init__()
        self.questions, self.today = tuple(questions), today
        self.place = 0
        """Which question is shown, counted from 0."""
        self.verdicts: dict[int, list[Verdict]] = {}
        """What became of the answers to each question."""
        self._places: dict[int, int] = {}

    def show(self, place: int) -> None:
        """Mark the question that is shown."""
        self.place = place
        self.relay()

    def answered(self, verdict: Verdict) -> None:
        """Take note of an answer to the question that is shown; what follows a right one is not."""
        verdicts = self.verdicts.setdefault(self.place, [])
        if not any(each.settles for each in verdicts):
            verdicts.append(verdict)
            self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The questions, then when the one that is shown comes back; what to look up, if large."""
        self._places = {}
        lines: list[InkLine] = [plain(_("today's questions"), Ink.QUIET), ()]
        for place, question in enumerate(self.questions):
            here = place == self.place
            title = tuple(pieces(question.lesson.steps[question.step].title))
            mark = _mark(self.verdicts.get(place, ()), here=here)
            found = wrap([mark, *(_strong(title) if here else quiet(title))], width, 0, 2)
            found += wrap([(question.lesson.title, Ink.QUIET)], width, 2, 2)
            self._places |= dict.fromkeys(range(len(lines), len(lines) + len(found)), place)
            lines += [*found, ()]
        lines += [plain("─" * width, Ink.RULE), (), plain(_("next review"), Ink.QUIET), ()]
        shown = self.questions[self.place]
        lines += comes_back(shown.rounds, self.today)
        room = self.rows - len(lines) - RULE
        if width < LARGE[0] or room < _FEW_ROWS:
            return lines
        return ruled((lines, looked_up(shown.lesson, shown.step, width, room)), width)

    def on_click(self, event: events.Click) -> None:
        """Go to the question."""
        inside = event.get_content_offset(self)
        place = self._places.get(inside.y) if inside else None
        if place is not None:
            event.stop()
            self.post_message(self.Chosen(place))
