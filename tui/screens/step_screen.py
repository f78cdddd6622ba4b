"""What every part of a lesson's screen can rely on: the lesson, the step, the page."""

from __future__ import annotations

from textual.containers import VerticalScroll

from lessons.format.document import Lesson
from tui.screens.tutor_screen import TutorScreen


class StepScreen(TutorScreen):
    """A screen that shows one step of a lesson, or the card at the end of it."""

    lesson: Lesson
    step: int
    """The step, counted from 0."""
    at_end: bool
    """Whether the card at the end of the lesson is shown."""

    @property
    def page(self) -> VerticalScroll:
        """The pane that holds the step."""
        return self.query_one("#lesson-page", VerticalScroll)
