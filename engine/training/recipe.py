"""What can be trained, described without importing torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.training.hyperparameters import Hyperparameter, SettingError
from engine.training.snapshot import Setting

LAST = 1000


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model that can be trained; the file that declares it builds it."""

    name: str
    title: str
    module: str
    """Import name of the file that holds its code, `__name__` there; importing it imports torch.

    Its `build(settings, source)` gives the `Task`.
    """
    dataset: str
    """Key of the data set it trains on, for `engine.data`."""
    hyperparameters: tuple[Hyperparameter, ...]
    race_rates: tuple[tuple[str, float], ...] = ()
    """Optimisers that want another learning rate than the default one, each with its own."""
    place: int = LAST
    """In lists, smaller ones come first."""

    def settings(self, given: Mapping[str, Setting] | None = None) -> dict[str, Setting]:
        """All settings, the given ones over the defaults; raises SettingError."""
        given = dict(given or {})
        known = {parameter.name: parameter for parameter in self.hyperparameters}
        for name in given:
            if name not in known:
                raise SettingError(
                    f"The recipe {self.name!r} has no setting {name!r}. It has {', '.join(known)}."
                )
        return {
            name: parameter.validate(given.get(name, parameter.default))
            for name, parameter in known.items()
        }

    def hyperparameter(self, name: str) -> Hyperparameter:
        """The hyperparameter called `name`; raises SettingError where there is none."""
        for parameter in self.hyperparameters:
            if parameter.name == name:
                return parameter
        raise SettingError(f"The recipe {self.name!r} has no setting {name!r}.")
