"""The blocks of a lesson that are not interactive."""

from __future__ import annotations

from lessons.format.document import Block
from tui.page.lesson import block_lines
from tui.page.lines import InkLine
from tui.widgets.lines_view import LinesView


class StaticBlock(LinesView):
    """A paragraph, list, table, formula or drawing of a lesson."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block

    def lines(self, width: int) -> list[InkLine]:
        """The block as lines."""
        return block_lines(self.block, width)
