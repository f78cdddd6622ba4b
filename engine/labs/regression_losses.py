"""One number predicted for all samples: four losses, their slopes, and where each is smallest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.labs.fields import read_numbers
from engine.language import _

Array: TypeAlias = npt.NDArray[np.float64]

LOSSES = {"mae": "MAE", "mse": "MSE", "smooth_l1": _("smooth L1"), "huber": "Huber"}
"""The name of each loss on the screen."""
CORNERS = {"smooth_l1": "β", "huber": "δ"}
"""The symbol of the error at which the parabola becomes a straight line."""
FEWEST, MOST = 2, 8
LIMITS = (-100.0, 100.0)
CORNER_LIMITS = (0.01, 100.0)


def losses(kind: str, error: Array, corner: float) -> Array:
    """The loss of each sample from its error e = c − y, any shape.

    MAE |e|; MSE e²; smooth L1 e²/(2β) where |e| < β, else |e| − β/2 (Girshick, "Fast R-CNN",
    2015); Huber ½e² where |e| < δ, else δ(|e| − δ/2) (Huber, 1964). `corner` is β or δ.
    """
    size = np.abs(error)
    if kind == "mae":
        return size
    if kind == "mse":
        return np.asarray(error**2)
    smooth = np.where(size < corner, size**2 / (2 * corner), size - corner / 2)
    return np.asarray(smooth if kind == "smooth_l1" else corner * smooth)


def slopes(kind: str, error: Array, corner: float) -> Array:
    """dℓ/de of each sample, same shape; 0 at the corner of MAE, as in PyTorch."""
    if kind == "mae":
        return np.asarray(np.sign(error))
    if kind == "mse":
        return 2 * error
    smooth = np.where(np.abs(error) < corner, error / corner, np.sign(error))
    return np.asarray(smooth if kind == "smooth_l1" else corner * smooth)


@dataclass(frozen=True, slots=True)
class State:
    """The samples, one of them marked, the loss and the prediction c.

    Raises UserError where a value cannot be used.
    """

    ys: tuple[float, ...] = (3.0, 5.0, 2.5)
    marked: int = 1
    """The index of the sample that the arrow keys move."""
    kind: str = "mse"
    beta: float = 1.0
    delta: float = 2.0
    c: float = 4.5

    def __post_init__(self) -> None:
        if self.kind not in LOSSES:
            known = ", ".join(LOSSES)
            raise UserError(f"There is no loss {self.kind!r} here. Choose one of {known}.")
        low, high = LIMITS
        for sentence, value in (
            (_("A sample cannot be {value} here. Stay between {low} and {high}."), self.y),
            (_("The prediction c cannot be {value} here. Stay between {low} and {high}."), self.c),
        ):
            if not low <= value <= high:
                raise UserError(
                    sentence.format(value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
                )

    @property
    def y(self) -> float:
        """The marked sample."""
        return self.ys[self.marked]

    @property
    def corner(self) -> float:
        """β or δ, whichever the loss has; MAE and MSE have neither and ignore it."""
        return self.delta if self.kind == "huber" else self.beta

    def with_points(self, text: str) -> State:
        """Other samples; the one farthest from the median is marked. Raises UserError."""
        ys = read_numbers(text, "1 2 3 4 100", (FEWEST, MOST), LIMITS)
        marked = int(np.argmax(np.abs(np.array(ys) - np.median(ys))))
        return replace(self, ys=ys, marked=marked)

    def with_prediction(self, text: str) -> State:
        """Another prediction c. Raises UserError."""
        return replace(self, c=read_numbers(text, "4.5", (1, 1), LIMITS)[0])

    def with_corner(self, text: str) -> State:
        """Another β or δ, where the loss has one. Raises UserError."""
        if self.kind not in CORNERS:
            raise UserError(
                _("{loss} has neither β nor δ. Choose smooth L1 or Huber first.").format(
                    loss=LOSSES[self.kind]
                )
            )
        (corner,) = read_numbers(text, "0.5", (1, 1), CORNER_LIMITS)
        return replace(self, delta=corner) if self.kind == "huber" else replace(self, beta=corner)

    def moved(self, by: float) -> State:
        """The marked sample moved. Raises UserError beyond the limits."""
        ys = list(self.ys)
        ys[self.marked] = round(self.y + by, 10)
        return replace(self, ys=tuple(ys))


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the total loss is smallest: a point, or an interval where it is flat."""

    low: float
    high: float
    total: float

    @property
    def middle(self) -> float:
        """The middle of the interval."""
        return (self.low + self.high) / 2


