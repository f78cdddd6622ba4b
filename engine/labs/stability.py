"""Textbook formulas next to their stable forms, and how far off both are.

The error is counted in ULPs, units in the last place: one ULP is the distance between two
neighbouring numbers of the format around the exact result, which mpmath computes with 60 digits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from mpmath import MPContext

from engine.errors import UserError
from engine.language import _

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
"""float32 or float64; every formula below keeps the format of its input."""

LARGEST_SCORE = 2_000.0
FEWEST, MOST = 2, 4
DIGITS = 60
"""Decimal digits of the exact results."""
SHOWN_DIGITS = 55
_mp = MPContext()
_mp.dps = DIGITS  # its own context, so that no other thread changes the digits


class Function(Enum):
    """What is computed; the value is its name on the screen."""

    SOFTMAX = "softmax"
    LOG_SOFTMAX = "log-softmax"
    BCE = "BCE"
    TANH = "tanh"


class Kind(Enum):
    """How a result can be broken; the value is shown on the screen."""

    ZERO = "0"
    INF = "inf"
    NAN = "nan"


PRECISIONS: Mapping[str, type[np.float32] | type[np.float64]] = {
    "float32": np.float32,
    "float64": np.float64,
}
FORMS = ("naive", "stable")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the learner chose; raises UserError where it cannot be used."""

    scores: tuple[float, ...] = (0.0, 1.0, 2.0)
    index: int = 0
    """The class whose probability is computed, counted from 0."""
    label: int = 1
    """y of the binary cross entropy, 0 or 1."""

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.scores) <= MOST:
            raise UserError(
                _(
                    "There is room for {fewest} to {most} scores. Type them with spaces between "
                    "them."
                ).format(fewest=FEWEST, most=MOST)
            )
        if max(map(abs, self.scores)) > LARGEST_SCORE:
            raise UserError(
                _(
                    "Choose scores from {low} to {high}: the formulas that break do so within this "
                    "range."
                ).format(low=f"{-LARGEST_SCORE:g}", high=f"{LARGEST_SCORE:g}")
            )

    @property
    def offsets(self) -> tuple[float, ...]:
        """How far each score is above the first."""
        return tuple(round(score - self.scores[0], 10) for score in self.scores)

    def pushed(self, step: float) -> Choice:
        """All scores moved by `step`; rounded, so that steps back undo steps exactly."""
        return replace(self, scores=tuple(round(score + step, 10) for score in self.scores))

    def with_scores(self, scores: tuple[float, ...]) -> Choice:
        """Other scores; the class stays where it still exists."""
        return replace(self, scores=scores, index=min(self.index, len(scores) - 1))

    def next_class(self) -> Choice:
        """The next class; the first after the last."""
        return replace(self, index=(self.index + 1) % len(self.scores))


@dataclass(frozen=True, slots=True)
class Result:
    """One formula in one precision."""

    value: float
    ulps: float
    """|value − exact| in units in the last place; nan where the value is not finite."""

    @property
    def broken(self) -> Kind | None:
        """What is wrong with the value; 0 is wrong where the format has a closer number."""
        if math.isnan(self.value):
            return Kind.NAN
        if math.isinf(self.value):
            return Kind.INF
        return Kind.ZERO if self.value == 0 and self.ulps >= 1 else None


# The formulas: z has shape (n, K), the result shape (n,); `k` is a class, `y` a label.


def _naive_softmax(z: Floats, k: int, y: int) -> Floats:
    exponentials = np.exp(z)
    return _column(exponentials / exponentials.sum(axis=1, keepdims=True), k)


def _stable_softmax(z: Floats, k: int, y: int) -> Floats:
    return _naive_softmax(z - z.max(axis=1, keepdims=True), k, y)


def _naive_log_softmax(z: Floats, k: int, y: int) -> Floats:
    logarithm: Floats = np.log(_naive_softmax(z, k, y))
    return logarithm


def _stable_log_softmax(z: Floats, k: int, y: int) -> Floats:
    shifted = z - z.max(axis=1, keepdims=True)
    return _column(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), k)


