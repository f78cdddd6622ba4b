"""What a figure shows, as data: numbers and names, without a word about how they are drawn.

The module `figures.py` of a lesson makes drawings from the values of its `facts.py`; one file per
kind in `tui/figures/` draws them. A drawing that makes no sense raises ValueError when it is made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import ClassVar, Final

from engine.broken import EndlessError

MOST: Final = 1e100
"""From here on a value counts as infinite: the length of its axis might be."""


class Hue(StrEnum):
    """What a part of a drawing means; the theme has a colour for each."""

    PLAIN = "plain"
    QUIET = "quiet"
    INPUT = "input"
    WEIGHT = "weight"
    DELTA = "delta"
    LOSS = "loss"
    COMPUTED = "computed"


class Drawing:
    """The base of all drawings."""

    KIND: ClassVar[str]
    """The name of the kind in the fence of a figure."""

    def undrawn(self) -> str:
        """What of it has no value anywhere, and is not drawn, as a sentence; empty if nothing.

        Raises what a function of the author raises.
        """
        return ""


@dataclass(frozen=True, slots=True)
class Line:
    """A function to be drawn; where it is not finite, or raises an error, there is no curve."""

    name: str
    f: Callable[[float], float]
    hue: Hue = Hue.COMPUTED

    def at(self, x: float) -> float:
        """Its value, or NaN where it has none."""
        return _forgiving(lambda: self.value(x))

    def value(self, x: float) -> float:
        """Its value, or NaN; raises what the function raises, unless that is about numbers."""
        return _value(lambda: self.f(x))


@dataclass(frozen=True, slots=True)
class Spot:
    """A marked point of the plane, with a name beside it."""

    x: float
    y: float
    name: str = ""
    hue: Hue = Hue.PLAIN


@dataclass(frozen=True, slots=True)
class Curve(Drawing):
    """Curves over one axis."""

    KIND: ClassVar[str] = "curve"
    lines: tuple[Line, ...]
    low: float
    high: float
    x: str = "x"
    """What the axis says."""
    tangent: float | None = None
    """Where the tangent touches the first line."""
    slope: Line | None = None
    """Drawn in a panel of its own below, over the same axis."""
    spots: tuple[Spot, ...] = ()
    path: tuple[tuple[float, float], ...] = ()
    """Points that are visited one after the other."""
    area: tuple[float, float] | None = None
    """The part of the axis over which the first line is filled down to 0."""
    y_range: tuple[float, float] | None = None
    """The values to show; found from the curves where it is None."""

    def __post_init__(self) -> None:
        _must(bool(self.lines), "A curve needs at least one line.")
        _must(self.low < self.high, "`low` must be smaller than `high`.")
        _must(_finite(self.low, self.high), "The ends of the axis must be below 1e100.")
        _must(
            self.tangent is None or self.low <= self.tangent <= self.high,
            "The tangent must touch the line between `low` and `high`.",
        )
        _must(
            self.y_range is None or self.y_range[0] < self.y_range[1],
            "The lower end of `y_range` must be below the upper one.",
        )

    def undrawn(self) -> str:
        """The first line that is nowhere."""
        for line in (*self.lines, *([self.slope] if self.slope else [])):
            values = [line.value(x) for x, _y in sampled(line, self.low, self.high, 101)]
            if all(map(math.isnan, values)):
                ends = f"{self.low:g} to {self.high:g}"
                return f"The line {line.name!r} has no finite value from {ends}."
        return ""

    def slope_at(self, x: float) -> float:
        """The slope of the first line: by `slope` where it is given, else a central difference."""
        if self.slope is not None:
            return self.slope.at(x)
        step = (self.high - self.low) * 1e-6
        return (self.lines[0].at(x + step) - self.lines[0].at(x - step)) / (2 * step)


@dataclass(frozen=True, slots=True)
class Surface(Drawing):
    """A function of two numbers seen from above, with a path on it."""

    KIND: ClassVar[str] = "surface"
    name: str
    f: Callable[[float, float], float]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x: str = "w₁"
    y: str = "w₂"
    path: tuple[tuple[float, float], ...] = ()
    lowest: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for low, high in (self.x_range, self.y_range):
            _must(low < high and _finite(low, high), "Each range needs a lower and an upper end.")

    def at(self, x: float, y: float) -> float:
        """Its value, or NaN where it has none."""
        return _forgiving(lambda: _value(lambda: self.f(x, y)))

    def undrawn(self) -> str:
        """Whether the function has a value at all."""
        xs, ys = ([low + (high - low) * n / 10 for n in range(11)]
                  for low, high in (self.x_range, self.y_range))  # fmt: skip
        if all(map(math.isnan, [_value(partial(self.f, x, y)) for x in xs for y in ys])):
            return f"The function {self.name!r} has no finite value within its ranges."
        return ""


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each name of a bar chart."""

    name: str
    values: tuple[float, ...]
    hue: Hue = Hue.COMPUTED


