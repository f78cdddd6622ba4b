"""What can be trained, described without importing torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language import _
from engine.nearest import did_you_mean
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
    usual_rates: tuple[tuple[tuple[str, ...], float], ...] = ()
    """Choices that need a learning rate other than the default, such as an optimiser; the first
    entry counts whose choices are all made."""
    place: int = LAST
    """Recipes with a smaller place come first in lists."""

    def settings(self, given: Mapping[str, Setting] | None = None) -> dict[str, Setting]:
        """All settings, the given ones over the defaults; raises SettingError."""
        given = dict(given or {})
        known = {parameter.name: parameter for parameter in self.hyperparameters}
        for name in given:
            if name not in known:
                raise self._no_setting(name)
        return {
            name: parameter.validate(given.get(name, parameter.default))
            for name, parameter in known.items()
        }

    def usual_rate(self, settings: Mapping[str, Setting]) -> float:
        """The learning rate that suits the choices in `settings`."""
        chosen = set(settings.values())
        for choices, rate in self.usual_rates:
            if chosen.issuperset(choices):
                return rate
        return float(self.hyperparameter("lr").default)

    def hyperparameter(self, name: str) -> Hyperparameter:
        """The hyperparameter called `name`; raises SettingError where there is none."""
        for parameter in self.hyperparameters:
            if parameter.name == name:
                return parameter
        raise self._no_setting(name)

    def _no_setting(self, name: str) -> SettingError:
        """The error for a name that is no setting; it offers the nearest by name or label."""
        names = [parameter.name for parameter in self.hyperparameters]
        labels = {parameter.label: parameter.name for parameter in self.hyperparameters}
        parts = [
            _("The recipe {recipe!r} has no setting {name!r}.").format(recipe=self.name, name=name),
            did_you_mean(name, [*names, *labels], labels),
            _("It has {known}.").format(known=", ".join(names)),
        ]
        return SettingError(" ".join(filter(None, parts)))
