"""The weights of each class or first-layer unit as an image: bright is positive, dark negative."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from engine.language import _
from engine.training.snapshot import WeightImage
from tui.widgets.half_blocks import block_rows, halved, needs_shades, shade_rows

GAP = 2


class WeightGrid(Widget):
    """One small image per class or unit, with its name above."""

    DEFAULT_CSS = """
    WeightGrid { width: 1fr; height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[WeightImage] = ()
        self._class_names: Sequence[str] = ()

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
            # Filled cells are dark on a light terminal and bright on a dark one.
            text = (
                _("weights  filled: for the unit, empty: against it, clipped at ±{limit:.2g}")
                if of_unit
                else _("weights  filled: for the class, empty: against it, clipped at ±{limit:.2g}")
            )
        else:
            text = (
                _("weights  bright: for the unit, dark: against it, clipped at ±{limit:.2g}")
                if of_unit
                else _("weights  bright: for the class, dark: against it, clipped at ±{limit:.2g}")
            )
        return text.format(limit=self._images[0].limit)

    def _columns(self, width: int) -> int:
        return max(1, (width + GAP) // (self._image_size.width + GAP))

    @property
    def _image_size(self) -> Size:
        height, width = self._images[0].pixels.shape
        return Size((width + 1) // 2, (height + 3) // 4)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The heading, and for each row of images the names, the images and a gap."""
        if not self._images:
            return 1
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
        drawn = (shade_rows if self._shades else block_rows)(halved(image.pixels))[line - 1]
        return [Segment(s.text, base + s.style if s.style else base) for s in drawn]
