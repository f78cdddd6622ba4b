"""The settings of a training, each with its bounds. Importing this never imports torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import UserError
from engine.training.snapshot import Setting


class SettingError(UserError, ValueError):
    """A setting that cannot be used; its text is a whole sentence for the learner."""


class SettingKind(StrEnum):
    """What a hyperparameter takes."""

    INTEGER = "int"
    NUMBER = "float"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One setting of a recipe, with its bounds (both inclusive)."""

    name: str
    """As on the command line, with `_` for `-`: `lr`, `batch_size`."""
    label: str
    """As on the screen: `learning rate`."""
    kind: SettingKind
    default: Setting
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    help: str = ""
    """One sentence: what it does."""
    live: bool = False
    """Whether it can be changed while training runs."""

    def parse(self, text: str) -> Setting:
        """Read `text` as a value; raises SettingError with a sentence that says what to do."""
        text = text.strip()
        if self.kind is SettingKind.CHOICE:
            return self.validate(text)
        try:
            number = int(text) if self.kind is SettingKind.INTEGER else float(text)
        except ValueError:
            wanted = "a whole number" if self.kind is SettingKind.INTEGER else "a number"
            shown = text or "nothing"
            raise SettingError(
                f"The {self.label} takes {wanted}, and {shown!r} is not one. {self.bounds()}"
            ) from None
        return self.validate(number)

    def validate(self, value: Setting) -> Setting:
        """Return `value` where it can be used; raises SettingError with a sentence where not."""
        if self.kind is SettingKind.CHOICE:
            if value not in self.choices:
                raise SettingError(f"The {self.label} {value!r} is not known. {self.bounds()}")
            return value
        if isinstance(value, str | bool):
            raise SettingError(f"The {self.label} takes a number. {self.bounds()}")
        if self.kind is SettingKind.INTEGER and value != int(value):
            raise SettingError(f"The {self.label} takes a whole number. {self.bounds()}")
        if not self.minimum <= value <= self.maximum:
            raise SettingError(
                f"The {self.label} {_shown(value)} is out of bounds. {self.bounds()}"
            )
        return int(value) if self.kind is SettingKind.INTEGER else float(value)

    def bounds(self) -> str:
        """A sentence that says what may be given."""
        if self.kind is SettingKind.CHOICE:
            return f"Choose one of {', '.join(self.choices)}."
        return f"Give a value from {_shown(self.minimum)} to {_shown(self.maximum)}."


def _shown(value: float) -> str:
    """A bound as people write it: whole numbers whole."""
    return str(int(value)) if math.isfinite(value) and value == int(value) else f"{value:g}"
