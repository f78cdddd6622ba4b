"""One frame of a film of weights: images, or cells with numbers."""

from __future__ import annotations

from collections.abc import Sequence

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
from tui.widgets.film_layout import ImageLayout
from tui.widgets.half_blocks import needs_shades
from tui.widgets.scaling import scaled

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
            names = (set_cell_size(self._unit_name(sheet, unit), layout.name) for unit in units)
            lines.append(Strip([Segment(" ".join(names), base)]))
            for y in range(layout.size.height):
                row: list[Segment] = []
                for one in drawn:
                    row += [Segment(s.text, base + s.style if s.style else base) for s in one[y]]
                    row.append(Segment(" " * layout.gap, base))
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
