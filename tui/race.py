"""A race of optimisers: the same training once with each of them, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from engine.recipes.base import Hyperparameter, Recipe, SettingKind
from engine.training.snapshot import SessionState, Setting

OPTIMISER_NAMES = ("optimiser", "optimizer")


def optimiser_of(recipe: Recipe) -> Hyperparameter | None:
    """The setting that chooses the optimiser, where the recipe has one."""
    for parameter in recipe.hyperparameters:
        if parameter.name in OPTIMISER_NAMES and parameter.kind is SettingKind.CHOICE:
            return parameter
    return None


class Race:
    """Which trainings are still to come."""

    def __init__(
        self,
        recipe: Recipe,
        settings: Mapping[str, Setting],
        *,
        device: str = "auto",
        allow_synthetic: bool = False,
    ) -> None:
        """Raises ValueError where `recipe` has no choice of optimisers."""
        parameter = optimiser_of(recipe)
        if parameter is None:
            raise ValueError(f"the recipe {recipe.name!r} has no choice of optimisers")
        self.recipe = recipe.name
        self.device = device
        self.allow_synthetic = allow_synthetic
        self._parameter = parameter
        self._settings = dict(settings)
        # A learning rate that the learner chose is meant for all of them.
        chosen = settings.get("lr") != recipe.hyperparameter("lr").default
        self._rates = {} if chosen else dict(recipe.race_rates)
        self._at = -1

    def next(self) -> dict[str, Setting] | None:
        """The settings of the next training; None after the last."""
        self._at += 1
        choices = self._parameter.choices
        if self._at >= len(choices):
            return None
        optimiser = choices[self._at]
        rate = self._rates.get(optimiser, self._settings["lr"])
        return {**self._settings, self._parameter.name: optimiser, "lr": rate}

    @property
    def status(self) -> str:
        """Which training is under way."""
        choices = self._parameter.choices
        if not 0 <= self._at < len(choices):
            return ""
        return f"Race: {choices[self._at]} is number {self._at + 1} of {len(choices)}. x ends it."

    @staticmethod
    def goes_on(state: SessionState, measured: bool) -> bool:
        """Whether the next one starts after this end: it finished, or broke off in its course.

        A learner's stop ends the race, and so does a failure before the first update: missing
        data are missing for all.
        """
        return state is SessionState.FINISHED or (state is SessionState.FAILED and measured)
