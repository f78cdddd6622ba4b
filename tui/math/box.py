"""Rectangles of text with a baseline, and how to combine them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.math.spans import PLAIN, Line, Roles, Span
from tui.math.width import cell_width, graphemes


@dataclass(frozen=True, slots=True)
class Box:
    """Rows of equal width.

    Attributes:
        width: width of every row in cells.
        rows: from top to bottom.
        baseline: index of the row on which the box stands. It may lie outside the rows: a raised
            script stands on a row below its last one.
        folded: whether the box was broken into several lines.
    """

    width: int
    rows: tuple[Line, ...]
    baseline: int = 0
    folded: bool = False

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @property
    def above(self) -> int:
        """Rows above the baseline."""
        return self.baseline

    @property
    def below(self) -> int:
        """Rows below the baseline."""
        return len(self.rows) - 1 - self.baseline

    def standing(self, baseline: int) -> Box:
        """The same rows with another baseline."""
        return Box(self.width, self.rows, baseline, self.folded)


EMPTY = Box(0, ((),))


def blank(cells: int, roles: Roles = PLAIN) -> Line:
    """A row of blank cells."""
    return (Span(" " * cells, roles),) if cells > 0 else ()


def text_box(text: str, roles: Roles = PLAIN) -> Box:
    """One row of text."""
    return Box(cell_width(text), ((Span(text, roles),) if text else (),))


def column_box(cells: Sequence[str], roles: Roles = PLAIN, baseline: int = 0) -> Box:
    """Texts of equal width, one below another."""
    return Box(cell_width(cells[0]), tuple((Span(cell, roles),) for cell in cells), baseline)


def merged(spans: Iterable[Span]) -> Line:
    """Merge neighbouring spans with the same roles."""
    out: list[Span] = []
    text = ""
    roles = PLAIN
    for span in spans:
        if span[1] == roles:
            text += span[0]
        else:
            if text:
                out.append(Span(text, roles))
            text, roles = span
    if text:
        out.append(Span(text, roles))
    return tuple(out)


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes side by side, on one baseline."""
    if len(boxes) == 1:
        return boxes[0]
    if not boxes:
        return EMPTY
    above = max(box.baseline for box in boxes)
    below = max(len(box.rows) - box.baseline for box in boxes)
    width = sum([box.width for box in boxes])
    folded = any(box.folded for box in boxes)
    if above == 0 and below == 1:
        return Box(width, (merged([span for box in boxes for span in box.rows[0]]),), 0, folded)
    rows: list[Line] = []
    for y in range(-above, below):
        spans: list[Span] = []
        missing = 0
        for box in boxes:
            index = y + box.baseline
            if 0 <= index < len(box.rows):
                if missing:
                    spans.append(Span(" " * missing, PLAIN))
                    missing = 0
                spans.extend(box.rows[index])
            else:
                missing += box.width
        if missing:
            spans.append(Span(" " * missing, PLAIN))
        rows.append(merged(spans))
    return Box(width, tuple(rows), above, folded)


def widened(box: Box, width: int, align: str = "c") -> Box:
    """The box padded with blanks to `width` cells; `align` is l, c or r."""
    extra = width - box.width
    if extra <= 0:
        return box
    left = {"l": 0, "c": extra // 2, "r": extra}[align]
    before, after = blank(left), blank(extra - left)
    rows = tuple(merged((*before, *row, *after)) for row in box.rows)
    return Box(width, rows, box.baseline, box.folded)


def above_each_other(boxes: Sequence[Box], base: int, align: str = "c") -> Box:
    """Boxes stacked vertically, with the baseline of the one at index `base`."""
    width = max(box.width for box in boxes)
    rows: list[Line] = []
    baseline = 0
    for index, box in enumerate(boxes):
        if index == base:
            baseline = len(rows) + box.baseline
        rows.extend(widened(box, width, align).rows)
    return Box(width, tuple(rows), baseline, any(box.folded for box in boxes))


def overlaid(boxes: Sequence[Box]) -> Box:
    """Boxes that start in the same column, each on its own rows; no two may share a row."""
    width = max(box.width for box in boxes)
    above = max(box.baseline for box in boxes)
    below = max(len(box.rows) - box.baseline for box in boxes)
    rows: list[Line] = [blank(width)] * (above + below)
    for box in boxes:
        for index, row in enumerate(widened(box, width, "l").rows):
            rows[above - box.baseline + index] = row
    return Box(width, tuple(rows), above)


def cut(box: Box, start: int, stop: int) -> Box:
    """The columns from `start` up to, not including, `stop`."""
    rows: list[Line] = []
    for row in box.rows:
        column = 0
        spans: list[Span] = []
        for span in row:
            text = ""
            for cell in graphemes(span.text):
                size = cell_width(cell)
                if start <= column and column + size <= stop:
                    text += cell
                elif column < stop and column + size > start:
                    text += " " * (min(stop, column + size) - max(start, column))
                column += size
            spans.append(Span(text, span.roles))
        rows.append(merged(spans))
    return Box(stop - start, tuple(rows), box.baseline, True)
