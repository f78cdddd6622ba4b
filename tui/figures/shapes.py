"""A computation on matrices as boxes with their shapes: `(4, 3) · (3, 2) → (4, 2)`."""

from __future__ import annotations

from engine.language import _
from lessons.format.drawings import Matrix, Shapes
from tui.figures.canvas import INKS, Canvas
from tui.figures.registry import ROWS, FigureKind, Options
from tui.math import cell_width
from tui.page.lines import Ink, InkLine, Piece, cut, wrap
from tui.page.signs import plain_signs

_MOST = ((6, 8), (5, 5), (4, 4), (3, 3), (2, 2))
"""Rows and columns that are drawn at most, where there is room for them and where there is less.

The shape below a box says how many there are.
"""
_GAP = 2


def draw(shapes: Shapes, width: int, height: int, options: Options) -> list[InkLine]:
    """The boxes within `width` × `height` cells; the shapes alone where they find no room."""
    fitting = (
        most
        for most in _MOST
        if _width(shapes, most) <= width and _tall(shapes, most) + 2 <= height
    )
    most = next(fitting, None)
    if most is None:
        return _text(shapes, width, height)
    tall = _tall(shapes, most)
    canvas = Canvas(width, tall + 2, braille=not plain_signs())
    x = (width - _width(shapes, most)) // 2
    middle = 1 + tall // 2
    for number, each in enumerate(shapes.factors):
        if number:
            sign = shapes.signs[number - 1]
            canvas.write(x + _GAP // 2, middle, sign, Ink.STRONG)
            x += cell_width(sign) + _GAP
        columns = _columns(each, most)
        _box(canvas, each, (x, middle), columns, most)
        x += columns
    return canvas.lines()


def _box(
    canvas: Canvas, matrix: Matrix, at: tuple[int, int], columns: int, most: tuple[int, int]
) -> None:
    (x, middle), (wide, tall) = at, _inner(matrix, most)
    ink = INKS[matrix.hue]
    left = x + (columns - wide - 2) // 2
    top = middle - (tall + 2) // 2
    corners = "╭╮╰╯" if canvas.braille else "┌┐└┘"
    canvas.write(x + (columns - cell_width(matrix.name)) // 2, 0, matrix.name, ink)
    if matrix.shape:
        canvas.write(left, top, corners[0] + "─" * wide + corners[1], ink)
        for row in range(top + 1, top + 1 + tall):
            canvas.write(left, row, "│" + _cells(wide) + "│", ink)
        canvas.write(left, top + 1 + tall, corners[2] + "─" * wide + corners[3], ink)
    else:
        canvas.write(left + (wide + 2) // 2, middle, "●" if canvas.braille else "*", ink)
    text = shape_text(matrix.shape)
    canvas.write(x + (columns - cell_width(text)) // 2, canvas.height - 1, text, ink)


def _cells(wide: int) -> str:
    return ("· " * wide)[:wide].rstrip().ljust(wide)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as programs print it."""
    if not shape:
        return "()"
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def _inner(matrix: Matrix, most: tuple[int, int]) -> tuple[int, int]:
    """Columns and rows inside of the box: the last two sizes of the shape."""
    *_more, rows, columns = (1, 1, *matrix.shape)
    return 2 * min(columns, most[1]) - 1, min(rows, most[0])


def _columns(matrix: Matrix, most: tuple[int, int]) -> int:
    return max(_inner(matrix, most)[0] + 2, cell_width(matrix.name), len(shape_text(matrix.shape)))


def _width(shapes: Shapes, most: tuple[int, int]) -> int:
    signs = sum(cell_width(sign) + _GAP for sign in shapes.signs)
    return signs + sum(_columns(each, most) for each in shapes.factors)


def _tall(shapes: Shapes, most: tuple[int, int]) -> int:
    return max(_inner(each, most)[1] for each in shapes.factors) + 2


def _least(shapes: Shapes) -> int:
    return _width(shapes, _MOST[-1])


def _text(shapes: Shapes, width: int, height: int) -> list[InkLine]:
    pieces: list[Piece] = []
    for number, each in enumerate(shapes.factors):
        if number:
            pieces.append((f" {shapes.signs[number - 1]} ", Ink.STRONG))
        pieces.append((f"{each.name}{shape_text(each.shape)}".replace(" ", "\xa0"),
                       INKS[each.hue]))  # fmt: skip
    found = wrap(pieces, max(4, width))
    if width < 4 or any(sum(cell_width(t) for t, _ink in line) > width for line in found):
        found = [((cut("".join(text for text, _ink in line), width), Ink.PLAIN),) for line in found]
    return found[:height]


def words(shapes: Shapes, options: Options) -> str:
    """The shapes in their order."""
    parts = []
    for number, each in enumerate(shapes.factors):
        if number:
            parts.append(shapes.signs[number - 1])
        parts.append(f"{each.name} {shape_text(each.shape)}")
    return _("Shapes: {shapes}.").format(shapes=" ".join(parts))


def _rows(shapes: Shapes, width: int) -> int:
    most = next((most for most in _MOST if _width(shapes, most) <= width), None)
    return len(_text(shapes, width, 99)) if most is None else _tall(shapes, most) + 2


FIGURE = FigureKind(Shapes, draw, words, _rows, _least, {"rows": ROWS})
