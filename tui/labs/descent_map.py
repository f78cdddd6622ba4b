"""The loss surface from above, as text with styles: a heat map, with paths as letters on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from engine.labs.descent import OPTIMISERS, W1_LIMITS, W2_LIMITS, Pair, Run, Surface
from engine.language import _
from engine.naming import number_text
from tui.math.width import cell_width
from tui.widgets.chart import Role
from tui.widgets.chart_ink import ASCII, ASCII_SHADES, ink, plain_sign
from tui.widgets.half_blocks import SHADES

Piece: TypeAlias = tuple[str, str]
"""Text and its style, or the empty string."""

LEVELS = 6
"""The number of levels; each is four times as high above the minimum as the one inside it."""
RATIO = 4.0
_LINE, _START, _HERE, _LOWEST = "∙", "○", "◉", "✚"
ROLES: Mapping[str, Role] = {
    "gd": "primary",
    "sgd": "warning",
    "momentum": "success",
    "rmsprop": "error",
    "adam": "accent",
}
"""The colour of each optimiser on the map, among the values and in the chart."""
_QUIET = "$foreground-muted"
_PARTS = 2
"""Steps of the heat from one level to the next."""
HEAT = LEVELS * _PARTS
"""Steps of the heat above the lowest one."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells over the drawn part of the plane: columns for w₁, rows for w₂ from top to bottom."""

    columns: int
    rows: int

    def cell(self, w: Pair) -> tuple[float, float]:
        """Column and row of a point, as fractions; outside the grid if the point is."""
        x = (w[0] - W1_LIMITS[0]) / (W1_LIMITS[1] - W1_LIMITS[0]) * (self.columns - 1)
        y = (W2_LIMITS[1] - w[1]) / (W2_LIMITS[1] - W2_LIMITS[0]) * (self.rows - 1)
        return x, y

    def holds(self, column: int, row: int) -> bool:
        """Whether there is such a cell."""
        return 0 <= column < self.columns and 0 <= row < self.rows


def levels(surface: Surface) -> tuple[float, ...]:
    """The loss at each contour, from the innermost to the outermost."""
    w1, w2 = np.meshgrid(W1_LIMITS, W2_LIMITS)
    highest = float(surface.loss(w1, w2).max()) - surface.least
    rises = [0.6 * highest / RATIO**place for place in range(LEVELS)]
    return tuple(surface.least + rise for rise in reversed(rises))


@lru_cache(maxsize=4)
def heat(surface: Surface, columns: int, rows: int) -> tuple[tuple[int, ...], ...]:
    """The step of the heat, from 0 in the valley to `HEAT`, at each of (rows, columns) points."""
    w1 = np.linspace(*W1_LIMITS, columns)
    w2 = np.linspace(W2_LIMITS[1], W2_LIMITS[0], rows)
    rises = surface.loss(*np.meshgrid(w1, w2)) - surface.least
    lowest = levels(surface)[0] - surface.least
    steps = np.ceil(_PARTS * (np.log(np.maximum(rises / lowest, 1e-12)) / math.log(RATIO) + 1))
    return tuple(map(tuple, steps.clip(0, HEAT).astype(int).tolist()))


def _inside(a: Pair, b: Pair, grid: Grid) -> tuple[float, float] | None:
    """The ends of the part of a → b in the grid, as fractions (Liang and Barsky, 1984)."""
    first, last = 0.0, 1.0
    for start, end, cells in zip(a, b, (grid.columns, grid.rows), strict=True):
        low, high = -0.5 - start, cells - 0.5 - start
        by = end - start
        if by == 0:
            if low > 0 or high < 0:
                return None
            continue
        enter, leave = sorted((low / by, high / by))
        first, last = max(first, enter), min(last, leave)
    return (first, last) if first <= last else None


def _segment(a: Pair, b: Pair, grid: Grid) -> list[tuple[int, int]]:
    """The cells of the grid on the segment from a to b; none if it is not finite."""
    if not all(map(math.isfinite, (*a, *b))):
        return []
    shares = _inside(a, b, grid)
    if shares is None:
        return []
    first, last = shares
    across, down = (b[0] - a[0]) * (last - first), (b[1] - a[1]) * (last - first)
    count = int(max(abs(across), abs(down))) + 1
    ways = (first + (last - first) * step / count for step in range(count + 1))
    return [(round(a[0] + (b[0] - a[0]) * t), round(a[1] + (b[1] - a[1]) * t)) for t in ways]


