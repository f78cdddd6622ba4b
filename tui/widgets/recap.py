"""The card at the end of a lesson."""

from __future__ import annotations

from textual import events
from textual.message import Message

from lessons.learner.report import LessonReport
from tui.page.lines import InkLine
from tui.page.recap import recap_lines
from tui.widgets.lines_view import LinesView


class Recap(LinesView):
    """Says what the lesson was about and what comes next; a click goes on."""

    DEFAULT_CSS = """
    Recap { border: round $success; padding: 1 2; border-title-color: $success; }
    """

    class Chosen(Message):
        """The card was clicked."""

    def __init__(self, report: LessonReport, following: str, due: int) -> None:
        """`following` is the title of the next lesson, or empty."""
        super().__init__()
        self.report, self.following, self.due = report, following, due
        self.border_title = report.lesson.title

    def lines(self, width: int) -> list[InkLine]:
        return recap_lines(self.report, self.following, self.due, width)

    def on_click(self, event: events.Click) -> None:
        """Go on to the next lesson."""
        event.stop()
        self.post_message(self.Chosen())
