"""Reads symbols with their scripts: declared ones, and the few that need no declaration."""

from __future__ import annotations

import math

from engine.formulas.brackets import opens
from engine.formulas.calls import read_builtin, read_call, read_indicator
from engine.formulas.errors import MeaningError, UndeclaredSymbolError
from engine.formulas.expressions import Cursor, whole_term
from engine.formulas.functions import BUILTIN
from engine.formulas.heads import canonical, inside_brackets
from engine.formulas.indices import read_indices, split_name
from engine.formulas.nodes import Node
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.scripts import base_of, raised, scripted
from engine.formulas.term import Term
from engine.formulas.terms import Number, Reference

_CONSTANTS = {"e": math.e, "π": math.pi}


def is_name(node: Node, context: Context) -> bool:
    """Whether a node is a declared symbol as a whole."""
    try:
        return canonical(node) in context.notation.keys
    except MeaningError:
        return False


def read_symbol(cursor: Cursor) -> Term:
    """A symbol with its scripts; a function with its arguments.

    Raises:
        UndeclaredSymbolError: it is not declared.
        MeaningError: its scripts can be read in two ways, or have no meaning.
    """
    context = cursor.context
    notation = context.notation
    item = cursor.take()
    key, scripts = split_name(item.node, context)
    span = item.span
    latex = context.latex[slice(*span)]
    if key is None:
        return _undeclared(cursor, item, latex)
    is_bound = key in context.names
    if not is_bound and notation.is_function(key) and (opens(cursor) or not notation.is_value(key)):
        return read_call(cursor, key, scripts, item, latex)
    sub, sup, primes = scripts
    if primes:
        raise context.error(
            f"{latex} is not a function: a prime has no meaning here.", item.span[0]
        )
    upper: Term | None = None
    heads = [] if is_bound else [d.head for d in notation.heads(key) if d.head.arguments is None]
    if any(head.upper is not None for head in heads):
        inner = inside_brackets(sup)
        if inner is None and sup is not None and canonical(sup) != "⊤":
            raise context.error(
                f"{latex} can be read in two ways: put an upper index in round brackets, and for "
                "a power put the base in brackets.",
                item.span[0],
            )
        if inner is not None:
            upper = whole_term(items_of(inner, item.span), context)
            sup = None
    lower, entries = read_indices(sub, heads, upper is not None, key, item, context)
    if sup is not None and sup.spans:
        # Of u^2 the symbol is u alone.
        caret = context.latex.rfind("^", span[0], sup.spans[0][0])
        span = (span[0], caret) if caret > span[0] else span
        latex = context.latex[slice(*span)]
    found: Term = Reference(
        key=key, latex=latex, lower=lower, upper=upper, entries=entries, span=span
    )
    return found if sup is None else raised(found, sup, item.span, context)


def _undeclared(cursor: Cursor, item: Item, latex: str) -> Term:
    """What is known without a declaration: functions, e, π, indicators; else an error."""
    name = canonical(base_of(item.node))
    if name in BUILTIN:
        return read_builtin(cursor, name, item.node, item)
    if name in ("I", "bold 1") and opens(cursor):
        return read_indicator(cursor)
    if name in _CONSTANTS:
        found = Number(number=_CONSTANTS[name], span=item.span)
        return scripted(found, item.node, item.span, cursor.context)
    raise UndeclaredSymbolError(latex, cursor.context.latex, item.span[0])
