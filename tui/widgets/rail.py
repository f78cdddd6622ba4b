"""The rail at the right of a lesson: the symbols of the step, and the formulas so far."""

from __future__ import annotations

from lessons.format.document import Lesson
from tui.page.lines import InkLine
from tui.page.rail import rail_lines
from tui.widgets.lines_view import LinesView


class Rail(LinesView):
    """Shows what belongs to the current step."""

    def __init__(self) -> None:
        super().__init__()
        self._lesson: Lesson | None = None
        self._step = 0

    def show(self, lesson: Lesson, step: int) -> None:
        """Show the rail of a step, counted from 0."""
        self._lesson, self._step = lesson, step
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The rail, laid out."""
        return [] if self._lesson is None else rail_lines(self._lesson, self._step, width)
