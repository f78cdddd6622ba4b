"""A widget that shows lines of styled text, laid out for the current width."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from engine.formulas.errors import MathSyntaxError
from engine.language import _
from tui.page.formula_part import selected_text
from tui.page.lines import HEAT_LEVELS, Heat, Ink, InkLine, wrap
from tui.themes import has_few_colours


class LinesView(Widget):
    """Shows the lines that `lines(width)` returns; subclasses override it.

    Lines of a subclass with `FILLS` depend on `rows`, too: how high the container is.

    Each `Ink` is a component class `ink--NAME`, so that the theme sets its style.
    """

    FILLS: ClassVar[bool] = False
    """Whether what is shown depends on how many rows there are for it."""

    COMPONENT_CLASSES = {f"ink--{ink.value}" for ink in Ink}

    DEFAULT_CSS = """
    LinesView { height: auto; width: 1fr; }
    LinesView > .ink--strong { text-style: bold; }
    LinesView > .ink--emphasis { text-style: italic; }
    LinesView > .ink--code { color: $accent; }
    LinesView > .ink--math { color: $primary; }
    LinesView > .ink--math-bold { color: $primary; text-style: bold; }
    LinesView > .ink--math-dim { color: $foreground-muted; }
    LinesView > .ink--math-change { color: $warning; text-style: bold; }
    LinesView > .ink--math-part { color: $accent; text-style: bold reverse; }
    LinesView > .ink--math-cancel { color: $foreground-muted; text-style: strike; }
    LinesView > .ink--number { color: $meaning-computed; text-style: bold; }
    LinesView > .ink--lesson { color: $accent; text-style: underline; }
    LinesView > .ink--lesson-mark { color: $accent; }
    LinesView > .ink--button { background: $primary; color: $background; text-style: bold; }
    LinesView > .ink--heading { text-style: bold; color: $accent; }
    LinesView > .ink--quiet { color: $foreground-muted; }
    LinesView > .ink--rule { color: $rule; }
    LinesView > .ink--good { color: $success; }
    LinesView > .ink--bad { color: $error; }
    LinesView > .ink--warn { color: $warning; }
    LinesView > .ink--input { color: $meaning-input; }
    LinesView > .ink--weight { color: $meaning-weight; }
    LinesView > .ink--delta { color: $meaning-delta; }
    LinesView > .ink--loss { color: $meaning-loss; }
    LinesView > .ink--computed { color: $meaning-computed; }
    LinesView > .ink--weight-result { color: $meaning-weight; text-style: bold; }
    LinesView > .ink--loss-result { color: $meaning-loss; text-style: bold; }
    LinesView > .ink--forward { color: $meaning-computed; text-style: bold; }
    LinesView > .ink--backward { color: $meaning-delta; text-style: bold; }
    LinesView > .ink--positive { color: $meaning-weight; }
    LinesView > .ink--negative { color: $primary; }
    """

    def __init__(self, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.rows = 0
        """How many rows the container has; only where the class has `FILLS`."""
        self._laid_out: tuple[int, list[InkLine]] | None = None

    def lines(self, width: int) -> list[InkLine]:
        """The lines at `width` cells; subclasses override this."""
        raise NotImplementedError

    def relay(self) -> None:
        """Lay out again because the content has changed."""
        self._laid_out = None
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[InkLine]:
        if self._laid_out is None or self._laid_out[0] != width:
            room = max(width, 10)
            try:
                lines = self.lines(room)
            except MathSyntaxError as error:
                lines = _undrawn(error, room)
            self._laid_out = (width, lines)
        return self._laid_out[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        if self.FILLS and container.height != self.rows:
            self.rows, self._laid_out = container.height, None
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        lines = self._lines(width)
        base = self.rich_style
        if y >= len(lines):
            return Strip.blank(width, base).apply_offsets(0, y)
        segments = [self._segment(text, ink, base) for text, ink in lines[y]]
        strip = Strip(segments).adjust_cell_length(width, base)
        return self._selected(strip, y, width).apply_offsets(0, y)

    def _segment(self, text: str, ink: Ink | Heat, base: Style) -> Segment:
        if isinstance(ink, Ink):
            style = self.get_component_rich_style(f"ink--{ink.value}", partial=True)
            return Segment(text, base + style)
        variables = self.app.theme_variables
        ends = variables["background"], variables["meaning-loss"]
        few = self.app.current_theme.ansi or has_few_colours(self.app.console)
        if few or any(end.startswith("ansi") for end in ends):
            ink_style = self._segment(text, ink.mark or Ink.QUIET, base)
            return Segment(text, (ink_style.style or base) + Style(bold=ink.mark is not None))
        cold, hot = map(Color.parse, ends)
        upper, lower = (cold.blend(hot, level / HEAT_LEVELS) for level in ink[:2])
        if ink.mark is not None:
            ground = cold.blend(hot, (ink.upper + ink.lower) / 2 / HEAT_LEVELS)
            sign = ground.get_contrast_text(1)
            return Segment(
                text, base + Style(color=sign.rich_color, bgcolor=ground.rich_color, bold=True)
            )
        style = Style(color=upper.rich_color, bgcolor=lower.rich_color)
        return Segment((" " if upper == lower else "▀") * len(text), base + style)

    def _selected(self, strip: Strip, y: int, width: int) -> Strip:
        """The row with what the mouse has selected set off."""
        span = self.text_selection.get_span(y) if self.text_selection else None
        if span is None:
            return strip
        start, end = span[0], width if span[1] == -1 else min(span[1], width)
        marked = self.screen.get_component_rich_style("screen--selection")
        middle = strip.crop(start, end)
        return Strip.join(
            [strip.crop(0, start), middle.apply_style(marked), strip.crop(end, width)]
        )

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is copied: the words as they stand, formulas of their own as LaTeX."""
        source = self.source_text()
        if source:
            return source, "\n"
        lines = self._lines(self.content_size.width)
        spans = [selection.get_span(y) for y in range(len(lines))]
        return selected_text(lines, spans), "\n"

    def source_text(self) -> str:
        """What stands for the whole when any of it is copied, such as LaTeX; empty for none."""
        return ""

    def on_resize(self, event: events.Resize) -> None:
        self.refresh()


def _undrawn(error: MathSyntaxError, width: int) -> list[InkLine]:
    """Which formula has a fault, in place of the block that holds it: the rest can be read."""
    told = _("This formula cannot be drawn: {error}").format(error=error)
    return [
        *wrap([("✗ ", Ink.BAD), (told, Ink.BAD)], width, 0, 2),
        *wrap([(error.latex, Ink.CODE)], width, 2, 2),
    ]
