"""How a training begins: what is asked first, and where its data come from."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from tui.messages import TrainingEvent
from tui.owner import training_owner
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import ChoiceKind, DataChoice, DataChoiceScreen, MissingData

_AGAIN = "Begin again? What the model has learned is lost."


def other_training(recipe: str) -> str:
    """What is said where another recipe than that of the screen is under way."""
    return f"The recipe {recipe!r} is being trained. Starting here ends it."


class Beginning:
    """Begins a training for a screen, after the questions that belong to it."""

    def __init__(self, screen: Screen[None], recipe: str) -> None:
        self._screen = screen
        self._recipe = recipe
        self.synthetic = False
        """Whether the learner chose the built-in images."""
        self._missing: MissingData | None = None
        self._again: Callable[[], None] = lambda: None

    def ask_then(self, begin: Callable[[], None], *, loses: bool = True) -> None:
        """Call `begin`; ask first where that ends a training, or where it `loses` one."""
        newest = training_owner(self._screen).session.snapshot
        other = newest.recipe != self._recipe
        self._again = begin
        if other and newest.state.is_active:
            question = other_training(newest.recipe)
        elif not other and newest.step and loses:
            question = _AGAIN
        else:
            begin()
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                begin()

        self._screen.app.push_screen(ConfirmScreen(question, yes="Begin", no="Keep"), answered)

    def note_missing(self, event: TrainingEvent) -> None:
        """Remember to ask for the data, where their absence ended the training."""
        error = event.change.error
        if isinstance(error, MissingData):
            self._missing = error

    def ask_for_data(self) -> None:
        """Ask where the data are, if that is open; the answer begins again."""
        if self._missing is not None:
            missing, self._missing = self._missing, None
            self._screen.app.push_screen(DataChoiceScreen(missing), self._data_chosen)

    def _data_chosen(self, choice: DataChoice | None) -> None:
        if choice is None:
            return
        if choice.kind is ChoiceKind.FOLDER:
            training_owner(self._screen).data_dir = choice.folder
        self.synthetic = choice.kind is ChoiceKind.SYNTHETIC
        self._again()
