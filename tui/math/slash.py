"""Fractions on one line."""

from __future__ import annotations

from collections.abc import Sequence

from engine.formulas.nodes import AtomClass, Fraction, Script, Stack
from tui.math.box import Box, beside, text_box
from tui.math.pieces import Context, Layouter, Piece, Size, joined

_NO_FACTOR = {
    AtomClass.BINARY,
    AtomClass.RELATION,
    AtomClass.LARGE,
    AtomClass.PUNCTUATION,
}
_FACTORS = {AtomClass.ORDINARY, AtomClass.INNER, AtomClass.FUNCTION, AtomClass.LARGE}
_FACTOR_ENDS = {*_FACTORS, AtomClass.CLOSE}
_FACTOR_STARTS = {*_FACTORS, AtomClass.OPEN}

_FUNCTION_LETTERS = tuple("fgσφ")
"""Letters that stand for functions before a bracket, where others are factors."""


def wrapped(box: Box, context: Context) -> Box:
    """A box in parentheses."""
    return beside([text_box("(", context.roles), box, text_box(")", context.roles)])


def slashed(layout: Layouter, node: Fraction, context: Context) -> Box:
    """A fraction as top/bottom, with parentheses where it would otherwise be misread."""
    inner = context.sized(Size.TEXT)
    top, bottom = layout.pieces(node.top, inner), layout.pieces(node.bottom, inner)
    above, below = joined(top), joined(bottom)
    if not (is_product(top) or is_closed(top)):
        above = wrapped(above, context)
    if not is_closed(bottom):
        below = wrapped(below, context)
    return beside([above, text_box("/", context.roles), below])


def is_product(pieces: Sequence[Piece]) -> bool:
    """Whether there are only factors and f(x) outside brackets: no sums, relations or log x."""
    depth = 0
    for index, piece in enumerate(pieces):
        depth -= piece.left is AtomClass.CLOSE
        if depth == 0 and piece.left in _NO_FACTOR:
            return False
        applied = index + 1 < len(pieces) and pieces[index + 1].left is AtomClass.OPEN
        if depth == 0 and piece.left is AtomClass.FUNCTION and not applied:
            return False
        depth += piece.right is AtomClass.OPEN
        if isinstance(piece.node, Fraction) and piece.box.width > 1:
            return False
    return True


def is_closed(pieces: Sequence[Piece]) -> bool:
    """Whether this is one factor: a letter, a number, f(x), a bracket or differentials like ∂x."""
    if not pieces:
        return False
    text = "".join([piece.text for piece in pieces])
    if text.replace(".", "").isdigit() and text.isascii():
        return True
    if len(pieces) == 1:
        return not isinstance(pieces[0].node, Fraction) or pieces[0].box.width == 1
    if pieces[0].text in ("∂", "d"):
        signs = [piece.text for piece in pieces[::2]]
        return len(pieces) % 2 == 0 and set(signs) == {pieces[0].text}
    rest = list(pieces)
    if rest[0].right is AtomClass.FUNCTION or _is_applied(rest):
        rest = rest[1:]
    if rest[0].left is not AtomClass.OPEN:
        return False
    depth = 0
    for index, piece in enumerate(rest):
        depth += (piece.right is AtomClass.OPEN) - (piece.left is AtomClass.CLOSE)
        if piece.left is AtomClass.OPEN and piece.right is AtomClass.CLOSE:
            depth += 1
        if depth == 0:
            return index == len(rest) - 1
    return False


def _is_applied(pieces: Sequence[Piece]) -> bool:
    """Whether this begins like f(x). x(1 − x) is a product, and 1/x(1 − x) would be misread."""
    letter, bracket, *argument = pieces
    if letter.right is not AtomClass.ORDINARY or bracket.left is not AtomClass.OPEN:
        return False
    named = letter.text.rstrip("′")[:1] in _FUNCTION_LETTERS
    return named and all(piece.left is not AtomClass.BINARY for piece in argument)


def separate(pieces: Sequence[Piece]) -> None:
    """Separate what would run together on one line: a/b among factors, x_q before a letter."""
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index else None
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        if isinstance(piece.node, Fraction) and piece.box.width > 1 and piece.box.height == 1:
            factor_before = before and before.right in _FACTOR_ENDS and not before.is_sign
            if factor_before or (after and after.left in _FACTOR_STARTS):
                piece.box = wrapped(piece.box, piece.context)
        if before and not piece.gap and _ends_open(before) and piece.text:
            first = piece.text[0]
            piece.gap = int(first.isalnum() or first in "([{|")


def _ends_open(piece: Piece) -> bool:
    """Whether the next letter would read as part of the script at the end of the piece."""
    if not isinstance(piece.node, Script | Stack) or piece.box.height > 1:
        return False
    text = piece.text
    return text.endswith("*") or (len(text) > 1 and text[-2] in "_^")
