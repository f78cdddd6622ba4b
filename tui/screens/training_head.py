"""What is said above the panes of a training: its state, its facts, and sentences about it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.owner import training_owner
from tui.screens.training_guess import Guessing
from tui.screens.training_offer import Resumption
from tui.screens.training_start import other_training
from tui.widgets.clickable import KeyLine
from tui.widgets.coded import coded
from tui.widgets.training_status import STATE_NAMES, STATE_SIGNS, facts


class Head:
    """Writes the lines at the top of a screen; a line that stays the same is left alone."""

    def __init__(
        self, screen: Screen[None], recipe: Recipe, resumption: Resumption, guessing: Guessing
    ) -> None:
        self._screen, self._recipe = screen, recipe
        self._resumption, self._guessing = resumption, guessing

    def compose(self) -> ComposeResult:
        """Title, state, facts."""
        with Horizontal(id="head"):
            yield Static(self._recipe.title, id="title", markup=False)
            yield KeyLine(id="state")
        yield Static("", id="facts", markup=False)

    def name_state(self, latest: Snapshot, *, is_frozen: bool) -> None:
        """Say whether it trains, and whether the display stands still."""
        state = f"{STATE_SIGNS[latest.state]} {STATE_NAMES[latest.state]}"
        for label in ("#state", "#message"):
            self._screen.query_one(label).set_classes(f"-{latest.state.value}")
        if is_frozen:
            state += " · " + _("display frozen, ⟨f|training.freeze⟩: unfreeze")
        self._update("#state", state)

    def tell_facts(self, shown: Snapshot) -> None:
        """Say what there is to know of the model and the data, as far as there is room."""
        room = self._screen.query_one("#facts").content_size.width or self._screen.size.width
        self._update("#facts", facts(shown, room))

    def tell(self, latest: Snapshot) -> None:
        """Show a sentence above the panes: an error, another training, or a checkpoint."""
        owner = training_owner(self._screen)
        newest = owner.session.snapshot
        text = latest.message
        if newest.recipe != self._recipe.name and newest.state.is_active:
            text = other_training(newest.recipe)
        elif not text and latest.state.is_active:
            text = owner.race_status
        elif not latest.state.is_active:
            text = " ".join(part for part in (text, self._resumption.sentence) if part)
        self._say("#message", text)
        self._say("#verdict", self._guessing.sentence(latest))

    def _say(self, selector: str, text: str) -> None:
        self._update(selector, text)
        self._screen.query_one(selector).display = bool(text)

    def _update(self, selector: str, text: str) -> None:
        label = self._screen.query_one(selector, Static)
        content = coded(text)
        if str(label.content) == content.plain:
            return
        if isinstance(label, KeyLine):
            label.tell(content, keys=text.replace("`", ""))
        else:
            label.update(content)
