"""Lab: the images of a data set, page by page, of all classes or one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Static

from engine.labs.gallery import PARTS, Choice, Gallery, Pixels
from engine.language import _, plural
from tui.background import in_background
from tui.columns import at_dots
from tui.labs.base import Lab, following, sentence
from tui.labs.registry import LabEntry
from tui.widgets.drawn_text import DrawnText
from tui.widgets.half_blocks import block_rows, halved, needs_shades, shade_rows
from tui.widgets.numbers import thousands

PART_NAMES: Mapping[str, str] = {"train": _("train"), "test": _("test")}
"""The parts of the data set as they are shown."""
_SIDE = 28
_GAP = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """How many images a view holds, each with a caption below it."""

    columns: int
    rows: int
    half: bool
    """Whether each 2×2 block of pixels is drawn as one."""

    @classmethod
    def fit(cls, area: Size, *, half: bool) -> Grid:
        """As many as fit into `area`, but at least one."""
        cell = _cell(half=half)
        return cls(
            max(1, (area.width + _GAP) // cell.width), max(1, area.height // cell.height), half
        )

    @property
    def count(self) -> int:
        """Images on a page."""
        return self.columns * self.rows


def _cell(*, half: bool) -> Size:
    """The size of an image with its caption and the gap next to it."""
    side = _SIDE // 2 if half else _SIDE
    return Size(side + _GAP, side // 2 + 1)


class GalleryPage(DrawnText):
    """The images of one page; drawn again when the images, the size or the theme change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"gallery-page--words"}

    DEFAULT_CSS = """
    GalleryPage { width: 1fr; height: 1fr; }
    GalleryPage > .gallery-page--words { text-style: bold; }
    """

    class Resized(Message):
        """There is more room, or less: with the terminal, or with the words above and below."""

    def __init__(self) -> None:
        super().__init__()
        self._images: list[tuple[Pixels, str]] = []
        self._grid = Grid(1, 1, half=True)
        self._strips: list[Strip] | None = None

    @property
    def text(self) -> str:
        """The drawn rows without colours."""
        return "\n".join(strip.text.rstrip() for strip in self._drawn())

    def on_resize(self) -> None:
        """The lab counts anew how many images fit."""
        self.post_message(self.Resized())

    def show(self, images: Sequence[tuple[Pixels, str]], grid: Grid) -> None:
        """Show images with their captions."""
        self._images, self._grid, self._strips = list(images), grid, None
        self.refresh()

    def notify_style_update(self) -> None:
        """Use the colours of the new theme."""
        super().notify_style_update()
        self._strips = None

    def render_line(self, y: int) -> Strip:
        strips = self._drawn()
        if y < len(strips):
            return strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

    def _drawn(self) -> list[Strip]:
        if self._strips is None:
            draw = shade_rows if needs_shades(self.app.console, self.app.no_color) else block_rows
            across = self._grid.columns
            self._strips = []
            for start in range(0, len(self._images), across):
                shown = self._images[start : start + across]
                pictures = [draw(halved(p) if self._grid.half else p) for p, _words in shown]
                self._strips += self._row(pictures, [words for _pixels, words in shown])
        return self._strips

    def _row(self, pictures: list[list[list[Segment]]], words: list[str]) -> list[Strip]:
        """One row of images and their captions."""
        base = self.rich_style
        bold = self.get_component_rich_style("gallery-page--words")
        gap = Segment(" " * _GAP, base)
        lines = []
        for y in range(len(pictures[0])):
            line: list[Segment] = []
            for picture in pictures:
                line += [Segment(s.text, base + s.style if s.style else base) for s in picture[y]]
                line.append(gap)
            lines.append(Strip(line))
        width = _cell(half=self._grid.half).width
        below = [Segment(text[: width - 1].ljust(width), bold) for text in words]
        return [*lines, Strip(below)]


