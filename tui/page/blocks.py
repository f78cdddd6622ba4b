"""The static blocks of a lesson as lines: paragraphs, lists, tables, formulas, drawings, code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.language import _
from lessons.format.document import (
    DisplayMath,
    Figure,
    Heading,
    ItemList,
    Listing,
    Paragraph,
    Table,
    Text,
)
from lessons.format.source import load_source
from tui.columns import in_column
from tui.figures.registry import draw as draw_figure
from tui.figures.registry import suitable_rows
from tui.math import cell_width, draw
from tui.math.changes import draw_change
from tui.page.lines import Ink, InkLine, Piece, indent, line_text, line_width, plain, quiet, wrap
from tui.page.prose import formula_rows, pieces
from tui.page.signs import plain_signs

INDENT = 2
"""Columns by which formulas, code and drawings are indented."""
_ASPECT = 3
"""Cells across for each row of a figure that has more rows than it needs."""
_WIDEST_NUMBER = 40


def paragraph(block: Paragraph, width: int) -> list[InkLine]:
    """A paragraph; a remark has a bar in front of it."""
    found = pieces(block.text)
    if not block.quoted:
        return wrap(found, width)
    return [(("▎ ", Ink.QUIET), *line) for line in wrap(found, width - 2)]


def heading(block: Heading, width: int) -> list[InkLine]:
    """A heading inside a step."""
    return [
        tuple((text, Ink.HEADING if ink is Ink.PLAIN else ink) for text, ink in line)
        for line in wrap(pieces(block.text), width)
    ]


def item_list(block: ItemList, width: int) -> list[InkLine]:
    """A list with hanging indents."""
    marks = [
        "• " if block.start is None else f"{block.start + place}. "
        for place in range(len(block.items))
    ]
    room = max(map(len, marks))
    lines: list[InkLine] = []
    for mark, item in zip(marks, block.items, strict=True):
        wrapped = wrap(pieces(item), width - room)
        for number, line in enumerate(wrapped):
            lead = mark.rjust(room) if number == 0 else " " * room
            lines.append(((lead, Ink.QUIET), *line))
    return lines


_NUMBER = re.compile(r"[−-]?\d[\d\u00a0]*(\.\d+)?(e[−-]?\d+)?(\s?%)?|[−-]?∞|[−-]?inf|nan|–|")
"""What a column may hold whose points stand below each other."""


def table(block: Table, width: int) -> list[InkLine]:
    """A table; cells wrap if the columns do not fit. Numbers have their points below each other."""
    rows = [[pieces(cell) for cell in row] for row in (block.header, *block.rows)]
    indents = [_indents([row[at] for row in rows[1:]]) for at in range(len(rows[0]))]
    starts = [[0] * len(indents), *map(list, zip(*indents, strict=True))]
    widths = _column_widths(rows, starts, width)
    lines: list[InkLine] = []
    for number, row in enumerate(rows):
        lines.extend(_table_row(row, starts[number], widths, bold=number == 0))
        if number == 0:
            rule = "─┼─".join("─" * column for column in widths)
            lines.append(plain(rule, Ink.QUIET))
    return lines


def _indents(column: list[list[Piece]]) -> list[int]:
    """By how much each cell of a column is indented: not at all unless all of them are numbers."""
    texts = [line_text(cell) for cell in column]
    if not all(map(_NUMBER.fullmatch, texts)):
        return [0] * len(column)
    tight = min(len(text) - len(text.lstrip()) for text in in_column(texts, _WIDEST_NUMBER))
    return [len(text) - len(text.lstrip()) - tight for text in in_column(texts, _WIDEST_NUMBER)]


def _column_widths(rows: list[list[list[Piece]]], starts: list[list[int]], width: int) -> list[int]:
    """Each column as wide as its widest cell; some are narrowed until all fit.

    First those that only their heading makes so wide: it takes another line then. Words are broken
    only where nothing else helps.
    """
    columns = range(len(rows[0]))
    words = [
        [
            max([*map(cell_width, line_text(cell).split()), 1]) + start
            for cell, start in zip(*each, strict=True)
        ]
        for each in zip(rows, starts, strict=True)
    ]
    whole = [
        [line_width(cell) + start for cell, start in zip(*each, strict=True)]
        for each in zip(rows, starts, strict=True)
    ]

    def widest(*sizes: list[int]) -> list[int]:
        return [max(size[at] for size in sizes) for at in columns]

    widths = widest(*whole)
    room = width - 3 * (len(widths) - 1)
    for floors in (widest(words[0], *whole[1:]), widest(*words), [4] * len(widths)):
        while sum(widths) > room:
            above = [at for at in columns if widths[at] > floors[at]]
            if not above:
                break
            widths[max(above, key=widths.__getitem__)] -= 1
    return widths


def _table_row(
    row: list[list[Piece]], starts: list[int], widths: list[int], *, bold: bool
) -> list[InkLine]:
    cells = [
        wrap(cell, width, start) for cell, start, width in zip(row, starts, widths, strict=True)
    ]
    lines = []
    for number in range(max(map(len, cells))):
        line: list[Piece] = []
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            if at:
                line.append((" │ ", Ink.QUIET))
            found = cell[number] if number < len(cell) else ()
            line.extend(
                (text, Ink.STRONG if bold and ink is Ink.PLAIN else ink) for text, ink in found
            )
            line.append((" " * (width - line_width(found)), Ink.PLAIN))
        lines.append(tuple(line))
    return lines


def formula(latex: str, width: int) -> list[InkLine]:
    """A displayed formula, indented and never wider than `width`."""
    lead: Piece = (" " * INDENT, Ink.PLAIN)
    drawn = draw(latex, width - INDENT, plain_fonts=plain_signs())
    return [(lead, *line) for line in formula_rows(drawn, latex)]


def changed(before: str, latex: str, width: int) -> list[InkLine]:
    """A displayed formula in which everything that `before` does not hold is lit."""
    if not before:
        return formula(latex, width)
    lead: Piece = (" " * INDENT, Ink.PLAIN)
    drawing = draw_change(before, latex, width - INDENT, plain_fonts=plain_signs())
    return [(lead, *line) for line in formula_rows(drawing.lines, latex)]


def display_math(block: DisplayMath, width: int) -> list[InkLine]:
    """A formula on its own lines."""
    return formula(block.latex, width)


def figure(block: Figure, width: int, *, indented: bool = True, rows: int = 0) -> list[InkLine]:
    """A drawing and its caption, never wider than `width`; as high as suits it, up to `rows`."""
    left = INDENT if indented else 0
    options = dict(block.options)
    caption = _caption(block, width, left)
    high = suitable_rows(block.drawing, width - left, options)
    high = max(high, min(rows - len(caption), width // _ASPECT))
    return [*indent(draw_figure(block.drawing, width - left, high, options), left), *caption]


def figure_rows(block: Figure, width: int) -> int:
    """The rows that a figure without an indent takes, before it grows."""
    rows = suitable_rows(block.drawing, width, dict(block.options))
    return rows + len(_caption(block, width, 0))


def _caption(block: Figure, width: int, left: int) -> list[InkLine]:
    if not block.caption:
        return []
    return [(), *indent(wrap([*quiet(tuple(pieces(block.caption)))], width - left), left)]


def listing(block: Listing, width: int) -> list[InkLine]:
    """Text as it stands, long lines folded."""
    return [
        plain(" " * INDENT + part, Ink.CODE)
        for line in block.text.split("\n")
        for part in fold(line, width - INDENT)
    ]


def where(target: str, line: int) -> str:
    """Where the code comes from: its module, or the file in the lesson's folder."""
    module = target.partition(":")[0]
    parts = module.split(".")
    if parts[:2] == ["lessons", "course"]:
        return _("{file} of this lesson, line {line}").format(file=f"{parts[-1]}.py", line=line)
    return _("{module}, line {line}").format(module=module, line=line)


def source(target: str, width: int) -> list[InkLine]:
    """The source that `target` names, long lines folded, below a line that says where it is."""
    excerpt = load_source(target)
    lines: list[InkLine] = [plain(where(target, excerpt.first_line), Ink.QUIET)]
    for line in excerpt.text.splitlines():
        lines.extend(plain(" " * INDENT + part, Ink.CODE) for part in fold(line, width - INDENT))
    return lines


def fold(line: str, width: int) -> list[str]:
    """A line of code in pieces of at most `width` cells; continuations begin with `↪`."""
    parts: list[str] = []
    lead = ""
    while cell_width(lead + line) > width:
        room = width - cell_width(lead)
        at = line.rfind(" ", room // 2, room)
        at = at + 1 if at > 0 else room
        parts.append(lead + line[:at])
        line, lead = line[at:], "  ↪ "
    parts.append(lead + line)
    return parts


def text_lines(texts: Sequence[Text], width: int) -> list[InkLine]:
    """Several paragraphs with a blank line between."""
    lines: list[InkLine] = []
    for text in texts:
        if lines:
            lines.append(())
        lines.extend(wrap(pieces(text), width))
    return lines
