"""The checkpoint from which a recipe can resume, in words, and the settings it resumes with."""

from __future__ import annotations

from dataclasses import replace

from engine.language import _
from engine.training.checkpoint import CheckpointError
from engine.training.hyperparameters import SettingError
from engine.training.offer import Offer, look
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from tui.widgets.hyperparameters import LEARNING_RATE, HyperparameterForm
from tui.widgets.numbers import NO_BREAK_SPACE, thousands


def look_for(recipe: str) -> Offer | str | None:
    """What the checkpoint of `recipe` offers; a sentence if it cannot be read."""
    try:
        return look(recipe)
    except CheckpointError as error:
        return str(error)


def how_far(offer: Offer) -> str:
    """`update 705 of 2 350, in epoch 4 of 10`."""
    epoch = min(offer.epoch + 1, offer.epochs)
    return _("{update}, in epoch {epoch} of {epochs}").format(
        update=_update(offer), epoch=thousands(epoch), epochs=thousands(offer.epochs)
    )


def _update(offer: Offer) -> str:
    if offer.total_steps is None:
        return _("update {update}").format(update=thousands(offer.step))
    return _("update {update} of {updates}").format(
        update=thousands(offer.step), updates=thousands(offer.total_steps)
    )


def about(offer: Offer) -> str:
    """`run softmax-12 of 21 Nov 2026 12:01, 31 kB`."""
    size = offer.size_bytes
    number = f"{size / 1e6:.1f}" if size >= 1e6 else str(max(1, round(size / 1e3)))
    shown = f"{number}{NO_BREAK_SPACE}{'MB' if size >= 1e6 else 'kB'}"
    saved = offer.saved.strftime(_("%d %b %Y %H:%M"))
    return _("run {run} of {time}, {size}").format(run=offer.run, time=saved, size=shown)


def sentence(offer: Offer | str | None) -> str:
    """What the training screen says about it, with marks for keys; empty if there is nothing to
    resume.
    """
    if isinstance(offer, str):
        return offer
    if offer is None or not offer.is_unfinished:
        return ""
    return _("⟨g|training.go_on⟩: resume from {update} ({checkpoint})").format(
        update=_update(offer), checkpoint=about(offer)
    )


def extended(offer: Offer, epochs: Setting | None) -> Offer:
    """The offer of a finished training, extended if more epochs are asked for."""
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
    """Resuming a recipe from its checkpoint, given the settings in a form."""

    def __init__(self, recipe: Recipe, form: HyperparameterForm) -> None:
        self._recipe = recipe
        self._form = form
        self.offer: Offer | str | None = None
        """What was found last; a sentence if it cannot be used."""

    def look(self) -> Offer | str | None:
        """What the checkpoint on disk offers; may be called from any thread."""
        return look_for(self._recipe.name)

    @property
    def extended(self) -> Offer | str | None:
        """The offer; a finished one is extended to the epochs in the form if they are more."""
        if not isinstance(self.offer, Offer):
            return self.offer
        try:
            return extended(self.offer, self._form.values().get("epochs"))
        except SettingError:
            return self.offer

    @property
    def sentence(self) -> str:
        """What can be resumed, in words."""
        return sentence(self.extended)

    @property
    def is_possible(self) -> bool:
        """Whether epochs are left to train."""
        offer = self.extended
        return isinstance(offer, Offer) and offer.is_unfinished

    def settings(self, *, seen: bool) -> dict[str, Setting] | None:
        """The settings to resume with; if the training was `seen`, with the form's learning rate.

        None if the recipe has changed since; the offer is then a sentence that says so.
        """
        offer = self.extended
        if not isinstance(offer, Offer):
            return None
        live = {LEARNING_RATE: self._form.values()[LEARNING_RATE]} if seen else {}
        try:
            return self._recipe.settings({**offer.settings, **live})
        except SettingError as error:
            self.offer = _(
                "The checkpoint does not fit this recipe: {error} Press ⟨s|training.start⟩ "
                "to start over."
            ).format(error=error)
            return None
