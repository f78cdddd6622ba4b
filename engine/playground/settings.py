"""What a run of the playground is: every setting, as one value and as one line of text.

The line `data=xor features=x1,x2 layers=4 …` can be shared: the same line is the same run, bit for
bit. A setting that is left out has its default.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, TypeAlias

from engine.activations import ACTIVATIONS
from engine.errors import UserError
from engine.language import _
from engine.naming import typed
from engine.nearest import did_you_mean
from engine.playground.features import FEATURES

CLASS_SETS: Final = ("circle", "xor", "moons", "spirals", "blobs")
"""Points of two classes."""
REGRESSION_SETS: Final = ("plane", "hills")
"""Points with a number each."""
OWN, CSV = "own", "csv"
"""Points that the learner has drawn, and those of a file."""
SETS: Final = (*CLASS_SETS, *REGRESSION_SETS, OWN, CSV)
OPTIMISERS: Final = ("sgd", "momentum", "rmsprop", "adam")
RANDOM, EQUAL, ZERO = "random", "equal", "zero"
"""First weights: drawn by the seed, the same small number everywhere, or 0."""
STARTS: Final = (RANDOM, EQUAL, ZERO)
MOST_LAYERS: Final = 4
MOST_UNITS: Final = 8
MOST_POINTS: Final = 2000
"""Points that can be drawn by hand."""

DrawnPoint: TypeAlias = tuple[float, float, int]
"""x1, x2 and the class, 0 or 1; coordinates are kept in hundredths."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides a run. Raises UserError where a value is out of range."""

    data: str = "circle"
    features: tuple[str, ...] = ("x1", "x2")
    layers: tuple[int, ...] = (4, 2)
    """Units of each hidden layer; empty for none."""
    activation: str = "tanh"
    optimiser: str = "adam"
    rate: float = 0.03
    l1: float = 0.0
    l2: float = 0.0
    batch: int = 10
    noise: float = 0.1
    """How far points are moved from their rule: 0 not at all, 1 about a quarter of the picture."""
    train: float = 0.5
    """The share of the points that is trained on; the others are the test."""
    seed: int = 0
    start: str = field(default=RANDOM, kw_only=True)
    """The first weights; biases start at 0."""
    points: tuple[DrawnPoint, ...] = ()
    """What was drawn; only with `data=own`."""

    def __post_init__(self) -> None:
        for name, check in _CHECKS.items():
            wrong = check(getattr(self, name))
            if wrong:
                raise UserError(f"{name}={_TEXTS[name](getattr(self, name))}: {wrong}")

    @property
    def line(self) -> str:
        """The settings in one line, which `parse` reads again."""
        parts = (
            f"{one.name}={_TEXTS[one.name](getattr(self, one.name))}"
            for one in fields(self)
            if one.name != "points" or self.data == OWN
        )
        return " ".join(parts)


def parse(line: str, base: Settings | None = None) -> Settings:
    """The settings of a line; what it leaves out is as in `base`, or the default.

    Raises UserError with a sentence that names the setting.
    """
    try:
        words = shlex.split(line)
    except ValueError:
        raise UserError(_("The line of settings has a quotation mark without its pair.")) from None
    found: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if name not in _READERS or not equals:
            known = ", ".join(_READERS)
            told = _("“{word}” is no setting. Write NAME=VALUE with one of these: {known}.")
            hint = did_you_mean(name, _READERS)
            raise UserError(f"{told.format(word=word, known=known)} {hint}".rstrip())
        try:
            found[name] = _READERS[name](text)
        except ValueError:
            told = _("{word}: that is no value for the setting “{name}”.")
            raise UserError(told.format(word=word, name=name)) from None
    return replace(base or Settings(), **found)


def _plain(value: float) -> str:
    return repr(value).removesuffix(".0")


def _number(text: str) -> float:
    return float(typed(text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _layers(text: str) -> tuple[int, ...]:
    return () if text.strip() in ("", "0") else tuple(int(part) for part in text.split(","))


def _points(text: str) -> tuple[DrawnPoint, ...]:
    found = []
    for part in filter(None, text.split(";")):
        x, y, label = part.split(":")
        found.append((int(x) / 100, int(y) / 100, int(label)))
    return tuple(found)


def _point_texts(points: tuple[DrawnPoint, ...]) -> str:
    return ";".join(f"{round(100 * x)}:{round(100 * y)}:{label}" for x, y, label in points)


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "data": str, "features": _words, "layers": _layers, "activation": str, "optimiser": str,
    "rate": _number, "l1": _number, "l2": _number, "batch": int, "noise": _number,
    "train": _number, "seed": int, "start": str, "points": _points,
}  # fmt: skip
_TEXTS: Final[Mapping[str, Callable[[Any], str]]] = {
    "data": str, "features": ",".join,
    "layers": lambda layers: ",".join(map(str, layers)) or "0",
    "activation": str, "optimiser": str,
    **dict.fromkeys(("rate", "l1", "l2", "noise", "train"), _plain),
    "batch": str, "seed": str, "start": str, "points": _point_texts,
}  # fmt: skip


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value in known:
            return ""
        told = _("choose one of {names}.").format(names=", ".join(known))
        return f"{told} {did_you_mean(value, known)}".rstrip()

    return check


def _between(low: float, high: float) -> Callable[[float], str]:
    def check(value: float) -> str:
        if math.isfinite(value) and low <= value <= high:
            return ""
        return _("give a number from {low:g} to {high:g}.").format(low=low, high=high)

    return check


def _check_features(names: tuple[str, ...]) -> str:
    if not names:
        return _("give at least one of {names}.").format(names=", ".join(FEATURES))
    if len({*names}) < len(names):
        return _("each feature can be there once.")
    return next(filter(None, map(_one_of((*FEATURES,)), names)), "")


def _check_layers(layers: tuple[int, ...]) -> str:
    if len(layers) <= MOST_LAYERS and all(1 <= units <= MOST_UNITS for units in layers):
        return ""
    told = _("give at most {layers} hidden layers with 1 to {units} units, such as 4,2; 0 is none.")
    return told.format(layers=MOST_LAYERS, units=MOST_UNITS)


def _check_points(points: tuple[DrawnPoint, ...]) -> str:
    if len(points) <= MOST_POINTS and all(
        -1 <= x <= 1 and -1 <= y <= 1 and label in (0, 1) for x, y, label in points
    ):
        return ""
    told = _("write x:y:class;…, x and y from −100 to 100, class 0 or 1, at most {most} points.")
    return told.format(most=MOST_POINTS)


_CHECKS: Final[Mapping[str, Callable[[Any], str]]] = {
    "data": _one_of(SETS),
    "features": _check_features,
    "layers": _check_layers,
    "activation": _one_of((*ACTIVATIONS,)),
    "optimiser": _one_of(OPTIMISERS),
    "rate": _between(1e-6, 1e3),
    "l1": _between(0, 10),
    "l2": _between(0, 10),
    "batch": _between(1, 1000),
    "noise": _between(0, 1),
    "train": _between(0.1, 0.9),
    "seed": _between(0, 2**31 - 1),
    "start": _one_of(STARTS),
    "points": _check_points,
}
