"""Where the units of a network stand on a grid of cells, and in how much detail they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

FULL_WIDTH = 16
"""A box with labels: `│ out 0.59327◂ │`."""
VALUE_WIDTH = 12
"""A box with one number and no label: `│  0.59327◂ │`."""
LINE_WIDTH = 10
"""A unit on one row: `h1 0.5933◂`."""
MOST_GAP = 30
"""Layers stand no farther apart than this, however wide the terminal is."""
MOST_AIR = 8
"""Rows between two units of a layer at most."""


class Detail(IntEnum):
    """How much of a unit is shown, from the most to the least."""

    FULL = 0
    """A box with every value."""
    VALUE = 1
    """A box with one value."""
    LINE = 2
    """Name and value on one row, without a box."""
    DOT = 3


_LEAST_GAP = {Detail.FULL: 8, Detail.VALUE: 8, Detail.LINE: 5, Detail.DOT: 3}
"""Cells between two layers at least."""


@dataclass(frozen=True, slots=True)
class Place:
    """The rectangle of a unit, in cells from the top left."""

    x: int
    y: int
    width: int
    height: int
    detail: Detail

    @property
    def middle(self) -> int:
        """The row in the middle."""
        return self.y + (self.height - 1) // 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The place of every unit that is shown, by (layer, index)."""

    places: dict[tuple[int, int], Place]
    left_out: dict[int, Place]
    """Where ⋮ stands for the units of a layer that found no room."""


@lru_cache(maxsize=256)
def arrange(rows: tuple[tuple[int, ...], ...], width: int, height: int) -> Layout:
    """Places for units with `rows[layer][i]` values each, within `width` × `height` cells.

    Each layer takes the most detail for which its units fit above each other, and all of them
    step back together until they also fit side by side.
    """
    chosen = [Detail.DOT] * len(rows)
    for least in Detail:
        details = [_detail(units, least, height) for units in rows]
        gap = _LEAST_GAP[least] * (len(rows) - 1)
        if sum(map(_width, details, rows)) + gap <= width:
            chosen = details
            break
    widths = [*map(_width, chosen, rows)]
    gaps = len(rows) - 1
    gap = min(MOST_GAP, max(0, (width - sum(widths)) // gaps)) if gaps else 0
    x = max(0, (width - sum(widths) - gap * gaps) // 2)
    places: dict[tuple[int, int], Place] = {}
    left_out: dict[int, Place] = {}
    for layer, units in enumerate(rows):
        shown = _shown(len(units), height)
        heights = [1 if i is None else _height(chosen[layer], units[i]) for i in shown]
        free = max(0, height - sum(heights))
        air = min(MOST_AIR, free // len(shown))
        y = max(0, (height - sum(heights) - air * (len(shown) - 1)) // 2)
        for i, tall in zip(shown, heights, strict=True):
            place = Place(x, y, widths[layer], tall, chosen[layer])
            if i is None:
                left_out[layer] = place
            else:
                places[layer, i] = place
            y += tall + air
        x += widths[layer] + gap
    return Layout(places, left_out)


def _detail(units: tuple[int, ...], least: Detail, height: int) -> Detail:
    for detail in Detail:
        if detail >= least and sum(_height(detail, rows) for rows in units) <= height:
            return detail
    # The units that are shown have a row each, and some are left out.
    return max(least, Detail.LINE)


def _height(detail: Detail, rows: int) -> int:
    return {Detail.FULL: rows + 2, Detail.VALUE: 3}.get(detail, 1)


def _width(detail: Detail, units: Sequence[int]) -> int:
    if detail is Detail.FULL:
        return FULL_WIDTH if max(units) > 1 else VALUE_WIDTH
    return {Detail.VALUE: VALUE_WIDTH, Detail.LINE: LINE_WIDTH}.get(detail, 1)


def _shown(units: int, height: int) -> list[int | None]:
    """The units that find room one per row; None where the rest is left out."""
    if units <= height:
        return [*range(units)]
    if height < 3:
        return [*range(height)]
    last = (height - 1) // 2
    return [*range(height - 1 - last), None, *range(units - last, units)]
