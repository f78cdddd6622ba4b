"""Steps of words, formulas and figures alone: nothing in them opens, grows or is answered."""

from __future__ import annotations

from lessons.format.document import (
    DisplayMath,
    Figure,
    Heading,
    ItemList,
    Listing,
    Paragraph,
    Step,
    Table,
)
from tui.page.blocks import figure_rows
from tui.page.lesson import block_lines, heading_pieces
from tui.page.lines import wrap

_STILL = Paragraph | Heading | ItemList | Table | DisplayMath | Listing
_AIR = 2
"""Rows above a page and below it."""


def holds_figures(step: Step, width: int, rows: int) -> bool:
    """Whether a page holds a step whole, its figures included, and will always do so."""
    taken = len(wrap(heading_pieces(step.title), width)) + _AIR
    for block in step.blocks:
        if isinstance(block, Figure):
            taken += 1 + figure_rows(block, width)
        elif isinstance(block, _STILL):
            taken += 1 + len(block_lines(block, width))
        else:
            return False
    return taken <= rows
