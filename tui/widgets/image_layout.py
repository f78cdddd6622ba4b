"""How many images fit a view, how large, and where their captions stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.geometry import Size

CAPTION_WIDTH = 11
_BESIDE_LINES = 7
"""The lines that a caption beside its image may have."""
LARGER = (2.0, 1.75, 1.5, 1.25)
"""Cells per pixel, in width, where all images are seen so."""
SMALLER = (0.875, 0.75, 0.625, 0.5)
_NEARLY = (13 / 14, 0.875)
"""Of 28 pixels, 26 and 24: thin strokes are still seen."""
_ENOUGH = 2
"""Images have a cell for every pixel in width if at least this many fit: what they show counts."""


@dataclass(frozen=True, slots=True)
class GridLayout:
    """How the images are arranged: in rows that are seen whole or not at all."""

    columns: int
    rows: int
    image: Size
    """Size of one image in cells."""
    pixels: tuple[int, int]
    """Height and width of one image as it is drawn."""
    below: int = 0
    """Lines for a caption below each image; 0 if captions stand beside."""
    spare: int = 0
    """The cells that each column has beyond what it needs, so that all of them fill the width."""
    height: int = 0
    """The cells below each other for which it was made."""

    @property
    def words_width(self) -> int:
        """The cells that a line of a caption may take."""
        return max(self.image.width, CAPTION_WIDTH) if self.below else CAPTION_WIDTH

    @property
    def cell(self) -> Size:
        """An image, its caption, and the gap to the next."""
        if self.below:
            return Size(self.words_width + 1 + self.spare, self.image.height + self.below + 1)
        height = max(self.image.height, _BESIDE_LINES) + 1
        return Size(self.image.width + 1 + CAPTION_WIDTH + 1 + self.spare, height)

    @property
    def whole(self) -> int:
        """How many rows of images are seen at a time."""
        return max(1, min(self.rows, (self.height + 1) // self.cell.height))

    @property
    def last(self) -> int:
        """The row of images with which the last view begins."""
        return self.rows - self.whole

    @classmethod
    def fit(
        cls,
        count: int,
        pixels: tuple[int, int],
        area: Size,
        lines: Callable[[int], int] = lambda width: 4,
    ) -> GridLayout:
        """The layout of `count` images of (height, width) pixels for a view of `area` cells.

        The largest images that are all seen, else full ones where two of them are, or nearly full
        ones where two rows are seen so, not one, else such that many are seen and are large;
        captions stand where more images fit so. `lines` says how many lines a caption of a width
        may take.
        """

        def at(zoom: float) -> GridLayout:
            beside, below = (
                cls._at(count, pixels, area, lines if is_below else None, zoom)
                for is_below in (False, True)
            )
            return max(beside, below, key=lambda each: min(count, each._seen(area)))

        for zoom in LARGER:
            if (found := at(zoom))._seen(area) >= count:
                return found
        full = at(1.0)
        if full._seen(area) >= min(count, _ENOUGH):
            return next(filter(full._shows_less, map(at, _NEARLY)), full)
        others = [(at(zoom), zoom) for zoom in SMALLER]
        found, _zoom = max(
            [(full, 1.0), *others], key=lambda each: min(count, each[0]._seen(area)) * each[1]
        )
        return found if found._seen(area) else others[-1][0]

    def _shows_less(self, other: GridLayout) -> bool:
        """Whether this one shows a single row, and the other one several, with more images."""
        more = other.columns * other.whole > self.columns * self.whole
        return more and other.whole > self.whole == 1

    def _seen(self, area: Size) -> int:
        """How many images are seen whole at a time."""
        fits = self.cell.width - 1 <= area.width and self.cell.height - 1 <= area.height
        return self.columns * self.whole if fits else 0

    @classmethod
    def _at(
        cls,
        count: int,
        pixels: tuple[int, int],
        area: Size,
        lines: Callable[[int], int] | None,
        zoom: float,
    ) -> GridLayout:
        height, across = (max(1, round(side * zoom)) for side in pixels)
        image = Size(across, (height + 1) // 2)
        below = lines(max(across, CAPTION_WIDTH)) if lines else 0
        least = cls(1, 1, image, (height, across), below).cell.width
        columns = max(1, min(count, (area.width + 1) // least))
        rows = -(-count // columns)
        spare = (area.width + 1) // columns - least if rows > 1 else 0
        return cls(columns, rows, image, (height, across), below, max(0, spare), area.height)
