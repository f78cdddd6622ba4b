"""Atoms of a row with the spacing between them, after TeX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Protocol

from engine.formulas.nodes import AtomClass, Node, Row
from tui.math.box import Box, beside, text_box
from tui.math.spans import PLAIN, Roles


class Size(IntEnum):
    """TeX's styles: limits and tall sums in DISPLAY, no spaces around signs in SCRIPT."""

    DISPLAY = 0
    TEXT = 1
    SCRIPT = 2


class Context(NamedTuple):
    """How to draw a node: its size and the roles inherited from its surroundings."""

    size: Size
    roles: Roles

    def sized(self, size: Size) -> Context:
        """The same roles, at most at this size."""
        return self if self.size >= size else Context(size, self.roles)


@dataclass(slots=True)
class Piece:
    """One atom of a row.

    `left` and `right` are its classes as seen by its neighbours; `gap` is the number of blank cells
    before it.
    """

    node: Node
    context: Context
    box: Box
    left: AtomClass
    right: AtomClass
    gap: int = 0

    @property
    def text(self) -> str:
        """The characters of the atom."""
        return "".join([span.text for row in self.box.rows for span in row])

    @property
    def is_sign(self) -> bool:
        """Whether this is + or − (or ±, ∓), binary or unary."""
        return self.text in _SIGNS


class Layouter(Protocol):
    """Draws nodes and rows, within a given number of cells if there is a limit."""

    def node(self, node: Node, context: Context, limit: int | None = None) -> Box:
        """Draw a node."""

    def row(self, row: Row, context: Context, limit: int | None = None) -> Box:
        """Draw a row."""

    def pieces(self, row: Row, context: Context) -> list[Piece]:
        """Draw the atoms of a row, each separately."""


_O, _F, _L, _B, _R = (
    AtomClass.ORDINARY,
    AtomClass.FUNCTION,
    AtomClass.LARGE,
    AtomClass.BINARY,
    AtomClass.RELATION,
)
_OPEN, _CLOSE, _P, _I = (
    AtomClass.OPEN,
    AtomClass.CLOSE,
    AtomClass.PUNCTUATION,
    AtomClass.INNER,
)
_BEFORE_UNARY = frozenset({_B, _F, _L, _R, _OPEN, _P})
_AFTER_UNARY = frozenset({_R, _CLOSE, _P})
_SIGNS = ("−", "+", "±", "∓")
_NEAR = {
    _O: {_F, _L, _B, _R, _I},
    _F: {_O, _F, _L, _R, _I},
    _L: {_O, _F, _L, _R, _I, _OPEN},
    _B: {_O, _F, _L, _OPEN, _I},
    _R: {_O, _F, _L, _OPEN, _I},
    _OPEN: set[AtomClass](),
    _CLOSE: {_F, _L, _B, _R, _I},
    _P: {_O, _F, _L, _R, _OPEN, _I},
    _I: {_O, _F, _L, _B, _R, _OPEN, _I},
}
_TABLE = [[int(right in _NEAR[left]) for right in AtomClass] for left in AtomClass]
_SCRIPT_NEAR = {(_O, _F), (_O, _L), (_F, _O), (_F, _F), (_L, _O), (_L, _F), (_CLOSE, _F)}
_SCRIPT_TABLE = [[int((left, right) in _SCRIPT_NEAR) for right in AtomClass] for left in AtomClass]


def settle(pieces: Sequence[Piece], extra: Sequence[int]) -> None:
    """Find the unary signs among the pieces and set the gaps.

    Args:
        pieces: the atoms of a row; their classes and gaps are changed in place.
        extra: cells of explicit spacing before each piece.
    """
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        if piece.left is _B and (
            index == 0
            or pieces[index - 1].right in _BEFORE_UNARY
            or index == last
            or pieces[index + 1].left in _AFTER_UNARY
        ):
            piece.left = piece.right = _O
    for index, piece in enumerate(pieces):
        gap = 0
        if index:
            before = pieces[index - 1]
            table = _SCRIPT_TABLE if piece.context.size is Size.SCRIPT else _TABLE
            gap = table[before.right][piece.left]
            if piece.left is _F and before.right is _O and before.is_sign:
                gap = 0
        wanted = extra[index]
        piece.gap = max(gap, wanted) if wanted >= 0 else max(0, gap + wanted)


def joined(pieces: Sequence[Piece]) -> Box:
    """Pieces side by side; the gap before the first one is dropped."""
    boxes: list[Box] = []
    for index, piece in enumerate(pieces):
        if piece.gap and index:
            roles = piece.context.roles & pieces[index - 1].context.roles
            boxes.append(text_box(" " * piece.gap, roles or PLAIN))
        boxes.append(piece.box)
    return beside(boxes)


def joined_width(pieces: Sequence[Piece]) -> int:
    """Width of the pieces side by side."""
    if not pieces:
        return 0
    return sum([piece.box.width + piece.gap for piece in pieces]) - pieces[0].gap
