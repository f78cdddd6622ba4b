"""An exercise in a lesson: what to write, and whether the learner's file passes."""

from __future__ import annotations

from textual.binding import Binding
from textual.message import Message

from engine.language import _
from lessons.exercises.catalog import find_exercise
from tui.page.exercise import card
from tui.page.lines import InkLine
from tui.widgets.opening_card import OpeningCard


class ExerciseCard(OpeningCard):
    """Says what to write; `enter` or a click opens the editor."""

    BINDINGS = [
        Binding("enter", "open", _("Write it"), id="exercise-card.open",
                tooltip=_("Open the editor and write this function")),
    ]  # fmt: skip

    class Opened(Message):
        """The learner wants to write this function."""

        def __init__(self, exercise: str) -> None:
            super().__init__()
            self.exercise = exercise

    def __init__(self, name: str) -> None:
        super().__init__(classes="exercise-card")
        self.exercise = find_exercise(name)

    def lines(self, width: int) -> list[InkLine]:
        return card(self.exercise, width)

    def action_open(self) -> None:
        self.post_message(self.Opened(self.exercise.name))