def total(state: State, c: float) -> float:
    """Σ_i ℓ(c − y_i)."""
    return float(losses(state.kind, c - np.array(state.ys), state.corner).sum())


def curve(state: State, places: Array) -> Array:
    """The total loss at each of `places`, (k,) → (k,)."""
    errors = places[:, None] - np.array(state.ys)[None, :]
    return np.asarray(losses(state.kind, errors, state.corner).sum(axis=1))


def minimum(state: State) -> Minimum:
    """The constant prediction with the smallest total loss, exactly.

    MSE: the mean. MAE: the median, or every point between the two middle samples. The others: where
    Σ slope is 0. That sum never decreases and is piecewise linear, so the piece that crosses 0 is
    found and solved.
    """
    ys = np.sort(np.array(state.ys))
    if state.kind == "mse":
        low = high = float(ys.mean())
    elif state.kind == "mae":
        low, high = float(ys[(len(ys) - 1) // 2]), float(ys[len(ys) // 2])
    else:
        low, high = _balance(state, ys)
    return Minimum(low, high, total(state, (low + high) / 2))


def _balance(state: State, ys: Array) -> tuple[float, float]:
    """The interval where the slopes add up to 0, for a loss with a continuous slope.

    In units of the corner, a sample beyond the corner contributes ±1, a nearer one its error over
    the corner: between two neighbouring joints, the sum is a straight line in c.
    """
    corner = state.corner
    joints = np.unique(np.concatenate([ys - corner, ys + corner]))
    pieces = [
        (float(left), float(right), np.abs((left + right) / 2 - ys) < corner)
        for left, right in pairwise(joints)
    ]
    for left, right, near in pieces:
        if not near.any() and 2 * int((ys < left).sum()) == len(ys):
            return left, right
    sums = slopes(state.kind, joints[:, None] - ys[None, :], corner).sum(axis=1)
    left, right, near = pieces[max(int(np.argmax(sums >= 0)) - 1, 0)]
    pull = float(np.sign(left - ys[~near]).sum())
    place = (float(ys[near].sum()) - corner * pull) / int(near.sum())
    place = min(max(place, left), right)
    return place, place


@dataclass(frozen=True, slots=True)
class Row:
    """One sample as the table shows it."""

    y: float
    error: float
    loss: float
    slope: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that the lab shows of a state."""

    rows: tuple[Row, ...]
    total: float
    slope: float
    minimum: Minimum
    mean: float
    median_low: float
    median_high: float

    @property
    def median(self) -> float:
        """The middle sample, or the point halfway between the two middle ones."""
        return (self.median_low + self.median_high) / 2


def answer(state: State) -> Answer:
    """Compute everything that is shown."""
    ys = np.array(state.ys)
    error = state.c - ys
    loss, slope = (part(state.kind, error, state.corner) for part in (losses, slopes))
    ordered = np.sort(ys)
    rows = zip(ys.tolist(), error.tolist(), loss.tolist(), slope.tolist(), strict=True)
    return Answer(
        tuple(Row(*row) for row in rows),
        float(loss.sum()),
        float(slope.sum()),
        minimum(state),
        float(ys.mean()),
        float(ordered[(len(ys) - 1) // 2]),
        float(ordered[len(ys) // 2]),
    )
