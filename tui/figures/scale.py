"""Axes of figures: where a number lies on the sheet, and the even ticks beside it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.naming import Shown
from tui.widgets.row_ticks import Rows, even_axis, even_exact_axis
from tui.widgets.series import linear_axis


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps numbers from `low` to `high` to dots from `first` to `last`."""

    low: float
    high: float
    first: int
    last: int

    def dot(self, value: float) -> float:
        """The place of a number, in dots; outside of the sheet for a number out of range."""
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)

    def holds(self, value: float) -> bool:
        """Whether a number lies in the range."""
        slack = (self.high - self.low) * 1e-9
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True, slots=True)
class Ticks:
    """Round numbers along an axis, and its ends."""

    low: float
    high: float
    at: tuple[float, ...]
    texts: tuple[str, ...]


def ticks(low: float, high: float, count: int, *, exact: bool = False) -> Ticks:
    """About `count` + 1 round numbers from `low` to `high`.

    The ends move out to the next of them, or stay where they are if `exact`.
    """
    axis = linear_axis(low, high, max(1, count), exact=exact)
    return Ticks(axis.low, axis.high, axis.ticks, axis.labels)


def row_ticks(low: float, high: float, rows: int, dots: int, *, exact: bool = False) -> Ticks:
    """Round numbers up an axis of so many rows of `dots`, at equal distances where they can be.

    The lower end moves out to the next of them, or stays where it is if `exact`; the upper end is
    where the rows end.
    """
    make = even_exact_axis if exact else even_axis
    axis = make(low, high, Rows(rows, dots), max(2, rows // 3))
    return Ticks(axis.low, axis.high, axis.ticks, axis.labels)


_NOTHING = 1e-12
"""What is smaller is left over from rounding."""


def shown(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, for labels and words."""
    if abs(value) < _NOTHING:
        return "0"
    return f"{Shown(value):.{digits}g}"
