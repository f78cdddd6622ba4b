"""How the playground colours numbers: blue below 0, orange above, signs where there is no colour.

Surfaces are softer than points and edges, so that these stand out.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from engine.playground.features import Array
from tui.math.width import wide_signs
from tui.widgets.cells import RGB, Cells
from tui.widgets.diverging import STEPS, Levels, levels, rgb, sign_of, style
from tui.widgets.drawn_text import DrawnText
from tui.widgets.half_blocks import needs_shades

SOFT = 0.72
"""How strong the strongest colour of a surface is."""
MOST_MIXED = 4096
"""Styles that a widget keeps."""


class Inked(DrawnText):
    """A widget that draws cells in these colours, and repaints the rows that have changed."""

    _strips: tuple[Strip, ...] = ()
    _painted: object = None
    _base: Style | None = None
    _mixed: dict[int, tuple[Style, Style]]
    """By its id a style, so that the id stays its own, and the style over that of the widget."""
    _shades = False
    _dark = True
    """Both as below, found out once for every picture: a picture asks for every edge and point."""

    def key(self) -> object:
        """Everything that the picture depends on."""
        raise NotImplementedError

    def drawn(self) -> list[list[Segment]]:
        """The picture as it is now."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Draw anew where something has changed, and send the changed rows."""
        if not self.size.area:
            return
        before = self._strips
        if not self._paint():
            return
        if len(before) != len(self._strips):
            self.refresh()
            return
        rows = [
            y for y, (old, new) in enumerate(zip(before, self._strips, strict=True)) if old != new
        ]
        if rows:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in rows))

    def _paint(self) -> bool:
        """Draw if need be; whether it was."""
        base, app = self.rich_style, self.app
        self._shades, self._dark = self.shades, self.dark
        key = self.key(), self.size, base, self._shades, app.theme
        if key == self._painted:
            return False
        self._painted = key
        width = self.size.width
        if base != self._base or len(self._mixed) > MOST_MIXED:
            self._base, self._mixed = base, {}
        mixed = self._mixed
        strips = []
        for row in self.drawn():
            cells = []
            for text, own, _control in row:
                if own is None:
                    cells.append(Segment(text, base))
                    continue
                found = mixed.get(id(own))
                if found is None:
                    found = mixed[id(own)] = own, base + own
                cells.append(Segment(text, found[1]))
            # All signs are narrow, but for a terminal that draws them wide.
            length = None if wide_signs() else sum(len(segment.text) for segment in cells)
            strips.append(Strip(cells, length).adjust_cell_length(width, base))
        blank = [Strip.blank(width, base)] * (self.size.height - len(strips))
        self._strips = (*strips, *blank)
        return True

    def render_line(self, y: int) -> Strip:
        if y == 0 or not self._strips:
            self._paint()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)

    @property
    def shades(self) -> bool:
        """Whether signs take the place of colours."""
        app = self.app
        return needs_shades(app.console, app.no_color) or app.current_theme.ansi is True

    @property
    def dark(self) -> bool:
        """Whether the theme is dark."""
        return self.app.current_theme.dark

    def hue(self, level: int) -> RGB | None:
        """The colour of a step from −12 to 12; None where there are no colours."""
        return None if self._shades else rgb(level, self._dark)


def soft(values: Array, limit: float) -> Levels:
    """Values as steps of colour, paler than those of points; `limit` has the strongest."""
    return levels(values.astype(np.float32), limit / SOFT if limit > 0 else 0)


def picture(cells: Cells, x: int, y: int, image: Levels, dark: bool, shades: bool) -> None:
    """Draw an image (2h, w) of steps in h rows of half blocks, or of signs."""
    for row, (upper, lower) in enumerate(image.reshape(-1, 2, image.shape[1]).tolist()):
        pairs = zip(upper, lower, strict=True)
        if shades:
            signs = [sign_of((top + bottom) / 2 / SOFT) for top, bottom in pairs]
            cells.fill(x, y + row, signs, [None] * len(signs))
        else:
            styles: list[Style | None] = [style(top, bottom, dark) for top, bottom in pairs]
            cells.fill(x, y + row, "▀" * len(styles), styles)


@lru_cache(maxsize=8192)
def ink(front: RGB, back: Color | None = None, *, bold: bool = False) -> Style:
    """The style of a sign of a colour."""
    return Style(color=Color.from_rgb(*front), bgcolor=back, bold=bold or None)


def point_hue(value: float, dark: bool) -> RGB:
    """The colour of a point: stronger than that of any surface."""
    level = round(max(-1.0, min(1.0, value)) * STEPS)
    if abs(level) < STEPS // 3:
        return (150, 150, 150)
    red, green, blue = rgb(level, dark)
    if dark:
        return (red + 255) // 2, (green + 255) // 2, (blue + 255) // 2
    return red * 2 // 3, green * 2 // 3, blue * 2 // 3


def grid(columns: int, rows: int) -> Array:
    """The middles of columns × rows pixels of the square: (rows · columns, 2), top row first."""
    xs = (np.arange(columns) + 0.5) / columns * 2 - 1
    ys = 1 - (np.arange(rows) + 0.5) / rows * 2
    found = np.empty((rows, columns, 2))
    found[..., 0] = xs[None, :]
    found[..., 1] = ys[:, None]
    return found.reshape(-1, 2)
