"""From a tree to boxes: the two-dimensional drawing of each kind of node."""

from __future__ import annotations

from collections.abc import Iterator

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
    Group,
    Node,
    Phantom,
    Root,
    Row,
    Script,
    Space,
    Stack,
    Styled,
    Symbol,
    Text,
)
from tui.math.box import Box, above_each_other, beside, blank, overlaid, text_box
from tui.math.delimiters import delimiter
from tui.math.grids import draw_grid
from tui.math.linebreak import fold, folded_text
from tui.math.ornaments import Ornaments
from tui.math.pieces import Context, Piece, Size, joined, joined_width, settle
from tui.math.scripts import SUBSCRIPTS, SUPERSCRIPTS, small
from tui.math.slash import separate, slashed
from tui.math.spans import Span, line_text

VULGAR = {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾"}
_PLAIN_VULGAR = {"½", "¼", "¾"}
_TALL_SIGNS = {"∑": ("⎲", "⎳"), "∏": ("┬─┬", "│ │"), "∫": ("⌠", "⌡")}
_LONGEST_SMALL = 6
"""Longer superscripts are raised even if small characters exist, which are hard to read."""
_LEAST_ROOM = 6
"""Narrower rows are not broken here; `page` breaks them if it has to."""
_PRIMES = {0: "", 1: "′", 2: "″", 3: "‴"}


ORDINARY = AtomClass.ORDINARY


class Layout(Ornaments):
    """Draws the nodes of one formula.

    Every method takes the node, its context and a limit in cells; with a limit, anything wider is
    broken where possible.
    """

    def __init__(self, plain_fonts: bool = False) -> None:
        self.plain_fonts = plain_fonts
        self._drawn: dict[tuple[int, Context, int | None], Box] = {}

    def row(self, row: Row, context: Context, limit: int | None = None) -> Box:
        pieces = self.pieces(row, context)
        if limit is not None and limit >= _LEAST_ROOM and joined_width(pieces) > limit:
            return fold(self, pieces, limit)
        return joined(pieces)

    def pieces(self, row: Row, context: Context) -> list[Piece]:
        """The atoms of a row, drawn, with their gaps."""
        pieces: list[Piece] = []
        extra: list[int] = []
        pending = 0
        for node, inner in self.flat(row, context):
            if type(node) is Space:
                pending += node.cells
                continue
            box = self.node(node, inner)
            left, right = self.classes(node, box)
            pieces.append(Piece(node, inner, box, left, right))
            extra.append(pending)
            pending = 0
        settle(pieces, extra)
        separate(pieces)
        return pieces

    def flat(self, row: Row, context: Context) -> Iterator[tuple[Node, Context]]:
        """The nodes of a row; styled rows are flattened, because they are not atoms themselves."""
        for node in row.items:
            if isinstance(node, Styled):
                roles = context.roles if node.role is None else context.roles | {node.role}
                yield from self.flat(node.body, Context(context.size, roles))
            else:
                yield node, context

    def classes(self, node: Node, box: Box) -> tuple[AtomClass, AtomClass]:
        """The classes of the node as seen by its left and its right neighbour."""
        match node:
            case Symbol() | Fence():
                return node.kind, node.kind
            case Script() if isinstance(node.base, Fenced):
                right = AtomClass.INNER if len(box.rows) > 1 else AtomClass.CLOSE
                return AtomClass.OPEN, right
            case Script():
                left, right = self.classes(node.base, box)
                # An upper index is followed by a blank: Wᵢⱼ⁽ˡ⁾ aⱼ⁽ˡ⁾.
                ends = box.height == 1 and line_text(box.rows[0]).endswith("⁾")
                return left, AtomClass.INNER if ends and right is ORDINARY else right
            case Fraction():
                kind = AtomClass.ORDINARY if box.width == 1 else AtomClass.INNER
                return kind, kind
            case Fenced() | Grid():
                return AtomClass.OPEN, AtomClass.INNER if box.height > 1 else AtomClass.CLOSE
            case Stack():
                if not node.base.items:
                    return ORDINARY, ORDINARY
                first = self.classes(node.base.items[0], box)
                return first[0], self.classes(node.base.items[-1], box)[1]
            case Root() if node.index is not None or box.height > 1:
                return AtomClass.INNER, AtomClass.INNER
            case _:
                return AtomClass.ORDINARY, AtomClass.ORDINARY

    def node(self, node: Node, context: Context, limit: int | None = None) -> Box:
        """The box of a node; drawn once for each width that it is tried at."""
        if isinstance(node, Symbol):
            return self.symbol(node, context)
        # Line breaking tries a node at several widths; the tree lives as long as this layout.
        key = (id(node), context, limit)
        box = self._drawn.get(key)
        if box is None:
            box = self._drawn[key] = self.compound(node, context, limit)
        return box

    def compound(self, node: Node, context: Context, limit: int | None) -> Box:
        """A node that is more than one character."""
        match node:
            case Symbol():
                return self.symbol(node, context)
            case Script():
                return self.script(node, context, limit)
            case Fraction():
                return self.fraction(node, context, limit)
            case Row():
                return self.row(node, context, limit)
            case Group() | Styled():
                roles = context.roles
                if isinstance(node, Styled) and node.role is not None:
                    roles = roles | {node.role}
                return self.row(node.body, Context(context.size, roles), limit)
            case Fenced():
                return self.fenced(node, context, limit)
            case Text():
                return folded_text(node.text, context.roles | node.roles, limit)
            case Accent():
                return self.accent(node, context, limit)
            case Root():
                return self.root(node, context, limit)
            case Grid():
                return self.grid(node, context, limit)
            case Stack():
                return self.stack(node, context, limit)
            case Brace():
                return self.brace(node, context, limit)
            case Binomial():
                small_context = context.sized(Size.TEXT)
                rows = [self.row(part, small_context, limit) for part in (node.top, node.bottom)]
                body = above_each_other([rows[0], text_box(" "), rows[1]], 1)
                return self.between("(", body, ")", context)
            case Fence():
                half = node.height // 2
                return delimiter(node.text, node.height, half, context.roles, self.plain_fonts)
            case Boxed():
                return self.boxed(node, context, limit)
            case Phantom():
                box = self.row(node.body, context, limit)
                return Box(box.width, (blank(box.width),) * box.height, box.baseline)
            case Space():
                return text_box(" " * max(0, node.cells))

    def symbol(self, node: Symbol, context: Context) -> Box:
        """A symbol; sums, products and integrals are tall in display size."""
        if node.kind is AtomClass.LARGE and context.size is Size.DISPLAY and not self.plain_fonts:
            tall = _TALL_SIGNS.get(node.text)
            if tall is not None:
                top, bottom = tall
                rows = ((Span(top, context.roles),), (Span(bottom, context.roles),))
                return Box(len(top), rows, 1)
        return text_box(node.text, context.roles)

    def script(self, node: Script, context: Context, limit: int | None) -> Box:
        """A base with scripts: small characters if all of them exist, else raised and lowered rows.

        With both scripts on a base of one row, the subscript stays small on that row if possible,
        and the superscript stands in the row above it, in the same column.
        """
        scripts = context.sized(Size.SCRIPT)
        sub = self.row(node.sub, scripts) if node.sub else None
        sup = self.row(node.sup, scripts) if node.sup else None
        small_sub, small_sup = small(sub, SUBSCRIPTS), small(sup, SUPERSCRIPTS)
        if sup is not None and sup.width > _LONGEST_SMALL:
            small_sup = None
        if limit is not None:
            taken = max([box.width for box in (sub, sup) if box is not None], default=0)
            limit = max(1, limit - taken - node.primes)
        base = self.node(node.base, context, limit)
        if needs_brackets(node):
            base = self.between("(", base, ")", context)
        if node.primes:
            above = 0 if is_accented(node.base) else base.above
            base = beside([base, self.primes(node.primes, above, context)])
        tall_base = base.height > 1 or is_accented(node.base)
        if self.has_limits(node.base, context, small_sub is not None or sub is None):
            return self.limits(base, sub, sup)
        if small_sub is not None and small_sup is not None and is_bracketed(sup) and not tall_base:
            # An upper index next to a lower one: a₁⁽²⁾ stays on one row.
            return beside([base, small_sub, small_sup])
        parts: list[Box] = []
        accented = base.height == 2 and is_accented(node.base)
        tall = base.height > 1 and not accented
        if sup is not None:
            if small_sup is not None and (tall or sub is None or small_sub is None):
                parts.append(small_sup.standing(0 if accented else base.above))
            else:
                parts.append(sup.standing(sup.height + base.above - tall))
        if sub is not None:
            if small_sub is not None:
                parts.append(small_sub.standing(-base.below))
            else:
                parts.append(sub.standing(-base.below - (not tall)))
        if not parts:
            return base
        return beside([base, overlaid(parts) if len(parts) > 1 else parts[0]])

    def primes(self, count: int, above: int, context: Context) -> Box:
        """Prime signs, `above` rows above the baseline."""
        return text_box(_PRIMES.get(count, "′" * count), context.roles).standing(above)

    def has_limits(self, base: Node, context: Context, sub_is_small: bool) -> bool:
        """Whether scripts go above and below the base instead of beside it."""
        if not isinstance(base, Symbol) or not base.limits or context.size is Size.SCRIPT:
            return False
        return context.size is Size.DISPLAY or not sub_is_small

    def limits(self, base: Box, sub: Box | None, sup: Box | None) -> Box:
        """An operator with its limits above and below."""
        boxes = [box for box in (sup, base, sub) if box is not None]
        return above_each_other(boxes, 0 if sup is None else 1)

    def fraction(self, node: Fraction, context: Context, limit: int | None) -> Box:
        """Top over bar over bottom; on one line in scripts."""
        vulgar = self.vulgar(node, context)
        if vulgar is not None:
            return vulgar
        if context.size is Size.SCRIPT or node.small:
            return slashed(self, node, context)
        inner = context.sized(Size.TEXT)
        room = None if limit is None else max(1, limit - 2)
        top, bottom = self.row(node.top, inner, room), self.row(node.bottom, inner, room)
        width = max(top.width, bottom.width) + 2
        bar = text_box("─" * width, context.roles)
        return above_each_other([top, bar, bottom], 1)

    def vulgar(self, node: Fraction, context: Context) -> Box | None:
        """A fraction that exists as one character, such as ½."""
        if node.tall or len(node.top.items) != 1 or len(node.bottom.items) != 1:
            return None
        top, bottom = node.top.items[0], node.bottom.items[0]
        if not isinstance(top, Symbol) or not isinstance(bottom, Symbol):
            return None
        sign = VULGAR.get((top.text, bottom.text))
        if sign is None or (self.plain_fonts and sign not in _PLAIN_VULGAR):
            return None
        return text_box(sign, context.roles)

    def fenced(self, node: Fenced, context: Context, limit: int | None) -> Box:
        r"""\left … \right."""
        room = None if limit is None else max(1, limit - 2 * len(node.fences))
        bodies = [self.row(body, context, room) for body in node.bodies]
        if room is not None and sum(body.width for body in bodies) > room:
            # Several bodies between \middle signs share the room.
            share = max(1, room // len(bodies))
            bodies = [self.row(body, context, share) for body in node.bodies]
        bodies = [centred(body) for body in bodies]
        above = max(body.above for body in bodies)
        below = max(body.below for body in bodies)
        if above + below == 1 and {"{", "}"} & set(node.fences):
            above, below = (above + 1, below) if below else (above, below + 1)
        height = above + below + 1
        parts: list[Box] = []
        for index, fence in enumerate(node.fences):
            gap = " " if 0 < index < len(node.bodies) else ""
            sign = delimiter(fence, height, above, context.roles, self.plain_fonts)
            parts.extend([text_box(gap), sign, text_box(gap)] if gap else [sign])
            if index < len(bodies):
                parts.append(bodies[index])
        return beside(parts)

    def between(self, left: str, body: Box, right: str, context: Context) -> Box:
        """A box between delimiters of its height."""
        if body.height == 2 and {"{", "}"} & {left, right}:
            body = Box(body.width, (*body.rows[:1], blank(body.width), *body.rows[1:]), 1)
        signs = [
            delimiter(sign, body.height, body.baseline, context.roles, self.plain_fonts)
            for sign in (left, right)
        ]
        return beside([signs[0], body, signs[1]])

    def grid(self, node: Grid, context: Context, limit: int | None) -> Box:
        """An environment."""
        body = draw_grid(self, node, context, limit)
        if not node.left and not node.right:
            return body
        return self.between(node.left, body, node.right, context)

    def stack(self, node: Stack, context: Context, limit: int | None) -> Box:
        """Small rows above and below a base."""
        scripts = context.sized(Size.SCRIPT)
        sup = self.row(node.above, scripts) if node.above else None
        sub = self.row(node.below, scripts) if node.below else None
        return self.limits(self.row(node.base, context, limit), sub, sup)


def needs_brackets(node: Script) -> bool:
    """Whether the scripts would read as those of the last part of the base, as in {a+b}^2."""
    if node.sub is None and node.sup is None:
        return False
    base = node.base
    if not isinstance(base, Group):
        return isinstance(base, Fraction)
    items = base.body.items
    return bool(items) and (
        isinstance(items[-1], Script | Fraction)
        or any(
            isinstance(item, Symbol) and item.kind in (AtomClass.BINARY, AtomClass.RELATION)
            for item in items
        )
    )


def is_bracketed(box: Box | None) -> bool:
    """Whether a box is one row in a single pair of round brackets."""
    if box is None or len(box.rows) != 1:
        return False
    text = line_text(box.rows[0])
    return text.startswith("(") and text.endswith(")") and text.count("(") == 1


def is_accented(node: Node) -> bool:
    """Whether a node is a letter under a mark, so that its scripts stand beside the letter."""
    while isinstance(node, Group | Styled) and len(node.body.items) == 1:
        node = node.body.items[0]
    return isinstance(node, Accent)


def centred(box: Box) -> Box:
    """A folded box stands on its middle row; any other stays as it is."""
    return box.standing((box.height - 1) // 2) if box.folded else box
