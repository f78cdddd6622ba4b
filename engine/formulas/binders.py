"""Σ, ∏, max and their kind: the running index, what it runs over, and what is gathered."""

from __future__ import annotations

from engine.formulas.brackets import split
from engine.formulas.conditions import Condition
from engine.formulas.expressions import RELATIONS, Cursor, whole_term
from engine.formulas.extremes import Extremum, is_continuous
from engine.formulas.heads import canonical
from engine.formulas.nodes import Row, Script
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.scripts import base_of, sign_of
from engine.formulas.sums import Big, Binder
from engine.formulas.term import Span, Term
from engine.formulas.terms import Reference

INDEXED_FUNCTIONS = {"max", "min", "arg max", "arg min"}
"""Functions that run over an index where they have one below them."""


def read_big(cursor: Cursor) -> Term:
    """Σ, ∏, max and their kind, over everything that is multiplied after them.

    Raises:
        MeaningError: the index is missing, its range can be read in two ways, or nothing follows.
    """
    context = cursor.context
    first = cursor.at
    item = cursor.take()
    node = item.node
    kind = sign_of(base_of(node))
    sub = node.sub if isinstance(node, Script) else None
    sup = node.sup if isinstance(node, Script) else None
    if sub is None:
        raise context.error(f"{kind} needs an index below it.", item.span[0])
    binders = read_binders(sub, sup, item.span, context)
    inner = Cursor(cursor.items, context.naming(*(b.index for b in binders)), cursor.stops)
    inner.at = cursor.at
    if not inner.begins_factor() and inner.sign != "−":
        raise context.error(f"{kind} is applied to nothing.", item.span[0])
    body = inner.product()
    cursor.at = inner.at
    span = cursor.span(first)
    if kind in INDEXED_FUNCTIONS and is_continuous(binders[0], body, context.notation):
        variable = Reference(key=binders[0].index, latex="", span=item.span)
        return Extremum(kind=kind, variable=variable, body=body, span=span)
    return Big(kind=kind, binders=binders, body=body, span=span)


def read_binders(sub: Row, sup: Row | None, span: Span, context: Context) -> tuple[Binder, ...]:
    """The running indices: i = 1 … n, i ∈ B, k ≠ t, or names whose range is declared."""
    parts = split(items_of(sub, span), {","})
    if sup is not None and len(parts) > 1:
        raise context.error("An upper bound for several indices can be read in two ways.", span[0])
    found: list[Binder] = []
    for part in parts:
        inner = context.naming(*(binder.index for binder in found))
        found.append(_binder(part, sup, span, inner))
    return tuple(found)


def _binder(part: list[Item], sup: Row | None, span: Span, context: Context) -> Binder:
    if not part:
        raise context.error("An index is missing.", span[0])
    index = canonical(part[0].node)
    if len(part) == 1:
        last = None if sup is None else whole_term(items_of(sup, span), context)
        if last is not None:
            raise context.error("A sum with an upper bound needs a lower one: i = 1.", span[0])
        return Binder(index=index, span=span)
    relation = part[1].sign
    if relation not in RELATIONS:
        raise context.error("Separate the indices below a sum by commas.", span[0])
    other = whole_term(part[2:], context)
    if relation == "=":
        if sup is None:
            raise context.error("A sum with a lower bound needs an upper one.", span[0])
        last = whole_term(items_of(sup, span), context)
        return Binder(index=index, first=other, last=last, span=span)
    if sup is not None:
        raise context.error("A sum with an upper bound needs a lower one: i = 1.", span[0])
    if relation == "∈":
        return Binder(index=index, among=other, span=span)
    variable = Reference(key=index, latex=index, span=part[0].span)
    condition = Condition(sides=(variable, other), relations=(relation,), span=span)
    return Binder(index=index, condition=condition, span=span)
