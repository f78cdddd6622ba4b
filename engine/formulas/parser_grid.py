"""Environments: rows and columns of cells."""

from __future__ import annotations

from typing import Protocol

from engine.formulas.errors import MathSyntaxError
from engine.formulas.nodes import Grid, Row
from engine.formulas.symbols import ENVIRONMENTS
from engine.formulas.tokens import Token

_CELL_ENDS = frozenset({"&", "\\\\", "\\end"})
_LINE_ENDS = frozenset({"\\\\", "}"})


class Reader(Protocol):
    """The part of the parser that grids need."""

    index: int

    @property
    def token(self) -> Token:
        """The token to read next."""

    def next(self) -> Token:
        """Read one token."""

    def row(self, stops: frozenset[str], opening: Token | None = None) -> Row:
        """Atoms up to a token in `stops`; `opening` is what the stop closes."""

    def raw(self, command: str) -> str:
        """The source between braces."""

    def error(self, problem: str, token: Token) -> MathSyntaxError:
        """The error to raise at a token."""


def parse_grid(reader: Reader, begin: Token) -> Grid:
    r"""Everything from after \begin to its \end."""
    opening = reader.token
    kind = reader.raw("\\begin")
    if kind not in ENVIRONMENTS:
        known = ", ".join(ENVIRONMENTS)
        raise reader.error(f"The environment {kind!r} is not known: use one of {known}", opening)
    align = ""
    if kind == "array":
        opening = reader.token
        align = reader.raw("\\begin{array}").replace(" ", "")
        if not align or set(align) - set("lcr"):
            raise reader.error("The columns of an array are l, c and r", opening)
    rows: list[tuple[Row, ...]] = []
    cells: list[Row] = []
    while True:
        cells.append(reader.row(_CELL_ENDS, begin))
        end = reader.next()
        if end.text == "&":
            continue
        rows.append(tuple(cells))
        cells = []
        if end.text == "\\end":
            break
    opening = reader.token
    closed = reader.raw("\\end")
    if closed != kind:
        raise reader.error(f"\\begin{{{kind}}} is closed by \\end{{{closed}}}", opening)
    if len(rows) > 1 and all(not cell.items for cell in rows[-1]):
        rows.pop()
    columns = max(map(len, rows))
    if align and columns > len(align):
        raise reader.error("A row has more cells than the array has columns", begin)
    filled = tuple(row + (Row(()),) * (columns - len(row)) for row in rows)
    left, right = ENVIRONMENTS[kind]
    return Grid(kind, filled, left, right, align)


def parse_substack(reader: Reader, command: Token) -> Grid:
    r"""The lines of \substack{…}."""
    if reader.next().text != "{":
        raise reader.error("\\substack needs its lines in { }", command)
    rows: list[tuple[Row, ...]] = []
    while True:
        rows.append((reader.row(_LINE_ENDS, command),))
        if reader.next().text == "}":
            return Grid("substack", tuple(rows))
