"""A figure of a lesson in its page."""

from __future__ import annotations

from lessons.format.document import Figure
from tui.figures.registry import fits
from tui.page.lesson import block_lines
from tui.page.lines import InkLine
from tui.widgets.lines_view import LinesView


class FigureView(LinesView):
    """Draws a figure as wide as the page."""

    def __init__(self, block: Figure) -> None:
        super().__init__()
        self.block = block

    def show(self, block: Figure) -> None:
        """Draw it with other options."""
        self.block = block
        self.relay()

    def fits(self, width: int) -> bool:
        """Whether it loses nothing at this width."""
        return width > 0 and fits(self.block.drawing, width)

    def lines(self, width: int) -> list[InkLine]:
        return block_lines(self.block, width)
