"""Environments: matrices, cases, aligned lines."""

from __future__ import annotations

from engine.formulas.nodes import Grid, Group, Row
from tui.math.box import Box, above_each_other, beside, text_box, widened
from tui.math.pieces import Context, Layouter, Size

_ALIGNED = {"aligned", "align", "align*", "split"}
_EMPTY_ATOM = Group(Row(()))


def draw_grid(layout: Layouter, node: Grid, context: Context, limit: int | None) -> Box:
    """The cells of an environment, without its delimiters."""
    aligned = node.kind in _ALIGNED
    columns = len(node.rows[0])
    if aligned:
        inner = context
        aligns = ("rl" * columns)[:columns]
        gaps = [0 if column % 2 else 3 for column in range(columns)]
    elif node.kind == "gathered":
        inner, aligns, gaps = context, "c" * columns, [3] * columns
    elif node.kind == "substack":
        inner, aligns, gaps = context.sized(Size.SCRIPT), "c", [0]
    elif node.kind == "cases":
        inner, aligns, gaps = context.sized(Size.TEXT), "l" * columns, [3] * columns
    else:
        inner, aligns, gaps = context.sized(Size.TEXT), "c" * columns, [2] * columns
        aligns = node.align or aligns
    gaps[0] = 0
    rows = [
        tuple(
            Row((_EMPTY_ATOM, *cell.items)) if aligned and column % 2 and cell.items else cell
            for column, cell in enumerate(row)
        )
        for row in node.rows
    ]
    cells = [[layout.row(cell, inner) for cell in row] for row in rows]
    pad = int(node.kind.endswith("matrix") and bool(node.left))
    if limit is not None:
        room = limit - bool(node.left) - bool(node.right) - 2 * pad - sum(gaps)
        cells = _narrowed(layout, rows, cells, inner, room)
    widths = [max(row[column].width for row in cells) for column in range(columns)]
    drawn: list[Box] = []
    tall = any(cell.height > 1 for row in cells for cell in row) and node.kind != "substack"
    for number, row in enumerate(cells):
        if number and tall:
            drawn.append(text_box(""))
        parts: list[Box] = [text_box(" " * pad)] if pad else []
        for column, cell in enumerate(row):
            if gaps[column]:
                parts.append(text_box(" " * gaps[column]))
            parts.append(widened(cell, widths[column], aligns[column]))
        if pad:
            parts.append(text_box(" " * pad))
        drawn.append(beside(parts))
    grid = above_each_other(drawn, 0, "l")
    return grid.standing((grid.height - 1) // 2)


def _narrowed(
    layout: Layouter,
    rows: list[tuple[Row, ...]],
    cells: list[list[Box]],
    context: Context,
    room: int,
) -> list[list[Box]]:
    """The cells, broken in columns that are wider than their share of the room."""
    widths = [max(row[column].width for row in cells) for column in range(len(cells[0]))]
    if sum(widths) <= room:
        return cells
    shares = [0] * len(widths)
    left, order = room, sorted(range(len(widths)), key=widths.__getitem__)
    for done, column in enumerate(order):
        shares[column] = max(1, min(widths[column], left // (len(order) - done)))
        left -= shares[column]
    return [
        [
            box if box.width <= share else layout.row(cell, context, share)
            for cell, box, share in zip(row, boxes, shares, strict=True)
        ]
        for row, boxes in zip(rows, cells, strict=True)
    ]
