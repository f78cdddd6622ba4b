"""The checkpoint that a recipe can go on from, in words, and what to train when it does."""

from __future__ import annotations

from dataclasses import replace

from engine.training.checkpoint import CheckpointError
from engine.training.hyperparameters import SettingError
from engine.training.offer import Offer, look
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from tui.widgets.hyperparameters import LEARNING_RATE, HyperparameterForm
from tui.widgets.numbers import NO_BREAK_SPACE, thousands


def look_for(recipe: str) -> Offer | str | None:
    """What the checkpoint of `recipe` offers; a sentence where it cannot be read."""
    try:
        return look(recipe)
    except CheckpointError as error:
        return str(error)


def how_far(offer: Offer) -> str:
    """`update 705 of 2 350, in epoch 4 of 10`."""
    epoch = min(offer.epoch + 1, offer.epochs)
    return f"{_update(offer)}, in epoch {thousands(epoch)} of {thousands(offer.epochs)}"


def _update(offer: Offer) -> str:
    update = f"update {thousands(offer.step)}"
    return update if offer.total_steps is None else f"{update} of {thousands(offer.total_steps)}"


def about(offer: Offer) -> str:
    """`checkpoint of 21 Nov 2026 12:01, 31 kB`."""
    size = offer.size_bytes
    number = f"{size / 1e6:.1f}" if size >= 1e6 else str(max(1, round(size / 1e3)))
    shown = f"{number}{NO_BREAK_SPACE}{'MB' if size >= 1e6 else 'kB'}"
    return f"checkpoint of {offer.saved:%d %b %Y %H:%M}, {shown}"


def sentence(offer: Offer | str | None) -> str:
    """What the training screen says of it; empty where there is nothing to go on with."""
    if isinstance(offer, str):
        return offer
    if offer is None or not offer.is_unfinished:
        return ""
    return f"g: go on from {_update(offer)} ({about(offer)})"


def extended(offer: Offer, epochs: Setting | None) -> Offer:
    """The offer of a finished training with more epochs, where that many are asked for."""
    if not offer.is_unfinished and isinstance(epochs, int) and epochs > offer.epochs:
        per_epoch = offer.total_steps and offer.total_steps // offer.epochs
        return replace(
            offer,
            epochs=epochs,
            total_steps=per_epoch and per_epoch * epochs,
            settings={**offer.settings, "epochs": epochs},
        )
    return offer


class Resumption:
    """Going on with a recipe from its checkpoint, seen beside the settings in a form."""

    def __init__(self, recipe: Recipe, form: HyperparameterForm) -> None:
        self._recipe = recipe
        self._form = form
        self.offer: Offer | str | None = None
        """What was found last; a sentence where it cannot be used."""

    def look(self) -> Offer | str | None:
        """What the checkpoint on the disk offers; may be called from any thread."""
        return look_for(self._recipe.name)

    @property
    def extended(self) -> Offer | str | None:
        """The offer; a finished one with the epochs in the form, where they are more."""
        if not isinstance(self.offer, Offer):
            return self.offer
        try:
            return extended(self.offer, self._form.values().get("epochs"))
        except SettingError:
            return self.offer

    @property
    def sentence(self) -> str:
        """What there is to go on with."""
        return sentence(self.extended)

    @property
    def is_possible(self) -> bool:
        """Whether epochs are left."""
        offer = self.extended
        return isinstance(offer, Offer) and offer.is_unfinished

    def settings(self, *, seen: bool) -> dict[str, Setting] | None:
        """Those to go on with; where the training was `seen`, the form's learning rate counts.

        None, with a sentence as the offer, where the recipe has changed since.
        """
        offer = self.extended
        if not isinstance(offer, Offer):
            return None
        live = {LEARNING_RATE: self._form.values()[LEARNING_RATE]} if seen else {}
        try:
            return self._recipe.settings({**offer.settings, **live})
        except SettingError as error:
            self.offer = f"The checkpoint does not fit this recipe: {error} s begins anew."
            return None
