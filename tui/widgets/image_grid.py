"""Test images with their true and predicted classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from engine.language import _, plural
from engine.training.snapshot import PredictedImage
from tui.page.lines import Ink, line_text, wrap
from tui.widgets.half_blocks import block_rows, halved, needs_shades, shade_rows

CAPTION_WIDTH = 11
_ENOUGH = 2
"""Images are drawn at full size if at least this many fit."""

EMPTY_TEXT = _("no predictions yet")


@dataclass(frozen=True, slots=True)
class GridLayout:
    """How the images are arranged."""

    columns: int
    rows: int
    image: Size
    """Size of one image in cells."""
    half: bool
    """Whether each block of 2×2 pixels is drawn as one."""
    spare: int = 0
    """The cells that each column has beyond what it needs, so that all of them fill the width."""

    @property
    def cell(self) -> Size:
        """An image, its caption beside it, and the gap to the next."""
        height = max(self.image.height, 7) + 1
        return Size(self.image.width + 1 + CAPTION_WIDTH + 1 + self.spare, height)

    @classmethod
    def fit(cls, count: int, pixels: tuple[int, int], area: Size) -> GridLayout:
        """The layout of `count` images of (height, width) pixels for a view of `area` cells."""
        full = cls._at(count, pixels, area.width, half=False)
        fits = full.columns * ((area.height + 1) // full.cell.height)
        if fits >= min(count, _ENOUGH) and full.cell.width - 1 <= area.width:
            return full
        return cls._at(count, pixels, area.width, half=True)

    @classmethod
    def _at(cls, count: int, pixels: tuple[int, int], width: int, *, half: bool) -> GridLayout:
        height, across = pixels
        if half:
            height, across = (height + 1) // 2, (across + 1) // 2
        image = Size(across, (height + 1) // 2)
        columns = max(1, (width + 1) // cls(1, 1, image, half).cell.width)
        rows = -(-count // columns)
        spare = (width + 1) // columns - cls(1, 1, image, half).cell.width if rows > 1 else 0
        return cls(columns, rows, image, half, max(0, spare))


def caption(image: PredictedImage, classes: Sequence[str]) -> list[str]:
    """The true class, whether the model is right, and its probability; at most 11 cells wide."""
    shown, taken = _name(image.label, classes), _name(image.predicted, classes)
    text = _("right") if image.is_right else _("wrong: predicted {name}").format(name=taken)
    return [*_wrapped(shown), "", *_wrapped(text), f"{image.probability:.0%}"]


def _wrapped(text: str) -> list[str]:
    return [line_text(line) for line in wrap([(text, Ink.PLAIN)], CAPTION_WIDTH)]


def _name(label: int, classes: Sequence[str]) -> str:
    return classes[label] if label < len(classes) else str(label)


class ImageGrid(ScrollView, can_focus=True):
    """A scrolling grid of predictions; redrawn when the images, the size or the theme change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "image-grid--label",
        "image-grid--right",
        "image-grid--wrong",
        "image-grid--empty",
    }

    DEFAULT_CSS = """
    ImageGrid {
        width: 1fr;
        height: 1fr;
        scrollbar-size-vertical: 0;
        overflow-x: hidden;
    }
    ImageGrid > .image-grid--label { text-style: bold; }
    ImageGrid > .image-grid--right { color: $text-success; }
    ImageGrid > .image-grid--wrong { color: $text-error; }
    ImageGrid > .image-grid--empty { color: $text-muted; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._images: tuple[PredictedImage, ...] = ()
        self._class_names: tuple[str, ...] = ()
        self._drawn: tuple[Size, bool] | None = None
        self._layout: GridLayout | None = None
        self._head = Strip([])
        self._rows: dict[int, list[Strip]] = {}
        """The rows of images drawn so far: those out of view are drawn when they come into it."""

    @property
    def text(self) -> str:
        """All rows without colours, including those out of view."""
        self._draw()
        return "\n".join(self._line(row).text.rstrip() for row in range(self._height))

    def words(self, image: PredictedImage) -> list[str]:
        """The caption of an image: the name of what it is, an empty line, the verdict."""
        return caption(image, self._class_names)

    def set_images(self, images: Sequence[PredictedImage], classes: Sequence[str]) -> None:
        """Show `images`; `classes` names the labels."""
        old, self._images = self._images, tuple(images)
        renamed = tuple(classes) != self._class_names
        self._class_names = tuple(classes)
        before = self._drawn
        if renamed or len(old) != len(images) or before is None or not self._is_displayed():
            self._forget()
            return
        if before[0] != self.size:
            self._forget()
            return
        self._drawn = None
        self._draw()
        regions = list(self._changes(old))
        if regions:
            self.refresh(*regions)

    def _is_displayed(self) -> bool:
        # Asking a hidden widget for its size would make Textual lose its resize event.
        return all(node.display for node in self.ancestors_with_self)

    def _changes(self, old: Sequence[PredictedImage]) -> Iterator[Region]:
        """The parts of the view that differ from when `old` was shown."""
        layout = self._layout_images()
        if layout is None:
            return
        scrolled = -self.scroll_offset.y
        if self.summary(old) != self.summary(self._images):
            yield Region(0, scrolled, self.size.width, 1)
        for index, (was, now) in enumerate(zip(old, self._images, strict=True)):
            row, column = divmod(index, layout.columns)
            x, y = column * layout.cell.width, 1 + row * layout.cell.height + scrolled
            if not np.array_equal(was.pixels, now.pixels):
                yield Region(x, y, layout.image.width, layout.image.height)
            words = zip_longest(self.words(was), self.words(now))
            for line, (before, after) in enumerate(words):
                if before != after or (line and was.is_right != now.is_right):
                    yield Region(x + layout.image.width + 1, y + line, CAPTION_WIDTH, 1)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the images out again."""
        self._forget()

    def notify_style_update(self) -> None:
        """Use the colours of the new theme."""
        super().notify_style_update()
        self._drawn = None

    def _forget(self) -> None:
        self._drawn = None
        self.refresh()

    def _fit(self) -> None:
        """Let the view scroll over all rows; called after drawing, which determines them."""
        size = Size(self.size.width, self._height)
        if size != self.virtual_size:
            self.virtual_size = size

    def _layout_images(self) -> GridLayout | None:
        if not self._images or not self.size.area:
            return None
        height, width = self._images[0].pixels.shape
        area = Size(self.size.width, self.size.height - 1)
        return GridLayout.fit(len(self._images), (height, width), area)

    def render_line(self, y: int) -> Strip:
        """Row `y` of the view."""
        self._draw()
        width = self.size.width
        row = self.scroll_offset.y + y
        if row < self._height:
            return self._line(row).adjust_cell_length(width, self.rich_style)
        return Strip.blank(width, self.rich_style)

    def _draw(self) -> None:
        shades = needs_shades(self.app.console, self.app.no_color)
        key = (self.size, shades)
        if key == self._drawn:
            return
        self._drawn = key
        self._layout = layout = self._layout_images()
        self._rows = {}
        self.call_later(self._fit)
        if layout is None:
            style = self.get_component_rich_style("image-grid--empty")
            self._head = Strip([Segment(EMPTY_TEXT, style)])
            return
        height = layout.rows * layout.cell.height
        self._head = self._heading(scrolls=height > self.size.height)

    @property
    def _height(self) -> int:
        """Rows of characters; there is no gap below the last images."""
        return self._layout.rows * self._layout.cell.height if self._layout else 1

    def _line(self, y: int) -> Strip:
        """Row `y` of all; to be called after `_draw`."""
        layout = self._layout
        if y == 0 or layout is None:
            return self._head
        number, line = divmod(y - 1, layout.cell.height)
        if number not in self._rows:
            start = number * layout.columns
            shown = self._images[start : start + layout.columns]
            shades = needs_shades(self.app.console, self.app.no_color)
            self._rows[number] = self._row(shown, layout, shades)
        return self._rows[number][line]

    def _heading(self, *, scrolls: bool) -> Strip:
        base = self.rich_style
        bold = self.get_component_rich_style("image-grid--label")
        title, text = self.summary(self._images)
        text = f"  {text}"
        scroll = "  " + _("↑ ↓: scroll")
        if scrolls and cell_len(title + text + scroll) <= self.size.width:
            text += scroll
        return Strip([Segment(title, bold), Segment(text, base)])

    def summary(self, images: Sequence[PredictedImage]) -> tuple[str, str]:
        """The title of the grid, and what is said about `images` after it."""
        # The images are selected, so their share of wrong ones does not measure the model.
        count = len(images)
        wrong = sum(not image.is_right for image in images)
        parts = [
            plural("{count} selected test image", "{count} selected test images", count),
            _("{count} wrong").format(count=wrong),
        ]
        return _("predictions"), " · ".join(parts)

    def _row(
        self, images: Sequence[PredictedImage], layout: GridLayout, shades: bool
    ) -> list[Strip]:
        base = self.rich_style
        label = self.get_component_rich_style("image-grid--label")
        draw = shade_rows if shades else block_rows
        lines: list[list[Segment]] = [[] for _unused in range(layout.cell.height)]
        on_base: dict[Style | None, Style] = {None: base}
        for image in images:
            pixels = halved(image.pixels) if layout.half else image.pixels
            drawn = draw(pixels)
            words = self.words(image)
            name_lines = words.index("")
            mark = "image-grid--right" if image.is_right else "image-grid--wrong"
            verdict = self.get_component_rich_style(mark)
            for y, line in enumerate(lines):
                if y < len(drawn):
                    for text, style, _control in drawn[y]:
                        if style not in on_base:
                            on_base[style] = base + style
                        line.append(Segment(text, on_base[style]))
                else:
                    line.append(Segment(" " * layout.image.width, base))
                word = words[y] if y < len(words) else ""
                style = label if y < name_lines else verdict
                line += [
                    Segment(" ", base),
                    Segment(word, style if word else base),
                    Segment(" " * (CAPTION_WIDTH - cell_len(word) + 1 + layout.spare), base),
                ]
        return [Strip(line) for line in lines]
