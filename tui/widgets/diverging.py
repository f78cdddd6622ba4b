"""A palette with 0 in the middle: blue for negative numbers, orange for positive ones.

Both hues stay distinct with every common kind of colour blindness. Where a terminal has no such
colours, signs take their place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

Levels: TypeAlias = npt.NDArray[np.int64]
RGB: TypeAlias = tuple[int, int, int]

STEPS = 12
"""Colours on each side of 0; equal neighbours are written as one run."""
_ENDS: dict[bool, tuple[RGB, RGB, RGB]] = {
    True: ((86, 170, 255), (33, 38, 50), (255, 166, 48)),
    False: ((0, 82, 190), (238, 238, 236), (190, 88, 0)),
}
"""For a dark theme and for a light one: negative, 0, positive."""
SIGNS = "=- +#"
"""Strongly negative, negative, near 0, positive, strongly positive."""


def levels(values: npt.NDArray[np.float32], limit: float) -> Levels:
    """Each number as a step from −`STEPS` at −`limit` or below to `STEPS`; 0 where it is none."""
    if limit <= 0:
        return np.zeros(values.shape, dtype=np.int64)
    scaled = np.nan_to_num(values / limit, nan=0.0).clip(-1, 1)
    found: Levels = np.rint(scaled * STEPS).astype(np.int64)
    return found


@lru_cache(maxsize=64)
def rgb(level: int, dark: bool) -> RGB:
    """The colour of a step."""
    negative, zero, positive = _ENDS[dark]
    end, share = (positive if level > 0 else negative), abs(level) / STEPS
    red, green, blue = (round(z + share * (e - z)) for z, e in zip(zero, end, strict=True))
    return red, green, blue


@lru_cache(maxsize=2048)
def style(front: int, back: int, dark: bool) -> Style:
    """One step in front of another."""
    return Style(color=Color.from_rgb(*rgb(front, dark)), bgcolor=Color.from_rgb(*rgb(back, dark)))


@lru_cache(maxsize=64)
def cell_style(level: int, dark: bool) -> Style:
    """Text on a cell of this colour: black or white, whichever is easier to read."""
    red, green, blue = rgb(level, dark)
    bright = 0.299 * red + 0.587 * green + 0.114 * blue > 140
    text = (0, 0, 0) if bright else (255, 255, 255)
    return Style(color=Color.from_rgb(*text), bgcolor=Color.from_rgb(red, green, blue))


def image_rows(image: Levels, dark: bool) -> list[list[Segment]]:
    """An image (h, w) of steps in ⌈h/2⌉ rows of w cells, two pixels in each."""
    rows = []
    for upper, lower in _pairs(image).tolist():
        row: list[Segment] = []
        start = 0
        for x in range(1, len(upper) + 1):
            if x < len(upper) and (upper[x], lower[x]) == (upper[start], lower[start]):
                continue
            top, bottom = upper[start], lower[start]
            sign = " " if top == bottom else "▀"
            row.append(Segment(sign * (x - start), style(top, bottom, dark)))
            start = x
        rows.append(row)
    return rows


def sign_rows(image: Levels) -> list[list[Segment]]:
    """The same without colours: a sign for the mean of two pixels."""
    return [
        [Segment("".join(sign_of(level) for level in row))]
        for row in _pairs(image).mean(axis=1).tolist()
    ]


def sign_of(level: float) -> str:
    """The sign of a step."""
    share = level / STEPS
    if abs(share) < 1 / 8:
        return SIGNS[2]
    strong = abs(share) >= 1 / 2
    return SIGNS[(4 if strong else 3) if share > 0 else (0 if strong else 1)]


def _pairs(image: Levels) -> Levels:
    """(⌈h/2⌉, 2, w): rows two by two; below an odd last row lies a row of 0."""
    height, width = image.shape
    return np.pad(image, ((0, height % 2), (0, 0))).reshape(-1, 2, width)
