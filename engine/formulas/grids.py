"""Cases and matrices."""

from __future__ import annotations

from engine.formulas.conditions import Cases
from engine.formulas.expressions import whole_term
from engine.formulas.nodes import Grid, Row, Text
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.series import DOTS, with_series
from engine.formulas.term import Span, Term
from engine.formulas.terms import Matrix, Vector

MATRICES = {"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"}


def read_grid(grid: Grid, span: Span, context: Context) -> Term:
    """The cases, or the matrix."""
    if grid.kind == "cases":
        return Cases(lines=tuple(_case(row, span, context) for row in grid.rows), span=span)
    if grid.kind not in MATRICES:
        raise context.error(f"The environment {grid.kind} has no meaning.", span[0])
    rows = [_row(row, span, context) for row in grid.rows]
    return Matrix(rows=with_series(rows, "rows", context, span[0]), span=span)


def _case(row: tuple[Row, ...], span: Span, context: Context) -> tuple[Term, Term | None]:
    from engine.formulas.statements import read_condition

    body = whole_term(items_of(row[0], span), context)
    words = [] if len(row) < 2 else items_of(row[1], span)
    items = [item for item in words if not isinstance(item.node, Text)]
    return body, (read_condition(items, context) if items else None)


def _row(row: tuple[Row, ...], span: Span, context: Context) -> Term | None:
    cells = [items_of(cell, span) for cell in row]
    if all(not cell or _is_dots(cell) for cell in cells):
        return None
    terms = [None if _is_dots(cell) else whole_term(cell, context) for cell in cells]
    return Vector(items=with_series(terms, "cells", context, span[0]), span=span)


def _is_dots(cell: list[Item]) -> bool:
    return len(cell) == 1 and cell[0].sign in DOTS
