"""What the fields of a training screen say, as an order that the application carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.training.guess import Guess
from engine.training.hyperparameters import SettingError
from engine.training.offer import Offer
from engine.training.order import TrainingOrder
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source
from tui.owner import training_owner
from tui.race import optimiser_of
from tui.screens.training_guess import Guessing
from tui.screens.training_offer import Resumption
from tui.screens.training_start import Beginning
from tui.widgets.hyperparameters import HyperparameterForm


class Orders:
    """Makes an order from the fields as they are now; None where they do not allow it."""

    def __init__(
        self,
        recipe: Recipe,
        form: HyperparameterForm,
        beginning: Beginning,
        resumption: Resumption,
        guessing: Guessing,
    ) -> None:
        self._recipe, self._form, self._beginning = recipe, form, beginning
        self._resumption, self._guessing = resumption, guessing

    @property
    def can_race(self) -> bool:
        """Whether the recipe offers several optimisers."""
        return optimiser_of(self._recipe) is not None

    def new(self, *, paused: bool = False) -> TrainingOrder | None:
        """A new training, to which the guess belongs."""
        values = self._values()
        if values is None:
            return None
        return TrainingOrder(
            self._recipe, values, self._source(), paused=paused, guess=self._guessing.guess
        )

    def race(self) -> TrainingOrder | None:
        """What each training of a race has in common."""
        values = self._values()
        return None if values is None else TrainingOrder(self._recipe, values, self._source())

    def resumed(self, *, seen: bool) -> TrainingOrder | None:
        """The training of the checkpoint; if it was `seen`, at the learning rate of the form."""
        settings = self._resumption.settings(seen=seen)
        if settings is None:
            return None
        offer = self._resumption.offer
        run = offer.run if isinstance(offer, Offer) else ""
        # A run goes on with its own images, whatever was chosen for a new one.
        source = replace(self._source(), allow_synthetic=False)
        return TrainingOrder(self._recipe, settings, source, resume=True, run=run, guess=Guess())

    def _source(self) -> Source:
        """The device and the source of the data, as chosen now."""
        data_dir = training_owner(self._form).data_dir
        return Source(self._form.device, data_dir, self._beginning.synthetic)

    def _values(self) -> Mapping[str, Setting] | None:
        try:
            return self._form.values()
        except SettingError:
            return None  # The form says what is wrong.
