"""One frame of a film of weights: images, or cells with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from engine.language import _
from engine.naming import Shown
from engine.training.film import Film, Sheet, Values
from tui.widgets.diverging import cell_style, image_rows, levels, sign_of, sign_rows
from tui.widgets.drawn_text import DrawnText
from tui.widgets.half_blocks import needs_shades
from tui.widgets.scaling import scaled

GAP = 2
ZOOMS = (3.0, 2.5, 2.0, 1.75, 1.5, 1.25, 1.0, 0.875, 0.75, 0.625, 0.5, 0.4, 0.36)
"""Cells per pixel, in width; each cell is two pixels high. Of 28 weights, 10 are the fewest."""
LEAST = 0.5
"""The largest size of images of which not all are seen."""
CELL = 8
LABEL = 4


def number_text(value: float) -> str:
    """A weight in at most 7 cells: `+0.123`, `−12.3`, `+1.2e−5`."""
    size, shown = abs(value), Shown(value)
    if size == 0:
        return "0"
    if 0.001 <= size < 9.9995:
        return f"{shown:+.3f}"
    return f"{shown:+.1f}" if 9.9995 <= size < 999.95 else f"{shown:+.1e}"


@dataclass(frozen=True, slots=True)
class ImageLayout:
    """How the images of a sheet are arranged."""

    pixels: tuple[int, int]
    """Height and width of one image as it is drawn."""
    columns: int
    size: Size
    """Of one image, in cells."""
    rows: int = 1
    pitch: int = 0
    """Lines from one row of images to the next: the name, the image and a gap, or 0 for just these.
    Where rows are out of view, the gap is such that each view holds whole rows."""
    whole: int = 0
    """The rows of a view where others are out of view; 0 where all are seen."""

    @property
    def step(self) -> int:
        """Lines from the name of an image to that of the one below."""
        return self.pitch or self.size.height + 2

    def height(self, room: int) -> int:
        """The lines of all rows, seen through `room` lines."""
        if self.whole:
            return room + (self.rows - self.whole) * self.pitch
        return self.rows * self.step - 1

    @classmethod
    def fit(
        cls,
        count: int,
        pixels: tuple[int, int],
        width: int,
        height: int,
        least_zoom: float = LEAST,
    ) -> ImageLayout:
        """The largest images of (height, width) `pixels` that all fit.

        Else images of at most `least_zoom` that fill most of the view. Where all fit, the rows are
        as equally long as they can be.
        """
        for zoom in ZOOMS:
            found = cls.at(zoom, pixels, width)
            rows = -(-count // found.columns)
            if found.size.width <= width and rows * (found.size.height + 2) - 1 <= height:
                return replace(found, columns=max(1, -(-count // max(rows, 1))), rows=rows)
        smaller = (cls.at(zoom, pixels, width) for zoom in ZOOMS if zoom <= least_zoom)
        return max(
            (each._scrolled(count, height) for each in smaller),
            key=lambda each: each.whole * each.columns * each.size.area,
        )

    def _scrolled(self, count: int, height: int) -> ImageLayout:
        """As many rows of so many images as are seen whole through `height` lines."""
        rows = -(-count // self.columns)
        whole = min((height + 1) // self.step, rows)
        pitch = max(self.step, -(-height // whole)) if whole else 0
        return replace(self, rows=rows, pitch=pitch, whole=whole)

    @classmethod
    def at(cls, zoom: float, pixels: tuple[int, int], width: int) -> ImageLayout:
        """The layout at one size."""
        tall, wide = (max(1, round(side * zoom)) for side in pixels)
        size = Size(wide, (tall + 1) // 2)
        return cls((tall, wide), max(1, (width + GAP) // (wide + GAP)), size)


class FilmView(DrawnText):
    """The weights of one frame."""

    DEFAULT_CSS = """
    FilmView { width: 1fr; height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._film = Film()
        self._class_names: Sequence[str] = ()
        self._shown: tuple[int, bool] = (0, False)
        self._room = 0
        self._strips: tuple[object, list[Strip]] = (None, [])
        self.pitch = 1
        """Lines by which it is scrolled, so that rows of images are seen whole."""

    def show(self, film: Film, number: int, *, change: bool, classes: Sequence[str]) -> None:
        """Show the frame `number`; with `change`, W − W₀."""
        self._film, self._class_names, self._shown = film, classes, (number, change)
        self.refresh(layout=True)

    def fit(self, room: int) -> None:
        """Use so many rows, where they suffice."""
        if room != self._room:
            self._room = room
            self.refresh(layout=True)

    @property
    def text(self) -> str:
        """What is shown, without colours."""
        return "\n".join(strip.text.rstrip() for strip in self._lines(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._lines(width)))

    def render_line(self, y: int) -> Strip:
        width, base = self.content_size.width, self.rich_style
        lines = self._lines(width)
        if y >= len(lines):
            return Strip.blank(width, base)
        return lines[y].adjust_cell_length(width, base)

    def notify_style_update(self) -> None:
        """Use the colours of the new theme."""
        super().notify_style_update()
        self._strips = (None, [])

    def on_resize(self, event: events.Resize) -> None:
        self.refresh()

    def _lines(self, width: int) -> list[Strip]:
        signs = needs_shades(self.app.console, self.app.no_color)
        key = (self._film, self._shown, width, self._room, signs, tuple(self._class_names))
        if self._strips[0] != key:
            self._strips = (key, self._draw(max(width, 10), signs))
        return self._strips[1]

    def _draw(self, width: int, signs: bool) -> list[Strip]:
        base = self.rich_style
        if not self._film.frames:
            return [Strip([Segment(_("no weights yet"), base)])]
        self.pitch = 1
        number, change = self._shown
        number = min(number, len(self._film.frames) - 1)
        sheets = self._film.frames[number].sheets
        limits = self._film.limits(change=change)
        lines: list[Strip] = []
        values = self._film.values(number, change=change)
        for sheet, found, limit in zip(sheets, values, limits, strict=True):
            if lines:
                lines.append(Strip.blank(width, base))
            draw = self._images if sheet.is_images else self._numbers
            lines += draw(sheet, found, limit, width, signs)
        return lines

    @property
    def _dark(self) -> bool:
        return self.app.current_theme.dark

    def _images(
        self, sheet: Sheet, values: Values, limit: float, width: int, signs: bool
    ) -> list[Strip]:
        """The images in rows, each with its name above."""
        base, pixels = self.rich_style, (values.shape[1], values.shape[2])
        layout = ImageLayout.fit(len(values), pixels, width, self._room)
        self.pitch = layout.pitch or 1
        gap = layout.step - layout.size.height - 1
        lines: list[Strip] = []
        for start in range(0, len(values), layout.columns):
            units = range(start, min(start + layout.columns, len(values)))
            drawn = []
            for unit in units:
                steps = levels(scaled(values[unit], layout.pixels), limit)
                drawn.append(sign_rows(steps) if signs else image_rows(steps, self._dark))
            if lines:
                lines += [Strip.blank(width, base)] * gap
            names = (
                set_cell_size(self._unit_name(sheet, unit), layout.size.width) for unit in units
            )
            lines.append(Strip([Segment((" " * GAP).join(names), base)]))
            for y in range(layout.size.height):
                row: list[Segment] = []
                for one in drawn:
                    row += [Segment(s.text, base + s.style if s.style else base) for s in one[y]]
                    row.append(Segment(" " * GAP, base))
                lines.append(Strip(row))
        lines += [Strip.blank(width, base)] * (layout.height(self._room) - len(lines))
        return lines

    def _unit_name(self, sheet: Sheet, unit: int) -> str:
        if sheet.classes and unit < len(self._class_names):
            return self._class_names[unit]
        return str(unit) if sheet.classes else _("unit {number}").format(number=unit)

    def _numbers(
        self, sheet: Sheet, values: Values, limit: float, width: int, signs: bool
    ) -> list[Strip]:
        """A heading, then one row of cells per row of the matrix."""
        base = self.rich_style
        columns = max(1, min(values.shape[1], (width - LABEL - 1) // CELL))
        lines = [Strip([Segment(heading(sheet, len(values), columns, limit, width), base)])]
        steps = levels(values, limit).tolist()
        for index, (row, colours) in enumerate(zip(values.tolist(), steps, strict=True), 1):
            cells = [Segment(f"{index:>{LABEL}} ", base)]
            for value, level in zip(row[:columns], colours[:columns], strict=True):
                text = number_text(value)
                if signs:
                    cells.append(Segment(f"{text:>{CELL - 2}}{sign_of(level)} ", base))
                else:
                    cells.append(
                        Segment(f"{text:>{CELL - 1}} ", base + cell_style(level, self._dark))
                    )
            lines.append(Strip(cells))
        return lines


def heading(sheet: Sheet, rows: int, columns: int, limit: float, width: int) -> str:
    """`w1 (1000×100), first 100 rows, first 9 columns · colours from −3.2 to +3.2`, in fewer words
    where `width` cells do not hold them.
    """
    name = part = f"{sheet.name} ({'×'.join(map(str, sheet.shape))})"
    if rows < sheet.shape[0]:
        part += ", " + _("first {count} rows").format(count=rows)
    if columns < sheet.shape[1]:
        part += ", " + _("first {count} columns").format(count=columns)
    number = f"{Shown(limit):.3g}"
    scale = _("colours from −{limit} to +{limit}").format(limit=number)
    ways = (f"{part} · {scale}", f"{part} · ±{number}", f"{name} · ±{number}")
    return next((way for way in ways if cell_len(way) <= width), ways[-1])
