"""Lines of which a window is shown: as many as there are rows, around the line in hand."""

from __future__ import annotations

from textual import events

from engine.language import plural
from tui.page.lines import Ink, InkLine, cut
from tui.widgets.lines_view import LinesView


class LinesWindow(LinesView):
    """Follows a line instead of scrolling, since it stands on a page that scrolls.

    Subclasses override `all_lines`; the style sheet gives a height.
    """

    def all_lines(self, width: int) -> tuple[list[InkLine], int]:
        """Every line at `width` cells, and the number of the one in hand, from 0."""
        raise NotImplementedError

    def lines(self, width: int) -> list[InkLine]:
        """The lines in the window; its first and its last say how many are beyond."""
        found, marked = self.all_lines(width)
        return window(found, marked, self.content_size.height, width)

    def on_resize(self, event: events.Resize) -> None:
        """Choose the lines again: their number has changed."""
        self._laid_out = None
        self.refresh()


def window(lines: list[InkLine], marked: int, height: int, width: int) -> list[InkLine]:
    """At most `height` of the lines, with `marked` among them; all where `height` is 0.

    Where some are left out, a line in their place says how many.
    """
    if height <= 0 or len(lines) <= height:
        return lines
    first = max(0, min(marked - height // 2, len(lines) - height))
    last = first + height
    shown = lines[first:last]
    if first and height > 2 and marked != first:
        shown[0] = _beyond(
            plural("↑ {count} line above", "↑ {count} lines above", first + 1), width
        )
    below = len(lines) - last
    if below and height > 2 and marked != last - 1:
        shown[-1] = _beyond(
            plural("↓ {count} line below", "↓ {count} lines below", below + 1), width
        )
    return shown


def _beyond(text: str, width: int) -> InkLine:
    return ((cut(f"  {text}", width), Ink.QUIET),)
