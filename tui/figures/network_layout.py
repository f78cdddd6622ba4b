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


class Detail(IntEnum):
    """How much of a unit is shown, from the most to the least."""

    HUGE = 0
    """A box with every value, a row of air around each, and all digits."""
    LARGE = 1
    """A box with every value, a row of air around them, and more digits."""
    FULL = 2
    """A box with every value."""
    VALUE = 3
    """A box with one value."""
    LINE = 4
    """Name and value on one row, without a box."""
    DOT = 5


_LEAST_GAP = {
    Detail.HUGE: 20, Detail.LARGE: 10, Detail.FULL: 8, Detail.VALUE: 8, Detail.LINE: 5,
    Detail.DOT: 3,
}  # fmt: skip
"""Cells between two layers at least."""
_MOST_GAP = {Detail.HUGE: 44, Detail.LARGE: 36}
"""Layers stand no farther apart than this, however wide the terminal is; else 30."""
_LEAST_AIR = {Detail.HUGE: 7, Detail.LARGE: 5}
"""Rows between two units of a layer at least, so that their edges are no flat lines; else none."""
_MOST_AIR = {Detail.HUGE: 14, Detail.LARGE: 11}
"""Rows between two units of a layer at most; else 8."""


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
def arrange(
    rows: tuple[tuple[int, ...], ...], width: int, height: int, largest: Detail = Detail.FULL
) -> Layout:
    """Places for units with `rows[layer][i]` values each, within `width` × `height` cells.

    Boxes larger than `FULL` are all alike. Else each layer takes the most detail for which its
    units fit above each other, and all of them step back together until they also fit side by side.
    """
    chosen, size = [Detail.DOT] * len(rows), Detail.DOT
    for least in (each for each in Detail if each >= largest):
        details = [_detail(units, least, height) for units in rows]
        if least < Detail.FULL and not all(_has_air(units, least, height) for units in rows):
            continue
        gap = _LEAST_GAP[least] * (len(rows) - 1)
        if sum(map(_width, details, rows)) + gap <= width:
            chosen, size = details, least
            break
    widths = [*map(_width, chosen, rows)]
    gaps = len(rows) - 1
    gap = min(_MOST_GAP.get(size, 30), max(0, (width - sum(widths)) // gaps)) if gaps else 0
    x = max(0, (width - sum(widths) - gap * gaps) // 2)
    places: dict[tuple[int, int], Place] = {}
    left_out: dict[int, Place] = {}
    for layer, units in enumerate(rows):
        shown = _shown(len(units), height)
        heights = [1 if i is None else _height(chosen[layer], units[i]) for i in shown]
        free = max(0, height - sum(heights))
        air = min(_MOST_AIR.get(size, 8), free // len(shown))
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


def _has_air(units: tuple[int, ...], detail: Detail, height: int) -> bool:
    tall = sum(_height(detail, rows) for rows in units)
    return tall + _LEAST_AIR[detail] * (len(units) - 1) <= height


def _height(detail: Detail, rows: int) -> int:
    heights = {
        Detail.HUGE: 2 * rows + 3, Detail.LARGE: rows + 4, Detail.FULL: rows + 2, Detail.VALUE: 3,
    }  # fmt: skip
    return heights.get(detail, 1)


def _width(detail: Detail, units: Sequence[int]) -> int:
    if detail <= Detail.FULL:
        more = {Detail.HUGE: (26, 16), Detail.LARGE: (20, 14)}
        full, value = more.get(detail, (FULL_WIDTH, VALUE_WIDTH))
        return full if max(units) > 1 else value
    return {Detail.VALUE: VALUE_WIDTH, Detail.LINE: LINE_WIDTH}.get(detail, 1)


def _shown(units: int, height: int) -> list[int | None]:
    """The units that find room one per row; None where the rest is left out."""
    if units <= height:
        return [*range(units)]
    if height < 3:
        return [*range(height)]
    last = (height - 1) // 2
    return [*range(height - 1 - last), None, *range(units - last, units)]
