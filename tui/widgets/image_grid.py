"""Test images with their true and predicted classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from tui.key_names import keyed
from tui.page.lines import Ink, line_text, wrap
from tui.widgets.clickable import key_at, lit_segments
from tui.widgets.drawn_text import DrawnText
from tui.widgets.half_blocks import block_rows, needs_shades, resized, shade_rows
from tui.widgets.image_layout import CAPTION_WIDTH, GridLayout

EMPTY_TEXT = _("no predictions yet")


def caption(image: PredictedImage, classes: Sequence[str], width: int = CAPTION_WIDTH) -> list[str]:
    """The true class, an empty line, whether the model is right, and its probability."""
    taken = _name(image.predicted, classes)
    verdict = _("right") if image.is_right else _missed(taken)
    name = _wrapped(_name(image.label, classes), width)
    return [*name, "", *_wrapped(verdict, width), f"{image.probability:.0%}"]


def most_lines(classes: Sequence[str], width: int) -> int:
    """How many lines, without the empty one, the longest caption has that a test image can get."""
    names = classes or ("0",)
    verdict = max(len(_wrapped(_missed(name), width)) for name in names)
    return max(len(_wrapped(name, width)) for name in names) + verdict + 1


def _missed(taken: str) -> str:
    return _("wrong: predicted {name}").format(name=taken)


def _wrapped(text: str, width: int) -> list[str]:
    return [line_text(line) for line in wrap([(text, Ink.PLAIN)], width)]


def _name(label: int, classes: Sequence[str]) -> str:
    return classes[label] if label < len(classes) else str(label)


class ImageGrid(ScrollView, DrawnText, can_focus=True):
    """A grid of predictions that scrolls by whole rows of images, below its heading.

    It is redrawn when the images, the size or the theme change.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "image-grid--label",
        "image-grid--right",
        "image-grid--wrong",
        "image-grid--empty",
        "image-grid--key",
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
    ImageGrid > .image-grid--key { color: $footer-key-foreground; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._images: tuple[PredictedImage, ...] = ()
        self._class_names: tuple[str, ...] = ()
        self._drawn: tuple[Size, bool] | None = None
        self._layout: GridLayout | None = None
        self._head = Strip([])
        self._keys = ""
        """The heading with marks for the keys that it names."""
        self._rows: dict[int, list[Strip]] = {}
        """The rows of images drawn so far: those out of view are drawn when they come into it."""

    @property
    def text(self) -> str:
        """All rows without colours, including those out of view."""
        self._draw()
        return "\n".join(self._line(row).text.rstrip() for row in range(self._height))

    @property
    def seen(self) -> str:
        """What is in view, without colours."""
        return "\n".join(self.render_line(y).text.rstrip() for y in range(self.size.height))

    def words(self, image: PredictedImage, width: int = CAPTION_WIDTH) -> list[str]:
        """The caption of an image: the name of what it is, an empty line, the verdict."""
        return caption(image, self._class_names, width)

    def _caption_lines(self, width: int) -> int:
        return most_lines(self._class_names, width) + self.extra_lines(width)

    def extra_lines(self, width: int) -> int:
        """The lines of a caption, `width` cells wide, beyond those of `caption`."""
        return 0

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
        self._drawn, head = None, self._head.text
        self._draw()
        regions = list(self._changes(old))
        if self._head.text != head:
            regions.append(Region(0, 0, self.size.width, 1))
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
        first = self.scroll_offset.y
        for index, (was, now) in enumerate(zip(old, self._images, strict=True)):
            row, column = divmod(index, layout.columns)
            if not first <= row < first + layout.whole:
                continue
            x, y = column * layout.cell.width, 1 + (row - first) * layout.cell.height
            if not np.array_equal(was.pixels, now.pixels):
                yield Region(x, y, layout.image.width, layout.image.height)
            words_x, words_y = (
                (x, y + layout.image.height) if layout.below else (x + layout.image.width + 1, y)
            )
            words = zip_longest(self._words(was, layout), self._words(now, layout))
            for line, (before, after) in enumerate(words):
                if before != after or (line and was.is_right != now.is_right):
                    yield Region(words_x, words_y + line, layout.words_width, 1)

    def _words(self, image: PredictedImage, layout: GridLayout) -> list[str]:
        words = self.words(image, layout.words_width)
        return [word for word in words if word] if layout.below else words

    def on_resize(self, event: events.Resize) -> None:
        """Lay the images out again."""
        self._forget()

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked in the heading."""
        inside = event.get_content_offset(self)
        if inside is not None and inside.y == 0 and self._images:
            key = key_at(self._keys, inside.x)
            if key:
                event.stop()
                self.app.simulate_key(key)

    def notify_style_update(self) -> None:
        """Use the colours of the new theme."""
        super().notify_style_update()
        self._drawn = None

    def _forget(self) -> None:
        self._drawn = None
        self.refresh()

    def _fit(self) -> None:
        """Let one step of scrolling be a row of images; called after drawing, which counts them."""
        last = self._layout.last if self._layout else 0
        size = Size(self.size.width, self.size.height + last)
        if size != self.virtual_size:
            self.virtual_size = size

    def _layout_images(self) -> GridLayout | None:
        if not self._images or not self.size.area:
            return None
        height, width = self._images[0].pixels.shape
        area = Size(self.size.width, self.size.height - 1)
        return GridLayout.fit(len(self._images), (height, width), area, self._caption_lines)

    def render_line(self, y: int) -> Strip:
        self._draw()
        width, layout = self.size.width, self._layout
        if y and layout:
            # The heading stays, and rows of images are there whole or not at all.
            if y > layout.whole * layout.cell.height:
                return Strip.blank(width, self.rich_style)
            y += min(self.scroll_offset.y, layout.last) * layout.cell.height
        if y < self._height:
            return self._line(y).adjust_cell_length(width, self.rich_style)
        return Strip.blank(width, self.rich_style)

    def action_page_down(self) -> None:
        """Show the rows of images after those in view."""
        self._turn(1)

    def action_page_up(self) -> None:
        """Show the rows of images before those in view."""
        self._turn(-1)

    def _turn(self, pages: int) -> None:
        rows = self._layout.whole if self._layout else 0
        self.scroll_relative(y=pages * rows, animate=False)

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
        self._head = self._heading(scrolls=layout.last > 0)

    @property
    def _height(self) -> int:
        """Rows of characters of all images and the heading; no gap below the last images."""
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
        self._keys = f"{title}  {text}"
        text = f"  {text}"
        if scrolls:
            room = self.size.width - cell_len(title + keyed(text))
            hints = ("  " + _("↑ ↓: scroll"), "  ↑ ↓")
            text += next((hint for hint in hints if cell_len(hint) <= room), "")
        keys = self.get_component_rich_style("image-grid--key")
        return Strip([Segment(title, bold), *lit_segments(text, base, keys)])

    def summary(self, images: Sequence[PredictedImage]) -> tuple[str, str]:
        """The title of the grid, and what is said about `images` after it, with marks for keys."""
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
            drawn = draw(resized(image.pixels, layout.pixels))
            name_lines = self.words(image, layout.words_width).index("")
            words = self._words(image, layout)
            mark = "image-grid--right" if image.is_right else "image-grid--wrong"
            verdict = self.get_component_rich_style(mark)
            styled = [(word, label if y < name_lines else verdict) for y, word in enumerate(words)]
            for y, line in enumerate(lines):
                if y < len(drawn):
                    for text, style, _control in drawn[y]:
                        if style not in on_base:
                            on_base[style] = base + style
                        line.append(Segment(text, on_base[style]))
                elif not layout.below:
                    line.append(Segment(" " * layout.image.width, base))
                at = y - len(drawn) if layout.below else y
                word, style = styled[at] if 0 <= at < len(styled) else ("", base)
                taken = layout.image.width + 1 if y < len(drawn) or not layout.below else 0
                if taken:
                    line.append(Segment(" ", base))
                line.append(Segment(word, style if word else base))
                line.append(Segment(" " * (layout.cell.width - taken - cell_len(word)), base))
        return [Strip(line) for line in lines]