class GalleryLab(Lab):
    """Pages through Fashion-MNIST, or through the glyph set if that is not on the machine."""

    KEEPS = ("choice", "half")
    BINDINGS = [
        Binding("right,n", "turn(1)", _("Next page"), id="gallery.next", key_display="→",
                tooltip=_("Show the next page of images")),
        Binding("left,p", "turn(-1)", _("Prev. page"), id="gallery.before", key_display="←",
                tooltip=_("Show the previous page of images")),
        Binding("down", "kind(1)", _("Next class"), id="gallery.class_down", key_display="↓",
                tooltip=_("Show only the next class")),
        Binding("up", "kind(-1)", _("Prev. class"), id="gallery.class_up", key_display="↑",
                tooltip=_("Show only the previous class")),
        *(
            Binding(str(label), f"label({label})", _("Class {number}").format(number=label),
                    id=f"gallery.class_{label}", show=False,
                    tooltip=_("Show only class {number}").format(number=label))
            for label in range(10)
        ),
        Binding("a", "all", _("All classes"), id="gallery.all", tooltip=_("Show all classes")),
        Binding("x", "part", _("Train/test"), id="gallery.part",
                tooltip=_("Switch between training and test images")),
        Binding("z", "size", _("Size"), id="gallery.size",
                tooltip=_("Draw every pixel, or each 2×2 block as one")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    GalleryLab {
        height: 80vh;
        min-height: 18;
        max-height: 32;
    }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.gallery: Gallery | None = None
        self.choice = Choice()
        self.half = True

    def compose(self) -> ComposeResult:
        """The selection, the images, the note."""
        yield Static(_("loading the images…"), id="chosen", markup=False)
        yield GalleryPage()
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Load the set on a thread, because that imports torch."""
        data_dir = self.data_dir
        in_background(self, lambda: Gallery.load(data_dir), self._loaded, self._failed)

    def on_gallery_page_resized(self) -> None:
        """Show as many images as fit the new size."""
        self.show()

    def action_turn(self, pages: int) -> None:
        """Turn the page."""
        if self.gallery is not None:
            self._take(self.gallery.turned(self.choice, pages, self._grid.count))

    def action_kind(self, direction: int) -> None:
        """Show the next class, or all of them."""
        if self.gallery is not None:
            self._take(self.gallery.next_class(self.choice, direction))

    def action_label(self, label: int) -> None:
        """Show one class only."""
        self._take(replace(self.choice, label=label, page=0))

    def action_all(self) -> None:
        """Show all classes."""
        self._take(replace(self.choice, label=None, page=0))

    def action_part(self) -> None:
        """Show the other part of the set."""
        self._take(replace(self.choice, part=following(self.choice.part, PARTS), page=0))

    def action_size(self) -> None:
        """Switch the size; the first image shown stays in view."""
        first = self.choice.page * self._grid.count
        self.half = not self.half
        self._take(replace(self.choice, page=first // self._grid.count))

    @property
    def _grid(self) -> Grid:
        return Grid.fit(self.query_one(GalleryPage).size, half=self.half)

    def _loaded(self, gallery: Gallery) -> None:
        self.gallery = gallery
        self.show()
        self.say("")

    def _failed(self, error: Exception) -> None:
        self.put("chosen", _("There are no images to show."))
        self.trouble = sentence(error, _("The images cannot be read"))
        self.say("")

    def _take(self, choice: Choice) -> None:
        self.choice = choice
        self.show()

    def show(self) -> None:
        gallery, grid = self.gallery, self._grid
        if gallery is None:
            return
        pages = gallery.pages(self.choice, grid.count)
        choice = self.choice = replace(self.choice, page=min(self.choice.page, pages - 1))
        kind = (
            _("all classes")
            if choice.label is None
            else _("class {number}, {name}").format(
                number=choice.label, name=gallery.classes[choice.label]
            )
        )
        count = gallery.count(choice)
        images = plural("{{number}} image", "{{number}} images", count)
        told = _("{title} · {part} · {kind}: {images} · page {page} of {pages}").format(
            title=gallery.title,
            part=PART_NAMES[choice.part],
            kind=kind,
            images=images.format(number=thousands(count)),
            page=thousands(choice.page + 1),
            pages=thousands(pages),
        )
        self.put("chosen", at_dots(told, self.room))
        pixels, labels = gallery.images[choice.part], gallery.labels[choice.part]
        self.query_one(GalleryPage).show(
            [
                (pixels[place], _named(labels[place], gallery.classes[labels[place]]))
                for place in gallery.page(choice, grid.count)
            ],
            grid,
        )

    def marked_hint(self) -> str:
        """What can be done now; without the focus, first why the images are not the real ones."""
        if self.has_keys:
            return _(
                "⟨←|gallery.before⟩ ⟨→|gallery.next⟩ pages · ⟨↑|gallery.class_up⟩ "
                "⟨↓|gallery.class_down⟩ or ⟨0|gallery.class_0⟩–⟨9|gallery.class_9⟩ class · "
                "⟨a|gallery.all⟩ all · ⟨x|gallery.part⟩ train/test · ⟨z|gallery.size⟩ size"
            )
        if self.gallery is not None and self.gallery.trouble:
            return self.gallery.trouble
        return _("Press tab, then the arrows to turn pages and choose a class.")


def _named(label: int, name: str) -> str:
    """A class by number and name; a digit, which is called as its number, once."""
    return name if name == str(label) else f"{label} {name}"


LAB = LabEntry(GalleryLab)
