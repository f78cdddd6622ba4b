"""A training in a lesson: what it does, how the last run ended, and the way to its screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.binding import Binding
from textual.message import Message

from engine.language import _
from engine.training.runs import KeptRun
from lessons.format.document import Training
from tui.page.lines import InkLine
from tui.page.training_card import card, last_run
from tui.widgets.opening_card import OpeningCard


class TrainingCard(OpeningCard):
    """Says what is trained; `enter` or a click opens the training screen."""

    BINDINGS = [
        Binding("enter", "open", _("Train"), id="training-card.open",
                tooltip=_("Open the training of this step")),
    ]  # fmt: skip

    class Opened(Message):
        """The learner wants to train this model."""

        def __init__(self, block: Training) -> None:
            super().__init__()
            self.block = block

    def __init__(self, block: Training, runs: Callable[[], Sequence[KeptRun]]) -> None:
        """`runs` gives the kept runs of this training, the latest first."""
        super().__init__(classes="training-card")
        self.block, self._runs = block, runs
        self.was_opened = False
        """Whether it was opened since its step is on the page."""

    def lines(self, width: int) -> list[InkLine]:
        return card(self.block, last_run(self.block, self._runs()), width)

    def action_open(self) -> None:
        self.was_opened = True
        self.post_message(self.Opened(self.block))
