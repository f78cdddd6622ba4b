"""The weights of each class or first-layer unit as an image: orange is positive, blue negative."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from engine.language import _
from engine.training.snapshot import WeightImage
from tui.widgets.diverging import image_rows, levels, sign_rows
from tui.widgets.half_blocks import halved, needs_shades

GAP = 2
_ENOUGH = 3
_ZERO = 127.5
"""The grey of a weight of 0; 0 and 255 stand for the limits."""


class WeightGrid(Widget):
    """One small image per class or unit, with its name above."""

    DEFAULT_CSS = """
    WeightGrid { width: 1fr; height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[WeightImage] = ()
        self._class_names: Sequence[str] = ()
        self._room = 0

    def set_images(self, images: Sequence[WeightImage], classes: Sequence[str]) -> None:
        """Show other weights."""
        if images is not self._images or classes != self._class_names:
            self._images, self._class_names = images, classes
            self.refresh(layout=True)

    @property
    def _shades(self) -> bool:
        return needs_shades(self.app.console, self.app.no_color)

    def _heading(self) -> str:
        if not self._images:
            return _("no weights yet")
        of_unit = bool(self._images[0].name)
        if self._shades:
            text = (
                _("weights  + #: for the unit, - =: against it, clipped at ±{limit:.2g}")
                if of_unit
                else _("weights  + #: for the class, - =: against it, clipped at ±{limit:.2g}")
            )
        else:
            text = (
                _("weights  orange: for the unit, blue: against it, clipped at ±{limit:.2g}")
                if of_unit
                else _("weights  orange: for the class, blue: against it, clipped at ±{limit:.2g}")
            )
        return text.format(limit=self._images[0].limit)

    def _columns(self, width: int) -> int:
        return max(1, (width + GAP) // (self._image_size.width + GAP))

    @property
    def _image_size(self) -> Size:
        height, width = self._images[0].pixels.shape
        if self._is_full(width):
            return Size(width, (height + 1) // 2)
        return Size((width + 1) // 2, (height + 3) // 4)

    def _is_full(self, width: int) -> bool:
        """Whether every weight has a pixel of its own: where enough images fit side by side."""
        return _ENOUGH * (width + GAP) - GAP <= self._room

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The heading, and for each row of images the names, the images and a gap."""
        if not self._images:
            return 1
        self._room = width
        rows = -(-len(self._images) // self._columns(width))
        return 1 + rows * (self._image_size.height + 2) - 1

    def render_line(self, y: int) -> Strip:
        """Row `y`."""
        width, base = self.content_size.width, self.rich_style
        if y == 0 or not self._images:
            return Strip([Segment(self._heading(), base)]).adjust_cell_length(width, base)
        size, columns = self._image_size, self._columns(width)
        row, line = divmod(y - 1, size.height + 2)
        shown = self._images[row * columns : (row + 1) * columns]
        segments: list[Segment] = []
        for image in shown:
            segments += self._part(image, line, size)
            segments.append(Segment(" " * GAP, base))
        return Strip(segments).adjust_cell_length(width, base)

    def _part(self, image: WeightImage, line: int, size: Size) -> list[Segment]:
        base = self.rich_style
        if line == 0:
            names = self._class_names
            known = names[image.label] if image.label < len(names) else str(image.label)
            name = image.name or known
            return [Segment(set_cell_size(name, size.width), base)]
        if line > size.height:
            return [Segment(" " * size.width, base)]
        full = self._is_full(image.pixels.shape[1])
        pixels = image.pixels if full else halved(image.pixels)
        steps = levels((pixels.astype(np.float32) - _ZERO) / _ZERO, 1.0)
        dark = self.app.current_theme.dark
        drawn = (sign_rows(steps) if self._shades else image_rows(steps, dark))[line - 1]
        return [Segment(s.text, base + s.style if s.style else base) for s in drawn]
