"""A widget that shows lines of styled text, laid out for the current width."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.page.lines import Ink, InkLine


class LinesView(Widget):
    """Shows the lines that `lines(width)` returns; subclasses override it.

    Each `Ink` is a component class `ink--NAME`, so that the theme sets its style.
    """

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
    """

    def __init__(self, classes: str | None = None) -> None:
        super().__init__(classes=classes)
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
            self._laid_out = (width, self.lines(max(width, 10)))
        return self._laid_out[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One row."""
        width = self.content_size.width
        lines = self._lines(width)
        base = self.rich_style
        if y >= len(lines):
            return Strip.blank(width, base)
        segments = [
            Segment(text, base + self.get_component_rich_style(f"ink--{ink.value}", partial=True))
            for text, ink in lines[y]
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new width."""
        self.refresh()
