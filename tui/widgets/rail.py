"""The rail at the right of a lesson: the figures and symbols of a step, formulas, all steps."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from lessons.format.document import Figure, Lesson
from tui.page.lines import InkLine
from tui.page.rail import rail_lines
from tui.widgets.step_links import StepLinks


class Rail(StepLinks):
    """Shows what belongs to the current step; a click on the title of a step goes there."""

    FILLS = True

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
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        if self._lesson is None:
            return []
        rail = rail_lines(self._lesson, self._step, width, self._figures, self.rows)
        self.steps = rail.steps
        return rail.lines

    def step_at(self, event: events.MouseEvent) -> int | None:
        """The step whose title is below the pointer."""
        inside = event.get_content_offset(self)
        return self.steps.get(inside.y) if inside else None
