"""How the images of weights stand: how large, how many in a row, how far from each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.geometry import Size

LARGEST, SMALLEST = 3.0, 0.36
"""Cells per pixel, in width; each cell is two pixels high. Of 28 weights, 10 are the fewest."""
LEAST = 0.5
"""The largest size of images of which not all are seen."""
_GAP, _WIDEST_GAP = 2, 8
"""Cells between two images in a row."""
_MOST_AIR = 3
"""Lines from an image to the name of the one below."""


@dataclass(frozen=True, slots=True)
class ImageLayout:
    """How the images of a sheet are arranged."""

    pixels: tuple[int, int]
    """Height and width of one image as it is drawn."""
    columns: int
    size: Size
    """Of one image, in cells."""
    rows: int = 1
    gap: int = _GAP
    """Cells between two images in a row."""
    air: int = 1
    """Lines from an image to the name of the one below."""
    pitch: int = 0
    """Lines from one row of images to the next: the name, the image and a gap, or 0 for just these.
    Where rows are out of view, the gap is such that each view holds whole rows."""
    whole: int = 0
    """The rows of a view where others are out of view; 0 where all are seen."""

    @property
    def step(self) -> int:
        """Lines from the name of an image to that of the one below."""
        return self.pitch or 1 + self.size.height + self.air

    @property
    def name(self) -> int:
        """Cells that the name of an image may take."""
        return self.size.width + self.gap - 1

    def height(self, room: int) -> int:
        """The lines of all rows, seen through `room` lines."""
        if self.whole:
            return room + (self.rows - self.whole) * self.pitch
        return self.rows * self.step - self.air

    @classmethod
    def fit(
        cls,
        count: int,
        pixels: tuple[int, int],
        width: int,
        height: int,
        least_zoom: float = LEAST,
    ) -> ImageLayout:
        """The largest images of (height, width) `pixels` that all fit; the rows fill the width.

        Else images of at most `least_zoom` that fill most of the view. Where all fit, the rows are
        as equally long as they can be.
        """
        tight: ImageLayout | None = None
        for across in _widths(pixels[1], LARGEST):
            for air in (1, 0):
                found = replace(cls._at(across, pixels, width), air=air)
                rows = -(-count // found.columns)
                if across > width or rows * found.step - air > height:
                    continue
                columns = max(1, -(-count // max(rows, 1)))
                found = tight or replace(found, columns=columns, rows=rows)
                if air:  # where they fit with air, they may be larger without
                    return found._spread(width, height)
                tight = found
        smaller = (cls._at(across, pixels, width) for across in _widths(pixels[1], least_zoom))
        return max(
            (each._scrolled(count, width, height) for each in smaller),
            key=lambda each: each.whole * each.columns * each.size.area,
        )

    def _spread(self, width: int, height: int = 0) -> ImageLayout:
        """With gaps that fill the width, and air that takes some of the height."""
        gap, air = self.gap, self.air
        if self.columns > 1:
            gap = (width - self.columns * self.size.width) // (self.columns - 1)
        if self.rows > 1 and not self.whole:
            air = (height - self.rows * (1 + self.size.height)) // (self.rows - 1)
        gap, air = min(max(gap, _GAP), _WIDEST_GAP), min(max(air, self.air), _MOST_AIR)
        return replace(self, gap=gap, air=air)

    def _scrolled(self, count: int, width: int, height: int) -> ImageLayout:
        """As many rows of so many images as are seen whole through `height` lines."""
        rows = -(-count // self.columns)
        whole = min((height + 1) // self.step, rows)
        pitch = max(self.step, -(-height // whole)) if whole else 0
        return replace(self, rows=rows, pitch=pitch, whole=whole)._spread(width)

    @classmethod
    def _at(cls, across: int, pixels: tuple[int, int], width: int) -> ImageLayout:
        """The layout of images that are so many cells wide."""
        tall = max(1, round(pixels[0] * across / pixels[1]))
        size = Size(across, (tall + 1) // 2)
        return cls((tall, across), max(1, (width + _GAP) // (across + _GAP)), size)


def _widths(pixels: int, most: float) -> range:
    """All widths of an image in cells, the largest first."""
    return range(max(1, int(pixels * most)), max(0, int(pixels * SMALLEST) - 1), -1)
