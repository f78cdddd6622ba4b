"""The guess that a learner makes on the training screen, and what became of it."""

from __future__ import annotations

from textual.screen import Screen

from engine.language import _
from engine.training.guess import Guess
from engine.training.recipe import Recipe
from engine.training.snapshot import SessionState, Snapshot
from tui.guess import guess_text, verdict
from tui.screens.guess import GuessScreen
from tui.widgets.hyperparameters import HyperparameterForm

KEY = "⟨p|training.guess⟩"


class Guessing:
    """Asks for a guess, keeps it until the next training begins, and compares it at the end."""

    def __init__(self, screen: Screen[None], recipe: Recipe, form: HyperparameterForm) -> None:
        self._screen, self._recipe, self._form = screen, recipe, form
        self.guess = Guess()
        """What the next training begins with."""

    def ask(self) -> None:
        """Ask the learner; the fields hold what was guessed before."""

        def answered(guess: Guess | None) -> None:
            if guess is not None:
                self.guess = guess
                self.tell()

        shown = GuessScreen(self.guess, classifies=bool(self._recipe.classes))
        self._screen.app.push_screen(shown, answered)

    def tell(self) -> None:
        """Say below the settings what was guessed, or that one may guess."""
        text = _("{key}: guess the result first").format(key=KEY)
        if self.guess:
            text = _("{key}: your guess: {guess}").format(key=KEY, guess=guess_text(self.guess))
        self._form.set_hint(text)

    def follow(self, snapshot: Snapshot) -> None:
        """A training that has begun has taken the guess: the next one may have its own."""
        under_way = snapshot.state in (SessionState.RUNNING, SessionState.PAUSED)
        if self.guess and under_way and snapshot.guess:
            self.guess = Guess()
            self.tell()

    @staticmethod
    def sentence(snapshot: Snapshot) -> str:
        """The guess beside what was measured, once the training has ended."""
        if snapshot.state.is_active:
            return ""
        return " ".join(verdict(snapshot.guess, snapshot.measured, snapshot.epochs))
