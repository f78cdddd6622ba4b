"""The blocks of a lesson that are not interactive."""

from __future__ import annotations

from textual import events

from lessons.format.document import Block, DisplayMath, WithNumbers
from lessons.format.links import links_of
from tui.messages import LessonLink
from tui.page.lesson import block_lines
from tui.page.lines import InkLine, link_at
from tui.page.spoken import numbers_markdown
from tui.widgets.lines_view import LinesView


class StaticBlock(LinesView):
    """A paragraph, list, table, formula or drawing of a lesson."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block

    def lines(self, width: int) -> list[InkLine]:
        return block_lines(self.block, width)

    def source_text(self) -> str:
        """What is drawn over several rows is copied as LaTeX."""
        if isinstance(self.block, DisplayMath):
            return f"$${self.block.latex}$$"
        return numbers_markdown(self.block) if isinstance(self.block, WithNumbers) else ""

    def on_click(self, event: events.Click) -> None:
        """A click on the name of a lesson opens it."""
        lines = self._lines(self.content_size.width)
        if not 0 <= event.y < len(lines):
            return
        target = link_at(lines[event.y], event.x, links_of(self.block))
        if target:
            event.stop()
            self.post_message(LessonLink(target))
