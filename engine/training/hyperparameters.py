"""The settings of a training, each with its bounds. Importing this never imports torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import UserError
from engine.language import _
from engine.naming import Shown, typed
from engine.nearest import did_you_mean
from engine.training.snapshot import Setting


class SettingError(UserError, ValueError):
    """A setting cannot be used; the text says in whole sentences what to do."""


class SettingKind(StrEnum):
    """The values that a hyperparameter takes."""

    INTEGER = "int"
    NUMBER = "float"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One setting of a recipe, with its bounds (both inclusive)."""

    name: str
    """As on the command line, with `_` for `-`: `lr`, `batch_size`."""
    label: str
    """As on the screen, in the learner's language: `learning rate`."""
    kind: SettingKind
    default: Setting
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    help: str = ""
    """One sentence: what it does."""
    live: bool = False
    """Whether it can be changed during the training."""

    def parse(self, text: str) -> Setting:
        """Read `text` as a value; raises SettingError with a sentence that says what to do."""
        text = text.strip()
        if self.kind is SettingKind.CHOICE:
            return self.validate(text)
        try:
            number = (int if self.kind is SettingKind.INTEGER else float)(typed(text))
        except ValueError:
            raise self._not_a_number(repr(text)) from None
        return self.validate(number)

    def validate(self, value: Setting) -> Setting:
        """Return `value` if it can be used; raises SettingError with a sentence if not."""
        if self.kind is SettingKind.CHOICE:
            if value not in self.choices:
                text = _("{value!r} is not a choice of the setting “{label}”. {bounds}")
                near = did_you_mean(str(value), self.choices)
                bounds = f"{near} {self.bounds()}" if near else self.bounds()
                raise SettingError(text.format(value=value, label=self.label, bounds=bounds))
            return value
        if isinstance(value, str | bool):
            raise self._not_a_number(repr(value))
        if not self.minimum <= value <= self.maximum:
            text = _("{value} is out of bounds for the setting “{label}”. {bounds}")
            raise SettingError(
                text.format(value=_shown(value), label=self.label, bounds=self.bounds())
            )
        if self.kind is SettingKind.INTEGER and value != int(value):
            raise self._not_a_number(_shown(value))
        return int(value) if self.kind is SettingKind.INTEGER else float(value)

    def bounds(self) -> str:
        """A sentence that says what may be given."""
        if self.kind is SettingKind.CHOICE:
            return _("Choose one of {choices}.").format(choices=", ".join(self.choices))
        return _("Give a value from {minimum} to {maximum}.").format(
            minimum=_shown(self.minimum), maximum=_shown(self.maximum)
        )

    def _not_a_number(self, shown: str) -> SettingError:
        text = (
            _("The setting “{label}” must be a whole number, not {value}. {bounds}")
            if self.kind is SettingKind.INTEGER
            else _("The setting “{label}” must be a number, not {value}. {bounds}")
        )
        return SettingError(text.format(label=self.label, value=shown, bounds=self.bounds()))


def _shown(value: float) -> str:
    """A number as people write it: a whole number without a point."""
    if isinstance(value, int):  # it may be too large for a float
        return str(value).replace("-", "−")
    whole = math.isfinite(value) and value == int(value)
    return f"{Shown(value):.0f}" if whole else f"{Shown(value):g}"
