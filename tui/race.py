"""A race of optimisers: the same training once with each of them, one after the other."""

from __future__ import annotations

from dataclasses import replace

from engine.language import _
from engine.training.hyperparameters import Hyperparameter, SettingKind
from engine.training.order import TrainingOrder
from engine.training.recipe import Recipe
from engine.training.snapshot import SessionState

OPTIMISER_NAMES = ("optimiser", "optimizer")


def optimiser_of(recipe: Recipe) -> Hyperparameter | None:
    """The setting that chooses the optimiser, if the recipe has one."""
    for parameter in recipe.hyperparameters:
        if parameter.name in OPTIMISER_NAMES and parameter.kind is SettingKind.CHOICE:
            return parameter
    return None


class Race:
    """Which trainings are still to come."""

    def __init__(self, order: TrainingOrder) -> None:
        """`order` is run with each optimiser; raises ValueError if there is no choice."""
        recipe = order.recipe
        parameter = optimiser_of(recipe)
        if parameter is None:
            raise ValueError(f"the recipe {recipe.name!r} has no choice of optimisers")
        self.recipe = recipe.name
        self._order = order
        self._parameter = parameter
        # A learning rate that the learner chose applies to all of them.
        chosen = order.settings["lr"] != recipe.hyperparameter("lr").default
        self._rates = {} if chosen else dict(recipe.race_rates)
        self._at = -1

    def next(self) -> TrainingOrder | None:
        """The next training; None after the last one."""
        self._at += 1
        choices = self._parameter.choices
        if self._at >= len(choices):
            return None
        optimiser = choices[self._at]
        settings = self._order.settings
        rate = self._rates.get(optimiser, settings["lr"])
        changed = {**settings, self._parameter.name: optimiser, "lr": rate}
        return replace(self._order, settings=changed)

    @property
    def status(self) -> str:
        """Which training is running, in a sentence."""
        choices = self._parameter.choices
        if not 0 <= self._at < len(choices):
            return ""
        return _("Race: {optimiser}, {number} of {count}. Press x to end it.").format(
            optimiser=choices[self._at], number=self._at + 1, count=len(choices)
        )

    @staticmethod
    def goes_on(state: SessionState, measured: bool) -> bool:
        """Whether the next training starts after this one: it finished, or failed part-way.

        If the learner stops a training, the race ends. So it does after a failure before the first
        update, because missing data is missing for all.
        """
        return state is SessionState.FINISHED or (state is SessionState.FAILED and measured)