@dataclass(frozen=True, slots=True)
class Bars(Drawing):
    """Numbers beside each other as bars, such as a distribution."""

    KIND: ClassVar[str] = "bars"
    names: tuple[str, ...]
    series: tuple[Series, ...]
    digits: int = 3
    """Places behind the point."""
    title: str = ""

    def __post_init__(self) -> None:
        _must(bool(self.names) and bool(self.series), "Bars need names and at least one series.")
        for each in self.series:
            _must(
                len(each.values) == len(self.names),
                f"The series {each.name!r} has {len(each.values)} values for "
                f"{len(self.names)} names.",
            )


@dataclass(frozen=True, slots=True)
class Matrix:
    """One factor of a product of matrices."""

    name: str
    shape: tuple[int, ...]
    hue: Hue = Hue.COMPUTED


@dataclass(frozen=True, slots=True)
class Shapes(Drawing):
    """A computation on matrices, as a row of boxes with their shapes."""

    KIND: ClassVar[str] = "shapes"
    factors: tuple[Matrix, ...]
    signs: tuple[str, ...]
    """What stands between two factors, such as `·`, `+` or `→`."""

    def __post_init__(self) -> None:
        _must(bool(self.factors), "Shapes need at least one matrix.")
        _must(len(self.signs) == len(self.factors) - 1, "One sign stands between two matrices.")
        for each in self.factors:
            _must(all(size > 0 for size in each.shape), f"The shape of {each.name} has no size 0.")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a computation graph."""

    name: str
    inputs: tuple[str, ...] = ()
    """The names of the nodes that it is computed from; they stand before it."""
    value: float | None = None
    gradient: float | None = None
    """How fast the last node moves when this one moves."""
    hue: Hue = Hue.COMPUTED


@dataclass(frozen=True, slots=True)
class Graph(Drawing):
    """A computation graph: values go forward along its edges, gradients backward."""

    KIND: ClassVar[str] = "graph"
    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        _must(bool(self.nodes), "A graph needs at least one node.")
        known: set[str] = set()
        for node in self.nodes:
            _must(node.name not in known, f"Two nodes are called {node.name!r}.")
            for name in node.inputs:
                _must(
                    name in known, f"{node.name!r} uses {name!r}, which does not stand before it."
                )
            known.add(node.name)


@dataclass(frozen=True, slots=True)
class Net(Drawing):
    """A network: layers of units with one number each, and the weights between them."""

    KIND: ClassVar[str] = "network"
    widths: tuple[int, ...]
    outputs: tuple[tuple[float | None, ...], ...] | None = None
    """One number per unit of each layer, or None where none is shown."""
    weights: tuple[tuple[tuple[float, ...], ...], ...] | None = None
    """`weights[l][i][j]` leads from unit j of layer l into unit i of layer l + 1."""
    layers: tuple[str, ...] = ()
    """What each layer is called; empty for none."""

    def __post_init__(self) -> None:
        _must(bool(self.widths) and min(self.widths) > 0, "Each layer has at least one unit.")
        _must(len(self.layers) in (0, len(self.widths)), "Name every layer, or none.")
        if self.outputs is not None:
            _must(
                tuple(map(len, self.outputs)) == self.widths,
                "`outputs` needs one entry per unit of each layer.",
            )
        if self.weights is not None:
            found = [(len(rows), *{len(row) for row in rows}) for rows in self.weights]
            wanted = [
                (after, before) for before, after in zip(self.widths, self.widths[1:], strict=False)
            ]
            _must(found == wanted, "`weights[l]` needs a row per unit of layer l + 1.")


def sampled(line: Line, low: float, high: float, count: int) -> list[tuple[float, float]]:
    """`count` points of a line, evenly spaced from `low` to `high`; at least two."""
    count = max(2, count)
    xs = (low + (high - low) * place / (count - 1) for place in range(count))
    return [(x, line.at(x)) for x in xs]


def extent(values: Sequence[float]) -> tuple[float, float]:
    """The smallest and the largest of the finite values; (0, 1) where there are none."""
    finite = [value for value in values if math.isfinite(value)]
    return (min(finite), max(finite)) if finite else (0.0, 1.0)


def _value(compute: Callable[[], float]) -> float:
    """What is computed, or NaN where it is infinite or has no value."""
    try:
        value = float(compute())
    except (ArithmeticError, ValueError):
        return math.nan
    return value if abs(value) < MOST else math.nan


def _forgiving(compute: Callable[[], float]) -> float:
    """What is computed, or NaN: a screen shows no curve, and `dltutor check` says what is wrong."""
    try:
        return compute()
    except (KeyboardInterrupt, EndlessError):
        raise
    except BaseException:  # the code of a lesson may raise anything
        return math.nan


def _finite(*values: float) -> bool:
    """Whether axes can be computed for such values."""
    return all(abs(value) < MOST for value in values)


def _must(holds: bool, problem: str) -> None:
    if not holds:
        raise ValueError(problem)
