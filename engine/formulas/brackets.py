"""Brackets: where they close, and what each kind makes of its content."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from engine.formulas.derivatives import At
from engine.formulas.expressions import Cursor, whole_term
from engine.formulas.functions import Apply
from engine.formulas.heads import SEPARATORS
from engine.formulas.nodes import AtomClass, Fence, Fenced, Node, Script, Symbol
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.scripts import base_of, scripted, sign_of
from engine.formulas.series import listed
from engine.formulas.term import Span, Term
from engine.formulas.terms import Absolute, Inner, Norm, Vector

_CLOSING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
_ROUNDED = {"⌊": "floor", "⌈": "ceil"}


class Enclosed(NamedTuple):
    """What stands between a bracket and its partner."""

    opening: str
    items: list[Item]
    closing: Node
    """The partner, with its scripts."""
    span: Span
    """The source from one bracket to the other."""


def split(items: list[Item], separators: Set[str]) -> list[list[Item]]:
    """The items between separators that stand outside all brackets."""
    found: list[list[Item]] = [[]]
    depth = 0
    for item in items:
        text = bracket_of(item)
        if text in _CLOSING:
            depth += 1
        elif text in _CLOSING.values():
            depth -= 1
        if depth == 0 and item.sign in separators:
            found.append([])
        else:
            found[-1].append(item)
    return found


def bracket_of(item: Item) -> str:
    """The text of a sign, with or without scripts: ) of )^2."""
    return sign_of(base_of(item.node))


def opens(cursor: Cursor) -> bool:
    """Whether the next item is an opening bracket."""
    if cursor.at >= len(cursor.items):
        return False
    base = base_of(cursor.item.node)
    if isinstance(base, Fenced):
        return base.fences[0] in ("(", "[", "{")
    return isinstance(base, Symbol | Fence) and base.text in ("(", "[", "{")


def enclosed(cursor: Cursor) -> Enclosed:
    """What stands between the next bracket and its partner; the cursor moves past both.

    Raises:
        MeaningError: the bracket is never closed, or was never opened.
    """
    first = cursor.at
    opening = sign_of(cursor.item.node)
    if isinstance(cursor.item.node, Script):
        raise cursor.context.error("A bracket is closed before it opens.", cursor.item.span[0])
    closing = _CLOSING.get(opening, opening)
    depth = 0
    for at in range(first + 1, len(cursor.items)):
        text = bracket_of(cursor.items[at])
        if opening in _CLOSING:
            if text == opening:
                depth += 1
            elif text == closing:
                if depth == 0:
                    return _closed(cursor, first, at)
                depth -= 1
        elif text == closing and _bar_closes(cursor, first, at):
            return _closed(cursor, first, at)
    raise cursor.context.error(f"{opening} is never closed.", cursor.item.span[0])


def _bar_closes(cursor: Cursor, first: int, at: int) -> bool:
    """Whether a bar ends what stands before it: it does after a factor, not after a sign."""
    before = cursor.items[at - 1]
    return at > first + 1 and before.kind not in (
        AtomClass.BINARY,
        AtomClass.RELATION,
        AtomClass.OPEN,
        AtomClass.PUNCTUATION,
    )


def _closed(cursor: Cursor, first: int, at: int) -> Enclosed:
    opening = sign_of(cursor.items[first].node)
    cursor.at = at + 1
    items, closing = cursor.items[first + 1 : at], cursor.items[at].node
    return Enclosed(opening, items, closing, cursor.span(first))


def read_bracketed(cursor: Cursor) -> Term:
    """Plain brackets and their content, with the scripts of the closing one."""
    found = enclosed(cursor)
    body = _content(found.opening, found.items, found.span, cursor.context)
    return scripted(body, found.closing, found.span, cursor.context)


def read_fenced(cursor: Cursor) -> Term:
    r"""\left … \right, with its scripts."""
    context = cursor.context
    item = cursor.take()
    node = base_of(item.node)
    assert isinstance(node, Fenced)
    left, right = node.fences[0], node.fences[-1]
    items = items_of(node.bodies[0], item.span)
    if not left and right == "|":
        return _held(items, item, context)
    if len(node.bodies) != 1:
        raise context.error("\\middle has no meaning here.", item.span[0])
    opening = left if left in ("|", "‖", "⟨", "⌊", "⌈") else "("
    return scripted(_content(opening, items, item.span, context), item.node, item.span, context)


def _content(opening: str, items: list[Item], span: Span, context: Context) -> Term:
    """What brackets of one kind make of their content."""
    if opening == "⟨":
        parts = split(items, SEPARATORS)
        if len(parts) != 2:
            raise context.error("An inner product has two parts.", span[0])
        left, right = (whole_term(part, context) for part in parts)
        return Inner(left=left, right=right, span=span)
    parts = split(items, {","})
    if len(parts) > 1:
        return Vector(items=listed(parts, context, span[0]), span=span)
    body = whole_term(items, context)
    if opening in _ROUNDED:
        return Apply(name=_ROUNDED[opening], arguments=(body,), span=span)
    if opening == "|":
        return Absolute(body=body, span=span)
    return Norm(body=body, span=span) if opening == "‖" else body


def _held(items: list[Item], item: Item, context: Context) -> Term:
    r"""\left. … \right|_{η = 0}: some symbols are held."""
    node = item.node
    if not isinstance(node, Script) or node.sub is None or node.sup is not None:
        raise context.error("After the bar, write what is held as a subscript.", item.span[0])
    pairs: list[tuple[Term, Term | None]] = []
    for part in split(items_of(node.sub, item.span), {","}):
        sides = split(part, {"="})
        symbol = whole_term(sides[0], context)
        value = whole_term(sides[1], context) if len(sides) > 1 else None
        pairs.append((symbol, value))
    return At(body=whole_term(items, context), held=tuple(pairs), span=item.span)
