"""Offers to train a recipe with what the learner wrote."""

from __future__ import annotations

from textual.message import Message

from engine.language import _
from lessons.exercises.exercise import Exercise
from lessons.exercises.training import USES
from tui.key_names import key_named
from tui.page.lines import Ink, InkLine, wrap
from tui.widgets.lines_view import LinesView


class TrainRow(LinesView):
    """Offers a training with what has passed; a click begins it."""

    DEFAULT_CSS = """
    TrainRow { display: none; padding: 0 1; }
    TrainRow:hover { background: $boost; }
    """

    class Chosen(Message):
        """The row was clicked."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__()
        self.exercise = exercise

    def lines(self, width: int) -> list[InkLine]:
        """What is offered."""
        use = USES.get(self.exercise.name)
        if use is None:
            return []
        told = _("Train {recipe} with yours").format(recipe=use.recipe)
        key = key_named("exercise.train", "m")
        return wrap([(f" {key} ", Ink.BUTTON), (f" {told}", Ink.STRONG)], width)

    def on_click(self) -> None:
        """A click begins."""
        self.post_message(self.Chosen())
