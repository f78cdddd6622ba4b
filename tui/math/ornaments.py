"""Parts drawn around a body: accents, roots, braces and frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from unicodedata import normalize

from engine.formulas.nodes import Accent, Boxed, Brace, Root, Row
from tui.math.box import Box, above_each_other, beside, blank, text_box, widened
from tui.math.delimiters import horizontal_brace
from tui.math.pieces import Context, Size
from tui.math.scripts import SUPERSCRIPTS, small
from tui.math.spans import PLAIN, Role, Span

COMBINING = {
    "hat": "\u0302",
    "bar": "\u0304",
    "line": "\u0304",
    "tilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
}
_MARKS = {"hat": "^", "tilde": "~", "vec": "→", "dot": ".", "ddot": ".."}


class Ornaments(ABC):
    """The part of a layout that draws around a body."""

    @abstractmethod
    def row(self, row: Row, context: Context, limit: int | None = None) -> Box:
        """Nodes side by side."""

    def accent(self, node: Accent, context: Context, limit: int | None) -> Box:
        """A mark over a body: in the same cell if possible, else on the row above."""
        body = self.row(node.body, context, limit)
        combining = COMBINING.get(node.mark)
        if body.width == 1 and body.height == 1 and combining and body.rows[0]:
            text, roles = body.rows[0][0]
            composed = normalize("NFC", text + combining)
            # Some terminals do not show combining marks, so only a composed character will do.
            if len(composed) == 1:
                return Box(1, ((Span(composed, roles),),))
        mark = _MARKS.get(node.mark, "_" * body.width)
        return above_each_other([text_box(mark, context.roles), body], 1)

    def root(self, node: Root, context: Context, limit: int | None) -> Box:
        """A root with a line over its body."""
        body = self.row(node.body, context, None if limit is None else max(1, limit - 4))
        roles = context.roles
        if body.height == 1:
            line = (*blank(1), Span("_" * body.width, roles))
            root = Box(body.width + 1, (line, (Span("√", roles), *body.rows[0])), 1)
        else:
            bars = [" │"] * (body.height - 1) + ["╲│"]
            top = (Span(" ┌" + "─" * body.width, roles),)
            sides = tuple(
                (Span(bar, roles), *row) for bar, row in zip(bars, body.rows, strict=True)
            )
            root = Box(body.width + 2, (top, *sides), body.baseline + 1)
        if node.index is None:
            return root
        index = self.row(node.index, context.sized(Size.SCRIPT))
        raised = small(index, SUPERSCRIPTS)
        if raised is not None and body.height == 1:
            return beside([raised, root])
        return beside([index.standing(index.height - root.below), root])

    def brace(self, node: Brace, context: Context, limit: int | None) -> Box:
        """A brace over or under the body, with its note beyond it."""
        body = self.row(node.body, context, limit)
        boxes = [body, horizontal_brace(body.width, node.over)]
        if node.note is not None:
            inner = Context(Size.SCRIPT, context.roles | {Role.NOTE})
            boxes.append(self.row(node.note, inner, limit and max(limit, 1)))
        if node.over:
            return above_each_other(boxes[::-1], len(boxes) - 1)
        return above_each_other(boxes, 0)

    def boxed(self, node: Boxed, context: Context, limit: int | None) -> Box:
        """The body of `boxed` within a frame of lines."""
        body = self.row(node.body, context, None if limit is None else max(1, limit - 4))
        body = widened(body, body.width + 2)
        line = "─" * body.width
        side = Span("│", PLAIN)
        rows = (
            (Span(f"┌{line}┐", PLAIN),),
            *((side, *row, side) for row in body.rows),
            (Span(f"└{line}┘", PLAIN),),
        )
        return Box(body.width + 2, rows, body.baseline + 1, body.folded)