def _naive_bce(z: Floats, k: int, y: int) -> Floats:
    p = 1 / (1 + np.exp(-z[:, 0]))
    loss: Floats = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return loss


def _stable_bce(z: Floats, k: int, y: int) -> Floats:
    # log1p(x) is ln(1 + x) without the rounding of 1 + x.
    first = z[:, 0]
    loss: Floats = np.maximum(first, 0) - y * first + np.log1p(np.exp(-np.abs(first)))
    return loss


def _naive_tanh(z: Floats, k: int, y: int) -> Floats:
    decay = np.exp(-2 * z[:, 0])
    curve: Floats = (1 - decay) / (1 + decay)
    return curve


def _stable_tanh(z: Floats, k: int, y: int) -> Floats:
    # expm1(x) is e^x − 1 without the rounding of e^x.
    less_one = np.expm1(-2 * np.abs(z[:, 0]))
    curve: Floats = np.sign(z[:, 0]) * (-less_one / (2 + less_one))
    return curve


def _column(table: Floats, k: int) -> Floats:
    column: Floats = table[:, k]
    return column


_FORMULAS: Mapping[tuple[Function, str], Callable[[Floats, int, int], Floats]] = {
    (Function.SOFTMAX, "naive"): _naive_softmax,
    (Function.SOFTMAX, "stable"): _stable_softmax,
    (Function.LOG_SOFTMAX, "naive"): _naive_log_softmax,
    (Function.LOG_SOFTMAX, "stable"): _stable_log_softmax,
    (Function.BCE, "naive"): _naive_bce,
    (Function.BCE, "stable"): _stable_bce,
    (Function.TANH, "naive"): _naive_tanh,
    (Function.TANH, "stable"): _stable_tanh,
}


def compute(
    function: Function,
    form: str,
    precision: str,
    scores: npt.ArrayLike,
    index: int = 0,
    label: int = 1,
) -> Floats:
    """One formula for many rows of scores, n × K → n, all in `precision`; never warns.

    Softmax and log-softmax are computed for the class `index`; BCE for the first score and `label`,
    and tanh for the first score.
    """
    z: Floats = np.asarray(scores).astype(PRECISIONS[precision])
    with np.errstate(all="ignore"):
        return _FORMULAS[function, form](z, index, label)


def exact(function: Function, precision: str, choice: Choice) -> str:
    """The exact result for the scores as `precision` holds them, as decimal digits."""
    kind = PRECISIONS[precision]
    z = [_mp.mpf(float(kind(score))) for score in choice.scores]
    own = z[choice.index]
    others = _mp.fsum(_mp.exp(s - own) for k, s in enumerate(z) if k != choice.index)
    match function:
        case Function.SOFTMAX:
            value = 1 / (1 + others)
        case Function.LOG_SOFTMAX:
            value = -_mp.log1p(others)
        case Function.BCE:
            value = _mp.log1p(_mp.exp(-z[0] if choice.label else z[0]))
        case Function.TANH:
            value = _mp.tanh(z[0])
    return str(_mp.nstr(value, SHOWN_DIGITS))


def ulps(value: float, truth: str, precision: str) -> float:
    """|value − truth| in units in the last place of `precision` at the truth.

    nan where `value` is not finite. Below the smallest normal number, the unit is the spacing of
    the subnormal numbers.
    """
    if not math.isfinite(value):
        return math.nan
    right = _mp.mpf(truth)
    unit = np.spacing(PRECISIONS[precision](abs(float(right))))
    return float(abs(_mp.mpf(value) - right) / _mp.mpf(float(unit)))


def results(choice: Choice) -> dict[tuple[Function, str, str], Result]:
    """The result of every function, form and precision for the scores of `choice`."""
    found = {}
    for function, precision in itertools.product(Function, PRECISIONS):
        truth = exact(function, precision, choice)
        for form in FORMS:
            numbers = compute(
                function, form, precision, [choice.scores], choice.index, choice.label
            )
            value = float(numbers[0])
            found[function, form, precision] = Result(value, ulps(value, truth, precision))
    return found
