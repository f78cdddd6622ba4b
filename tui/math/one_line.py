"""A formula on one line, for prose."""

from __future__ import annotations

from itertools import pairwise
from unicodedata import normalize

from engine.formulas.nodes import (
    Accent,
    AtomClass,
    Binomial,
    Boxed,
    Brace,
    Fence,
    Fenced,
    Fraction,
    Grid,
    Node,
    Phantom,
    Root,
    Row,
    Script,
    Stack,
    Symbol,
)
from tui.math.box import Box, beside, text_box
from tui.math.layout import Layout, is_bracketed, needs_brackets
from tui.math.ornaments import COMBINING
from tui.math.pieces import Context, Piece, Size, joined, joined_width
from tui.math.scripts import SUBSCRIPTS, SUPERSCRIPTS, small
from tui.math.slash import is_closed, slashed, wrapped
from tui.math.spans import Role

_TIGHT = {AtomClass.INNER, AtomClass.LARGE}
_SCRIPTED = {AtomClass.RELATION, AtomClass.LARGE, AtomClass.FUNCTION}


class InlineLayout(Layout):
    """Draws every node on one row."""

    def pieces(self, row: Row, context: Context) -> list[Piece]:
        """Atoms, with no space between a unary sign and a tight atom."""
        pieces = super().pieces(row, context)
        for before, piece in pairwise(pieces):
            if before.is_sign and before.left is AtomClass.ORDINARY and piece.left in _TIGHT:
                piece.gap = 0
        return pieces

    def symbol(self, node: Symbol, context: Context) -> Box:
        return text_box(node.text, context.roles)

    def script(self, node: Script, context: Context, limit: int | None) -> Box:
        """Small characters if all of them exist, else _(…) and ^(…)."""
        base = self.node(node.base, context)
        if needs_brackets(node):
            base = wrapped(base, context)
        parts = [base]
        if node.primes:
            parts.append(self.primes(node.primes, 0, context))
        scripts = context.sized(Size.SCRIPT)
        for row, table, sign in ((node.sub, SUBSCRIPTS, "_"), (node.sup, SUPERSCRIPTS, "^")):
            if row is None:
                continue
            box = self.row(row, scripts)
            lone = box.width == 1 and not (sign == "_" and node.sup is not None)
            parts.append(small(box, table) or self.marked(sign, box, lone, context))
        return beside(parts)

    def marked(self, sign: str, box: Box, lone: bool, context: Context) -> Box:
        """A script after its sign, for characters that have no small form."""
        body = box if lone or is_bracketed(box) else wrapped(box, context)
        return beside([text_box(sign, context.roles), body])

    def fraction(self, node: Fraction, context: Context, limit: int | None) -> Box:
        """Top/bottom."""
        return self.vulgar(node, context) or slashed(self, node, context)

    def fenced(self, node: Fenced, context: Context, limit: int | None) -> Box:
        parts: list[Box] = []
        for index, fence in enumerate(node.fences):
            shown = f" {fence} " if 0 < index < len(node.bodies) else fence
            parts.append(text_box(shown, context.roles))
            if index < len(node.bodies):
                pieces = self.pieces(node.bodies[index], context)
                body = joined(pieces)
                if "" in node.fences and any(node.fences) and not is_closed(pieces):
                    body = wrapped(body, context)
                parts.append(body)
        return beside(parts)

    def compound(self, node: Node, context: Context, limit: int | None) -> Box:
        """A node that is more than one character."""
        match node:
            case Fence():
                return text_box(node.text, context.roles)
            case Binomial():
                rows = [self.row(part, context) for part in (node.top, node.bottom)]
                return beside([text_box("binom("), rows[0], text_box(", "), rows[1], text_box(")")])
            case Boxed():
                return self.row(node.body, context)
            case Phantom():
                return text_box(" " * self.row(node.body, context).width)
            case _:
                return super().compound(node, context, None)

    def accent(self, node: Accent, context: Context, limit: int | None) -> Box:
        """A mark on a single letter, else the name of the mark before the body in brackets."""
        body = self.row(node.body, context)
        mark = "\u20d7" if node.mark == "vec" else COMBINING.get(node.mark, "")
        if body.width == 1 and body.rows[0]:
            text, roles = body.rows[0][0]
            return text_box(normalize("NFC", text + mark), roles)
        name = "bar" if node.mark == "line" else node.mark
        return beside([text_box(name, context.roles), wrapped(body, context)])

    def root(self, node: Root, context: Context, limit: int | None) -> Box:
        """√ before a letter or a bracket."""
        pieces = self.pieces(node.body, context)
        body = joined(pieces)
        if joined_width(pieces) != 1:
            body = wrapped(body, context)
        sign = text_box("√", context.roles)
        if node.index is None:
            return beside([sign, body])
        index = self.row(node.index, context.sized(Size.SCRIPT))
        raised = small(index, SUPERSCRIPTS)
        if raised is not None:
            return beside([raised, sign, body])
        power = text_box("^", context.roles)
        one = beside([text_box("(1/"), wrapped(index, context), text_box(")")])
        return beside([wrapped(joined(pieces), context), power, one])

    def grid(self, node: Grid, context: Context, limit: int | None) -> Box:
        """Rows with semicolons between them."""
        matrix = node.kind.endswith("matrix") or node.kind == "array"
        parts: list[Box] = [text_box(node.left or ("[" if matrix else ""), context.roles)]
        for number, row in enumerate(node.rows):
            if number:
                parts.append(text_box(", " if node.kind == "substack" else "; "))
            for column, cell in enumerate(row):
                if column and cell.items:
                    parts.append(text_box(", " if node.kind == "cases" else " "))
                parts.append(self.row(cell, context))
        parts.append(text_box(node.right or ("]" if matrix else ""), context.roles))
        if node.kind == "cases":
            parts.append(text_box("}", context.roles))
        return beside(parts)

    def stack(self, node: Stack, context: Context, limit: int | None) -> Box:
        """The rows as scripts of an operator or relation, and in brackets after anything else."""
        base = self.row(node.base, context)
        if self.classes(node, base)[0] in _SCRIPTED:
            return self.script(Script(node.base, node.below, node.above), context, limit)
        scripts = context.sized(Size.SCRIPT)
        rows = [self.row(row, scripts) for row in (node.above, node.below) if row is not None]
        notes = [beside([text_box(" ["), row, text_box("]")]) for row in rows]
        return beside([base, *notes])

    def brace(self, node: Brace, context: Context, limit: int | None) -> Box:
        """The note in brackets after the body."""
        pieces = self.pieces(node.body, context)
        body = joined(pieces)
        if node.note is None:
            return body
        if not is_closed(pieces):
            body = wrapped(body, context)
        inner = Context(Size.SCRIPT, context.roles | {Role.NOTE})
        note = self.row(node.note, inner)
        return beside([body, text_box(" ["), note, text_box("]")])