def draw_map(
    surface: Surface,
    runs: Sequence[Run],
    active: str,
    grid: Grid,
    palette: Sequence[str] = (),
) -> list[list[Piece]]:
    """The rows of the map: heat, paths, minimum, start, and the end of the active path.

    The heat has the colours of `palette`, `HEAT` + 1 of them, two points in a cell; without one,
    it is shaded. Every run has its letter at each point and dots in between; the active run is
    drawn on top.
    """
    points = heat(surface, grid.columns, 2 * grid.rows)
    signs, roles = [], []
    for upper, lower in zip(points[::2], points[1::2], strict=True):
        cells = [_cell(above, below, palette) for above, below in zip(upper, lower, strict=True)]
        signs.append([sign for sign, _style in cells])
        roles.append([style for _sign, style in cells])

    def put(column: int, row: int, sign: str, role: str) -> None:
        if grid.holds(column, row):
            ground = f" on {palette[points[2 * row + 1][column]]}" if palette else ""
            signs[row][column], roles[row][column] = plain_sign(sign), role + ground

    for run in sorted(runs, key=lambda one: one.optimiser == active):
        role = f"bold $series-{ROLES[run.optimiser]}"
        cells_of_run = [grid.cell(place.w) for place in run.path]
        for a, b in pairwise(cells_of_run):
            for column, row in _segment(a, b, grid):
                put(column, row, _LINE, role)
        for x, y in cells_of_run[1:]:
            if math.isfinite(x) and math.isfinite(y):
                put(round(x), round(y), OPTIMISERS[run.optimiser].letter, role)
    lowest = grid.cell(surface.lowest)
    put(round(lowest[0]), round(lowest[1]), _LOWEST, "bold $foreground")
    for run in runs:
        x, y = grid.cell(run.start)
        put(round(x), round(y), _START, "bold $foreground")
        if run.optimiser == active and run.steps:
            x, y = grid.cell(run.at.w)
            if math.isfinite(x) and math.isfinite(y):
                put(round(x), round(y), _HERE, f"bold $series-{ROLES[active]}")
    return [_runs(row, kinds) for row, kinds in zip(signs, roles, strict=True)]


def _cell(upper: int, lower: int, palette: Sequence[str]) -> Piece:
    """A cell of the heat map with the steps of its two points."""
    if palette:
        sign = " " if upper == lower else "▀"
        return sign, f"{palette[upper]} on {palette[lower]}"
    level = (upper + lower) / 2 / HEAT
    shades = ASCII_SHADES if ink() is ASCII else SHADES
    return shades[min(len(shades) - 1, int(level * len(shades)))], _QUIET


def scale(surface: Surface, palette: Sequence[str] = (), width: int = 80) -> list[Piece]:
    """What the heat means: the loss at every level, on its colour or behind its shade.

    Where `width` cells do not hold that, only the lowest of the levels with one shade is named, and
    the word before them is left out.
    """
    every: list[Piece] = []
    few: list[Piece] = []
    before = ""
    for number, level in enumerate(levels(surface), start=1):
        step = number * _PARTS
        sign, text = _cell(step, step, ())[0], f" {level:.2g} "
        if palette:
            shown = [(text, f"$foreground on {palette[step]}")]
        else:
            shown = [(sign * 2, _QUIET), (text, "")]
        every += shown
        few += shown if palette or sign != before else []
        before = sign
    word: Piece = (_("loss") + " ", _QUIET)
    for pieces in ([word, *every], [word, *few]):
        if sum(cell_width(text) for text, _style in pieces) <= width:
            return pieces
    return few


def _runs(signs: Sequence[str], roles: Sequence[str]) -> list[Piece]:
    """Neighbours with the same style joined into one piece."""
    joined: list[Piece] = []
    for sign, role in zip(signs, roles, strict=True):
        if joined and joined[-1][1] == role:
            joined[-1] = (joined[-1][0] + sign, role)
        else:
            joined.append((sign, role))
    return joined


def framed(rows: Sequence[Sequence[Piece]], grid: Grid) -> list[list[Piece]]:
    """The rows with axes: w₂ to the left, w₁ below."""
    ticks = {0: W2_LIMITS[1], (grid.rows - 1) // 2: None, grid.rows - 1: W2_LIMITS[0]}
    framed_rows: list[list[Piece]] = []
    for place, row in enumerate(rows):
        value = ticks.get(place)
        label = (
            "w₂" if place == (grid.rows - 1) // 2 else "" if value is None else number_text(value)
        )
        framed_rows.append([(f"{label:>3}{'┤' if place in ticks else '│'}", _QUIET), *row])
    low, high = map(number_text, W1_LIMITS)
    middle = "w₁".center(grid.columns - len(low) - len(high))
    framed_rows.append([("   └" + "─" * grid.columns, _QUIET)])
    framed_rows.append([(f"    {low}{middle}{high}", _QUIET)])
    return framed_rows
