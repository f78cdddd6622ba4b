"""What a chart shows: named series of points, their axes and their scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from tui.widgets.chart_ink import ink, plain_sign
from tui.widgets.series import decimate

Role: TypeAlias = Literal["primary", "accent", "success", "warning", "error", "muted"]
"""Which of the theme's colours a series has."""

ROLES: tuple[Role, ...] = ("primary", "accent", "success", "warning", "error", "muted")
_DECADES = 1000.0
"""Positive values that span more than this factor are drawn on a log scale."""
_SMALL = ("·", "•", ".")
"""Markers of points that are drawn as small as the terminal can, wherever they fall in a cell."""


@dataclass(frozen=True, slots=True)
class Series:
    """One named series of points, ordered by x."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    role: Role = "primary"
    marker: str = "•"
    """One character for the points; empty for a line without markers."""
    line: bool = False
    """Whether a line joins the points."""
    cloud: bool = False
    """Whether every point is drawn, as small as the terminal can: a scatter plot."""
    marks_at: tuple[float, ...] = ()
    """The x values at which a line has markers; evenly spread if empty."""
    lows: tuple[float | None, ...] = ()
    """The minimum at every point, whose y is a mean: a band is drawn from it to the maximum. None
    where it is unknown. Without a line, as many points as necessary are merged into each column;
    with one, the band follows the line, as over several seeds."""
    highs: tuple[float | None, ...] = ()
    """The maximum at every point."""
    counts: tuple[int, ...] = ()
    """How many updates every point of a band stands for."""
    listed: bool = True
    """Whether the legend names it; not where its sign stands beside its value above the chart."""

    @property
    def sign(self) -> str:
        """The marker of the series in the legend."""
        sign = plain_sign(self.marker or "━")
        return f"{sign}{ink().shade}" if self.lows else sign

    @property
    def is_small(self) -> bool:
        """Whether its points are drawn as dots rather than as characters."""
        return self.cloud or self.marker in _SMALL

    @property
    def title(self) -> str:
        """The name with the marker, as it stands at the end of a line."""
        return f"{plain_sign(self.marker)} {self.name}" if self.marker else self.name


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a chart shows, apart from its size and theme."""

    x_label: str
    y_label: str
    series: tuple[Series, ...] = ()
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    log: bool = False
    log_x: bool = False
    named: bool = False
    """Whether lines have their names at their ends, where there is room."""
    has_legend: bool = True
    """Whether names that have no room there are told above."""

    def scaled(self) -> tuple[Series, ...]:
        """The series in drawing units: log10 on a log scale, where only positive values stay."""
        scaled = self.series
        if self.log_x:
            scaled = tuple(_log(one, by_x=True) for one in scaled)
        return tuple(_log(one, by_x=False) for one in scaled) if self.log else scaled

    def thinned(self, width: int) -> tuple[Series, ...]:
        """The series as drawn: finite, positive if `log`, and at most 2 × width points."""
        few = (thin(series, width, self.x_limits) for series in self.scaled())
        return tuple(series for series in few if series.xs)

    def broken_at(self, series: Series) -> tuple[float, ...]:
        """The xs, in drawing units, at which a value of `series` is no finite number."""
        if math.isfinite(sum(series.ys)):
            return ()  # no need to look at each of them
        pairs = zip(series.xs, series.ys, strict=True)
        xs = [x for x, y in pairs if math.isfinite(x) and not math.isfinite(y)]
        if self.log_x:
            xs = [math.log10(x) for x in xs if x > 0]
        return tuple(xs)


def thin(series: Series, width: int, limits: tuple[float, float] | None) -> Series:
    """The finite points of a series, at most 2 × width of a line; bands keep all theirs."""
    if series.lows:
        return series
    limit = max(2, len(series.xs)) if series.cloud else 2 * width
    xs, ys = decimate(series.xs, series.ys, limit, limits)
    return replace(series, xs=tuple(xs), ys=tuple(ys))


def wide(series: Sequence[Series]) -> bool:
    """Whether all values are positive and span more than three decades: a log scale suits them."""
    values = [y for one in series for y in one.ys if math.isfinite(y)]
    return bool(values) and min(values) > 0 and max(values) / min(values) > _DECADES


def _log(series: Series, *, by_x: bool) -> Series:
    """A series with log10 of its xs or ys; points where that does not exist are left out.

    An edge of a band that is not positive is moved to the mean.
    """
    along = series.xs if by_x else series.ys
    kept = [i for i, value in enumerate(along) if value > 0 or math.isnan(value)]
    logs = tuple(math.log10(along[i]) for i in kept)

    def take(of: Sequence[float]) -> tuple[float, ...]:
        return tuple(of[i] for i in kept)

    def edge(of: Sequence[float | None]) -> tuple[float | None, ...]:
        if not of or by_x:
            return tuple(of[i] for i in kept) if of else ()
        pairs = zip((of[i] for i in kept), logs, strict=True)
        return tuple(math.log10(v) if v and v > 0 else y for v, y in pairs)

    return replace(
        series,
        xs=logs if by_x else take(series.xs),
        ys=take(series.ys) if by_x else logs,
        marks_at=tuple(math.log10(x) for x in series.marks_at if x > 0)
        if by_x
        else series.marks_at,
        lows=edge(series.lows),
        highs=edge(series.highs),
        counts=tuple(series.counts[i] for i in kept) if series.counts else (),
    )
