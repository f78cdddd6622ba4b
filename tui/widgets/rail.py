"""The rail at the right of a lesson: figures and symbols of the step, and the formulas so far."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.widget import Widget

from lessons.format.document import Figure, Lesson
from lessons.format.used import formulas_so_far, symbols_of_step
from tui.page.lines import InkLine
from tui.page.rail import rail_lines
from tui.widgets.lines_view import LinesView

ROOMY = 50
"""Columns from which on the rail lists the steps of the lesson, too."""
AROUND = 5
"""Rows of the screen above and below the rail."""


class Rail(LinesView):
    """Shows what belongs to the current step; a click on the title of a step goes there."""

    class Chosen(Message):
        """The title of a step was clicked, counted from 0."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__()
        self.steps: dict[int, int] = {}
        """The step, counted from 0, whose title stands on a line, by the number of the line."""
        self._lesson: Lesson | None = None
        self._step = 0
        self._figures: tuple[Figure, ...] = ()

    def show(self, lesson: Lesson, step: int, figures: Sequence[Figure] = ()) -> None:
        """Show the rail of a step, counted from 0, with these figures of it at the top."""
        self._lesson, self._step, self._figures = lesson, step, tuple(figures)
        if isinstance(self.parent, Widget):
            shown = figures or symbols_of_step(lesson, step) or formulas_so_far(lesson, step)
            self.parent.set_class(not shown, "-empty")  # a line beside nothing looks like a fault
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The rail, laid out."""
        if self._lesson is None:
            return []
        rows = self.screen.size.height - AROUND if width >= ROOMY else 0
        rail = rail_lines(self._lesson, self._step, width, self._figures, rows)
        self.steps = rail.steps
        return rail.lines

    def _step_at(self, event: events.MouseEvent) -> int | None:
        inside = event.get_content_offset(self)
        return self.steps.get(inside.y) if inside else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show by the pointer that the title of a step can be clicked."""
        self.styles.pointer = "default" if self._step_at(event) is None else "pointer"

    def on_click(self, event: events.Click) -> None:
        """Go to the step that was clicked."""
        step = self._step_at(event)
        if step is not None:
            event.stop()
            self.post_message(self.Chosen(step))
