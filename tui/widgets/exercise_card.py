"""An exercise in a lesson: what to write, and whether the learner's file passes."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.message import Message

from engine.language import _
from lessons.exercises.catalog import find_exercise
from tui.page.exercise import card
from tui.page.lines import InkLine
from tui.widgets.lines_view import LinesView


class ExerciseCard(LinesView, can_focus=True):
    """Says what to write; `enter` or a click opens the editor."""

    BINDINGS = [
        Binding("enter", "open", _("Write it"), id="exercise-card.open",
                tooltip=_("Open the editor and write this function")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ExerciseCard { border: round $rule; padding: 0 1; }
    ExerciseCard:hover, ExerciseCard:focus { border: round $primary; }
    """

    class Opened(Message):
        """The learner wants to write this function."""

        def __init__(self, exercise: str) -> None:
            super().__init__()
            self.exercise = exercise

    def __init__(self, name: str) -> None:
        super().__init__(classes="exercise-card")
        self.exercise = find_exercise(name)

    def lines(self, width: int) -> list[InkLine]:
        """The card, laid out."""
        return card(self.exercise, width)

    def on_click(self, event: events.Click) -> None:
        """A click opens it, too."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Open it."""
        self.post_message(self.Opened(self.exercise.name))
