"""Breaks a row that is wider than the available room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.formulas.nodes import AtomClass, Row
from engine.formulas.symbols import SPACES
from tui.math.box import Box, beside, cut, text_box
from tui.math.pieces import Context, Layouter, Piece, joined, joined_width
from tui.math.spans import Line, Roles, Span

_HOLDS_NEXT = {
    AtomClass.FUNCTION,
    AtomClass.LARGE,
    AtomClass.RELATION,
    AtomClass.BINARY,
    AtomClass.OPEN,
}
_NARROW = 12
"""A bracket or fraction is broken inside only if it gets at least this many cells."""

_COMFORTABLE = 40
"""From this width on, lines may be indented up to the middle."""

Pieces = Sequence[Piece]


def fold(layout: Layouter, pieces: Pieces, limit: int) -> Box:
    """The pieces on several lines, none wider than the limit if they can be broken that way.

    Lines break, in order of preference, before relations, before + and −, after commas and before
    other signs, inside brackets and fractions, between factors, and as a last resort anywhere.
    Lines after the first are indented.
    """
    return _stacked(_lines(layout, pieces, limit))


def page(layout: Layouter, row: Row, context: Context, limit: int) -> Box:
    """A whole formula; every line is forced to fit within the limit."""
    pieces = layout.pieces(row, context)
    if joined_width(pieces) <= limit:
        return joined(pieces)
    return _stacked([fitted(line, limit) for line in _lines(layout, pieces, limit)])


def _stacked(lines: Sequence[Box]) -> Box:
    """Lines stacked vertically, with a blank row between tall ones."""
    rows: list[Line] = []
    width = max(line.width for line in lines)
    for number, line in enumerate(lines):
        if number and (lines[number - 1].below > 0 or line.above > 0):
            rows.append((Span(" " * width, frozenset()),) if width else ())
        extra = text_box(" " * (width - line.width))
        rows.extend(beside([line, extra]).rows)
    return Box(width, tuple(rows), lines[0].baseline, True)


def folded_text(text: str, roles: Roles, limit: int | None) -> Box:
    """Words on one line, or on several if they do not fit."""
    box = text_box(text, roles)
    if limit is None or box.width <= limit:
        return box
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_box(longer).width <= limit:
            rows[-1] = longer
        else:
            rows.append(word)
    boxes = [text_box(row, roles) for row in rows]
    width = max(box.width for box in boxes)
    lines = tuple(beside([box, text_box(" " * (width - box.width))]).rows[0] for box in boxes)
    return Box(width, lines, 0, True)


def fitted(box: Box, limit: int) -> Box:
    """The box, cut into stacked strips if it is too wide.

    Strips end where most rows are blank. This is for boxes that cannot be broken, such as a matrix
    in a pane narrower than its columns.
    """
    if box.width <= limit:
        return box
    limit = max(1, limit)
    blanks = [0] * (box.width + 1)
    for row in box.rows:
        text = "".join(span.text for span in row)
        if len(text) == box.width:
            for column, character in enumerate(text):
                blanks[column] += character == " "
    rows: list[Line] = []
    start = 0
    while start < box.width:
        stop = start + limit
        if stop < box.width:
            earliest = start + max(1, limit // 2)
            stop = max(range(earliest, stop + 1), key=lambda column: (blanks[column], column))
        strip = cut(box, start, min(stop, box.width))
        padding = (Span(" " * (limit - strip.width), frozenset()),) if strip.width < limit else ()
        if rows and len(box.rows) > 1:
            rows.append((Span(" " * limit, frozenset()),))
        rows.extend((*row, *padding) for row in strip.rows)
        start = stop
    return Box(limit, tuple(rows), box.baseline, True)


def _between_formulas(before: Piece, piece: Piece) -> bool:
    return piece.gap >= SPACES["\\quad"]


def _before_relation(before: Piece, piece: Piece) -> bool:
    return piece.left is AtomClass.RELATION


def _before_sign(before: Piece, piece: Piece) -> bool:
    return piece.left is AtomClass.BINARY and piece.is_sign


def _between_terms(before: Piece, piece: Piece) -> bool:
    return piece.left is AtomClass.BINARY or before.right is AtomClass.PUNCTUATION


def _between_factors(before: Piece, piece: Piece) -> bool:
    if before.right in _HOLDS_NEXT or piece.left in (AtomClass.CLOSE, AtomClass.PUNCTUATION):
        return False
    if before.is_sign or before.text in ("∂", "∇", "d") or piece.text.isdigit():
        return False
    # A bracket directly after a letter is its argument.
    return piece.left is not AtomClass.OPEN or piece.gap > 0 or before.right is AtomClass.CLOSE


def _anywhere(before: Piece, piece: Piece) -> bool:
    return True


def _split(pieces: Pieces, here: Callable[[Piece, Piece], bool]) -> list[list[Piece]]:
    """Split the pieces wherever the rule `here` holds outside brackets."""
    chunks: list[list[Piece]] = [[]]
    depth = 0
    for index, piece in enumerate(pieces):
        if piece.left is AtomClass.CLOSE:
            depth = max(0, depth - 1)
        if index and depth == 0 and here(pieces[index - 1], piece):
            chunks.append([])
        chunks[-1].append(piece)
        if piece.right is AtomClass.OPEN:
            depth += 1
    return chunks


def _lines(layout: Layouter, pieces: Pieces, limit: int, level: int = 0) -> list[Box]:
    """The lines of the pieces, with the indent of all but the first."""
    if joined_width(pieces) <= limit:
        return [joined(pieces)]
    hang = _hang(pieces, limit)
    if level < 1:
        chunks = _split(pieces, _between_formulas)
        if len(chunks) > 1:
            return _packed(layout, chunks, limit, 0, 0)
        chunks = _split(pieces, _before_relation)
        if len(chunks) > 1:
            left = 0 if pieces[0].left is AtomClass.RELATION else joined_width(chunks[0])
            indent = 2 if left > limit // 3 else left + (chunks[1][0].gap if left else 0)
            if 0 < left <= limit // 2:
                # A short left side stays on one line with the first relation.
                chunks[:2] = [[*chunks[0], *chunks[1]]]
        if len(chunks) > 1:
            return _packed(layout, chunks, limit, indent, 1)
    for number, rule in ((2, _before_sign), (3, _between_terms)):
        if level < number:
            chunks = _split(pieces, rule)
            if len(chunks) > 1:
                return _packed(layout, chunks, limit, hang, number)
    if level < 4:
        chunks = _split(pieces, _between_factors)
        if len(chunks) > 1 and max(map(joined_width, chunks)) <= limit - hang:
            return _packed(layout, chunks, limit, hang, 4)
        inside = _inside(layout, pieces, limit)
        if inside is not None:
            return inside
        if len(chunks) > 1:
            return _packed(layout, chunks, limit, hang, 4)
    chunks = _split(pieces, _anywhere)
    if len(chunks) > 1:
        inside = _inside(layout, pieces, limit, 1)
        return inside or _packed(layout, chunks, limit, min(hang, 2), 5)
    if len(pieces) > 1:
        inside = _inside(layout, pieces, limit, 1)
        return inside or _packed(layout, [[piece] for piece in pieces], limit, 0, 5)
    piece = pieces[0]
    return [layout.node(piece.node, piece.context, limit)]


def _hang(pieces: Pieces, limit: int) -> int:
    """The column of the first term after a relation, or a small indent."""
    sides = _split(pieces, _before_relation)
    if len(sides) > 1 or pieces[0].left is AtomClass.RELATION:
        index = len(sides[0]) if len(sides) > 1 and pieces[0].left is not AtomClass.RELATION else 0
        if index + 1 < len(pieces):
            column = joined_width(pieces[: index + 1]) + pieces[index + 1].gap
            if column <= (limit // 2 if limit >= _COMFORTABLE else limit // 4):
                return column
    return min(2, limit // 4)


def _packed(
    layout: Layouter, chunks: list[list[Piece]], limit: int, indent: int, level: int
) -> list[Box]:
    """Fill each line with as many chunks as fit."""
    lines: list[Box] = []
    current: list[Piece] = []

    def add(boxes: list[Box]) -> None:
        for box in boxes:
            lines.append(beside([text_box(" " * indent), box]) if lines and indent else box)

    for chunk in chunks:
        room = limit - indent if lines else limit
        if current and joined_width([*current, *chunk]) <= room:
            current.extend(chunk)
            continue
        if current:
            add([joined(current)])
            current = []
        room = limit - indent if lines else limit
        if joined_width(chunk) <= room:
            current = list(chunk)
        elif lines:
            add(_lines(layout, chunk, room, level))
        else:
            lines.extend(_lines(layout, chunk, limit, level))
    if current:
        add([joined(current)])
    return lines


def _inside(layout: Layouter, pieces: Pieces, limit: int, least: int = _NARROW) -> list[Box] | None:
    """The pieces with their widest bracket, fraction or other group broken inside."""
    total = joined_width(pieces)
    best: tuple[int, int, int] | None = None
    for start, stop in _groups(pieces):
        width = joined_width(pieces[start:stop])
        if best is None or width > best[0]:
            best = (width, start, stop)
    if best is None:
        return None
    width, start, stop = best
    room = limit - (total - width)
    if room < least or (room * 4 < limit and least > 1):
        return None
    if stop - start == 1:
        piece = pieces[start]
        box = layout.node(piece.node, piece.context, room)
        if box.width > room:
            return None
        narrow = Piece(piece.node, piece.context, box, piece.left, piece.right, piece.gap)
        return [joined([*pieces[:start], narrow, *pieces[stop:]])]
    before, body, after = pieces[: start + 1], pieces[start + 1 : stop], pieces[stop:]
    lead = joined_width(before) + body[0].gap
    tail = joined_width(after) + after[0].gap if after else 0
    if limit - lead - tail < min(least, 1):
        return None
    lines = _lines(layout, body, limit - lead - tail)
    if any(line.width > limit - lead - tail for line in lines):
        return None
    lines[0] = beside([joined(before), text_box(" " * body[0].gap), lines[0]])
    lines[1:] = [beside([text_box(" " * lead), line]) for line in lines[1:]]
    if after:
        lines[-1] = beside([lines[-1], text_box(" " * after[0].gap), joined(after)])
    return lines


def _groups(pieces: Pieces) -> list[tuple[int, int]]:
    """The places that can be broken inside: single boxes, and the spans of flat brackets.

    A flat bracket runs from its opening sign up to, not including, its closing one.
    """
    found: list[tuple[int, int]] = []
    open_at: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.left is AtomClass.CLOSE:
            if open_at:
                start = open_at.pop()
                if not open_at and index > start + 1:
                    found.append((start, index))
        elif piece.right is AtomClass.OPEN:
            open_at.append(index)
        elif not open_at and piece.box.width > 1:
            found.append((index, index + 1))
    return found
