"""Reads one factor: what kind it is, and the module that knows that kind."""

from __future__ import annotations

from engine.formulas.binders import INDEXED_FUNCTIONS, read_big
from engine.formulas.brackets import read_bracketed, read_fenced
from engine.formulas.derivative_signs import is_differential, read_differential, read_fraction
from engine.formulas.expressions import Cursor, whole_term
from engine.formulas.grids import read_grid
from engine.formulas.nodes import (
    AtomClass,
    Fence,
    Fenced,
    Fraction,
    Grid,
    Group,
    Script,
    Styled,
    Symbol,
)
from engine.formulas.nodes import Root as RootNode
from engine.formulas.numbers import checked_number, is_digit, read_number
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.references import is_name, read_symbol
from engine.formulas.scripts import base_of, scripted
from engine.formulas.term import Span, Term
from engine.formulas.terms import Root

_BIG = {"∑", "∏"}


def read_factor(cursor: Cursor) -> Term:
    """The next factor with everything that belongs to it.

    Raises:
        MeaningError: it cannot be read.
    """
    context = cursor.context
    item = cursor.item
    node = item.node
    if item.purpose:
        return checked_number(cursor.take(), context)
    if _begins_number(cursor):
        return read_number(cursor)
    base = base_of(node)
    if isinstance(base, Styled) and base.purpose.startswith("number:"):
        cursor.at += 1
        name = base.purpose.partition(":")[2]
        number = checked_number(Item(base, item.span, name), context)
        return scripted(number, node, item.span, context)
    sign = base.text if isinstance(base, Symbol | Fence) else ""
    kind = base.kind if isinstance(base, Symbol | Fence) else None
    if sign in ("|", "‖") or kind is AtomClass.OPEN:
        return read_bracketed(cursor)
    if sign in ("∂", "∇") or (sign == "d" and is_differential(cursor)):
        return read_differential(cursor, sign)
    if sign in _BIG or (sign in INDEXED_FUNCTIONS and isinstance(node, Script) and node.sub):
        return read_big(cursor)
    if isinstance(node, Fraction):
        return read_fraction(cursor)
    if isinstance(base, Fenced):
        return read_fenced(cursor)
    if isinstance(base, Grid):
        cursor.at += 1
        return scripted(read_grid(base, item.span, context), node, item.span, context)
    if isinstance(base, RootNode):
        cursor.at += 1
        return scripted(_root(base, item.span, context), node, item.span, context)
    if isinstance(base, Group) and not is_name(node, context):
        cursor.at += 1
        inner = whole_term(items_of(base.body, item.span), context)
        return scripted(inner, node, item.span, context)
    if isinstance(base, Fraction):
        cursor.at += 1
        fraction = read_factor(Cursor([Item(base, item.span)], context))
        return scripted(fraction, node, item.span, context)
    return read_symbol(cursor)


def _begins_number(cursor: Cursor) -> bool:
    """Whether the next item is a digit, with or without scripts, or a point before one."""
    item = cursor.item
    if item.sign == ".":
        return cursor.at + 1 < len(cursor.items)
    node = item.node
    return is_digit(node.base if isinstance(node, Script) else node)


def _root(node: RootNode, span: Span, context: Context) -> Term:
    body = whole_term(items_of(node.body, span), context)
    degree = None if node.index is None else whole_term(items_of(node.index, span), context)
    return Root(body=body, degree=degree, span=span)
