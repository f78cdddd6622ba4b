"""Grey images as rows of characters: half blocks with enough colours, else shades."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from tui.themes import has_few_colours
from tui.widgets.scaling import scaled

Pixels = npt.NDArray[np.uint8]

SHADES = " ░▒▓█"
_LEVEL = 17
"""Greys are drawn in 16 levels, so that equal neighbours often form one run."""


def needs_shades(console: Console, no_color: bool) -> bool:
    """Whether the terminal cannot show greys, so that shading characters are needed."""
    return no_color or console.no_color or has_few_colours(console)


def halved(pixels: Pixels) -> Pixels:
    """Means of 2×2 pixels, (⌈h/2⌉, ⌈w/2⌉); an odd edge is repeated."""
    height, width = pixels.shape
    even = np.pad(pixels, ((0, height % 2), (0, width % 2)), mode="edge").astype(np.float64)
    means = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2).mean(axis=(1, 3))
    rounded: Pixels = np.rint(means).astype(np.uint8)
    return rounded


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The image (h, w) at another size (h, w): each pixel is the mean of what it covers."""
    if pixels.shape == size:
        return pixels
    found: Pixels = np.rint(scaled(pixels.astype(np.float32), size)).astype(np.uint8)
    return found


def _pairs(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """(rows, 2, width): the upper and the lower pixel of every cell; an odd last row gets black."""
    height, width = pixels.shape
    even = np.pad(pixels, ((0, height % 2), (0, 0)))
    return even.reshape(-1, 2, width)


@lru_cache(maxsize=512)
def _style(upper: int, lower: int) -> Style:
    return Style(
        color=Color.from_rgb(upper, upper, upper), bgcolor=Color.from_rgb(lower, lower, lower)
    )


def block_rows(pixels: Pixels) -> list[list[Segment]]:
    """The image (h, w) in ⌈h/2⌉ rows of w cells: `▀` with the upper pixel over the lower one."""
    greys = ((_pairs(pixels).astype(np.int64) + _LEVEL // 2) // _LEVEL) * _LEVEL
    rows = []
    # Plain lists: numbers of NumPy take ten times as long to compare one by one.
    for upper, lower in greys.tolist():
        row: list[Segment] = []
        start = 0
        for x in range(1, len(upper) + 1):
            same = x < len(upper) and (upper[x], lower[x]) == (upper[start], lower[start])
            if not same:
                top, bottom = upper[start], lower[start]
                char = " " if top == bottom else "▀"
                row.append(Segment(char * (x - start), _style(top, bottom)))
                start = x
        rows.append(row)
    return rows


def shade_rows(pixels: Pixels) -> list[list[Segment]]:
    """The image (h, w) in ⌈h/2⌉ rows of w shading characters, two pixels per character."""
    means = _pairs(pixels).mean(axis=1)
    levels = np.minimum((means / 256 * len(SHADES)).astype(np.int64), len(SHADES) - 1)
    # Faint strokes stay visible: only an empty cell is a space.
    levels = np.where((means > 8) & (levels == 0), 1, levels)
    return [[Segment("".join(SHADES[level] for level in row))] for row in levels]
