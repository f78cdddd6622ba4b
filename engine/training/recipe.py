"""What can be trained, described without importing torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language import _
from engine.training.hyperparameters import Hyperparameter, SettingError
from engine.training.snapshot import Setting

LAST = 1000


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model that can be trained; the file that declares it also builds it."""

    name: str
    title: str
    module: str
    """Import name of the file that declares it, `__name__` there; importing it imports torch.

    Its `build(settings, source)` returns the `Task`.
    """
    dataset: str
    """Key of the data set it trains on, for `engine.data`."""
    hyperparameters: tuple[Hyperparameter, ...]
    classes: int = 0
    """How many classes it tells apart; 0 for a regression."""
    race_rates: tuple[tuple[str, float], ...] = ()
    """Optimisers that need a learning rate other than the default, each with its own."""
    place: int = LAST
    """Recipes with a smaller place come first in lists."""

    def settings(self, given: Mapping[str, Setting] | None = None) -> dict[str, Setting]:
        """All settings, the given ones over the defaults; raises SettingError."""
        given = dict(given or {})
        known = {parameter.name: parameter for parameter in self.hyperparameters}
        for name in given:
            if name not in known:
                text = _("The recipe {recipe!r} has no setting {name!r}. It has {known}.")
                raise SettingError(text.format(recipe=self.name, name=name, known=", ".join(known)))
        return {
            name: parameter.validate(given.get(name, parameter.default))
            for name, parameter in known.items()
        }

    def hyperparameter(self, name: str) -> Hyperparameter:
        """The hyperparameter called `name`; raises SettingError where there is none."""
        for parameter in self.hyperparameters:
            if parameter.name == name:
                return parameter
        text = _("The recipe {recipe!r} has no setting {name!r}.")
        raise SettingError(text.format(recipe=self.name, name=name))
