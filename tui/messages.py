"""Messages between the application, its screens and their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from engine.training.events import StateChanged


class TrainingEvent(Message):
    """The state of the training changed; screens handle it in `on_training_event`."""

    def __init__(self, change: StateChanged) -> None:
        super().__init__()
        self.change = change


class LessonLink(Message):
    """The learner followed a link to another lesson."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug
