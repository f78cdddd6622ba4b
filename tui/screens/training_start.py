"""How a training starts: what is asked first, and where its data comes from."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from engine.language import _
from tui.messages import TrainingEvent
from tui.owner import training_owner
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import ChoiceKind, DataChoice, DataChoiceScreen, MissingData

_AGAIN = _("Start over with a new model? This run ends, and its checkpoint is kept.")
_SEARCHING = _(
    "Start over with a new model? The search for the best rates ends; what it has tried is kept for"
    " the next one."
)
_AFTER_ITS_END = _("Start over with a new model? The checkpoint of this run is kept.")


def other_training(recipe: str) -> str:
    """The sentence to show while a recipe other than that of the screen is training."""
    return _("Recipe “{recipe}” is training. Starting here ends that training.").format(
        recipe=recipe
    )


class Beginning:
    """Starts a training for a screen, after asking what must be asked."""

    def __init__(self, screen: Screen[None], recipe: str) -> None:
        self._screen = screen
        self._recipe = recipe
        self.synthetic = False
        """Whether the learner chose the built-in images."""
        self._missing: MissingData | None = None
        self._again: Callable[[], None] = lambda: None

    @property
    def other(self) -> str:
        """The recipe that is training, if it is not that of the screen; else empty."""
        newest = training_owner(self._screen).session.snapshot
        return newest.recipe if newest.recipe != self._recipe and newest.state.is_active else ""

    def ask_then(
        self, begin: Callable[[], None], *, loses: bool = True, yes: str | None = None
    ) -> None:
        """Call `begin`; ask first if that ends another training or `loses` this one.

        `yes` is the answer that agrees.
        """
        owner = training_owner(self._screen)
        newest = owner.session.snapshot
        self._again = begin
        if self.other:
            question = other_training(self.other)
        elif newest.recipe == self._recipe and owner.race_status and not newest.run and loses:
            question = _SEARCHING
        elif newest.recipe == self._recipe and newest.step and loses:
            question = _AGAIN if newest.state.is_active else _AFTER_ITS_END
        else:
            begin()
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                begin()

        self._screen.app.push_screen(
            ConfirmScreen(question, yes=yes or _("Start"), no=_("Cancel")), answered
        )

    def note_missing(self, event: TrainingEvent) -> None:
        """If missing data ended the training, remember to ask for it."""
        error = event.change.error
        if isinstance(error, MissingData):
            self._missing = error

    def ask_for_data(self) -> None:
        """Ask where missing data is; the answer starts the training again."""
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
