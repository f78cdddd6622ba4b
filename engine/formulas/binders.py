"""What stands below and above Σ, ∏ and max: the running index and what it runs over."""

from __future__ import annotations

from engine.formulas.expressions import RELATIONS, whole_term
from engine.formulas.factors import split
from engine.formulas.heads import canonical
from engine.formulas.nodes import Row
from engine.formulas.operators import Binder, Condition
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.terms import Reference, Span


def read_binders(sub: Row, sup: Row | None, span: Span, context: Context) -> tuple[Binder, ...]:
    """The running indices: i = 1 … n, i ∈ B, k ≠ t, or names whose range is declared."""
    parts = split(items_of(sub, span), {","})
    if sup is not None and len(parts) > 1:
        raise context.error("Several indices with one upper bound are read in two ways.", span[0])
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
            raise context.error("A sum with an upper bound needs a lower one.", span[0])
        return Binder(index=index, span=span)
    relation = part[1].sign
    if relation not in RELATIONS:
        raise context.error("Below a sum stands one index: use commas.", span[0])
    other = whole_term(part[2:], context)
    if relation == "=":
        if sup is None:
            raise context.error("A sum with a lower bound needs an upper one.", span[0])
        last = whole_term(items_of(sup, span), context)
        return Binder(index=index, first=other, last=last, span=span)
    if sup is not None:
        raise context.error("An upper bound needs = below.", span[0])
    if relation == "∈":
        return Binder(index=index, among=other, span=span)
    variable = Reference(key=index, latex=index, span=part[0].span)
    condition = Condition(sides=(variable, other), relations=(relation,), span=span)
    return Binder(index=index, condition=condition, span=span)
