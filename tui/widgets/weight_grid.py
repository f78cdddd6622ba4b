"""The weights of each class or first-layer unit as an image: orange is positive, blue negative."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from engine.language import _
from engine.training.snapshot import WeightImage
from tui.widgets.diverging import image_rows, levels, sign_rows
from tui.widgets.drawn_text import DrawnText
from tui.widgets.film_layout import ImageLayout
from tui.widgets.half_blocks import needs_shades
from tui.widgets.scaling import scaled

_LEAST = 0.4
"""Where not all images are seen, they are small: 11 pixels for 28 weights."""
_ZERO = 127.5
"""The grey of a weight of 0; 0 and 255 stand for the limits."""


class WeightGrid(DrawnText):
    """One image per class or unit, its name above; all are seen where they fit."""

    DEFAULT_CSS = """
    WeightGrid { width: 1fr; height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[WeightImage] = ()
        self._class_names: Sequence[str] = ()
        self._layout: ImageLayout | None = None

    @property
    def pitch(self) -> int:
        """Lines by which it is scrolled, so that rows of images are seen whole."""
        return self._layout.pitch or 1 if self._layout and self._images else 1

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

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The heading, and for each row of images the names, the images and a gap."""
        if not self._images:
            return 1
        height, across = self._images[0].pixels.shape
        room = container.height - 1
        self._layout = layout = ImageLayout.fit(
            len(self._images), (height, across), width, room, _LEAST
        )
        return 1 + layout.height(room)

    def render_line(self, y: int) -> Strip:
        width, base = self.content_size.width, self.rich_style
        layout = self._layout
        if y == 0 or not self._images or layout is None:
            title, *more = self._heading().split("  ", 1)
            parts = [
                Segment(title, base + Style(bold=True)),
                *(Segment(f"  {text}", base) for text in more),
            ]
            return Strip(parts).adjust_cell_length(width, base)
        row, line = divmod(y - 1, layout.step)
        shown = self._images[row * layout.columns : (row + 1) * layout.columns]
        segments: list[Segment] = []
        for image in shown:
            segments += self._part(image, line, layout)
        return Strip(segments).adjust_cell_length(width, base)

    def _part(self, image: WeightImage, line: int, layout: ImageLayout) -> list[Segment]:
        base, size = self.rich_style, layout.size
        if line == 0:
            names = self._class_names
            known = names[image.label] if image.label < len(names) else str(image.label)
            name = image.name or known
            return [Segment(set_cell_size(name, layout.name) + " ", base)]
        if line > size.height:
            return []
        pixels = scaled(image.pixels.astype(np.float32), layout.pixels)
        steps = levels((pixels - _ZERO) / _ZERO, 1.0)
        dark = self.app.current_theme.dark
        drawn = (sign_rows(steps) if self._shades else image_rows(steps, dark))[line - 1]
        pieces = [Segment(s.text, base + s.style if s.style else base) for s in drawn]
        return [*pieces, Segment(" " * layout.gap, base)]
