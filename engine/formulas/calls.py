"""Reads functions with their arguments: declared ones, built-in ones and indicators."""

from __future__ import annotations

from engine.formulas.brackets import enclosed, opens, split
from engine.formulas.conditions import COMPARISONS, Indicator
from engine.formulas.expressions import Cursor, whole_term
from engine.formulas.functions import EXTREMES, Apply, Call, FunctionName
from engine.formulas.heads import SEPARATORS, inside_brackets
from engine.formulas.indices import Scripts, read_indices
from engine.formulas.nodes import Fenced, Node, Script
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.scripts import base_of, raised, scripted
from engine.formulas.statements import read_condition
from engine.formulas.term import Term


def read_call(cursor: Cursor, key: str, scripts: Scripts, item: Item, latex: str) -> Term:
    """A declared function, whose name was just read, with its arguments."""
    context = cursor.context
    sub, sup, primes = scripts
    first = cursor.at - 1
    if not opens(cursor):
        return FunctionName(latex=latex, span=item.span)
    upper: Term | None = None
    inner = inside_brackets(sup)
    if inner is not None:
        upper = whole_term(items_of(inner, item.span), context)
        sup = None
    heads = [declaration.head for declaration in context.notation.heads(key)]
    lower, entries = read_indices(sub, heads, upper is not None, key, item, context)
    if entries:
        raise context.error(f"{latex} has no such index.", item.span[0])
    arguments, closing = _arguments(cursor, SEPARATORS)
    span = cursor.span(first)
    found: Term = Call(
        key=key, latex=latex, arguments=arguments, lower=lower, upper=upper, primes=primes,
        span=span,
    )  # fmt: skip
    if sup is not None:
        found = raised(found, sup, span, context)
    return scripted(found, closing, span, context)


def read_builtin(cursor: Cursor, name: str, node: Node, item: Item) -> Term:
    """A function that every reader knows; without brackets it takes one factor."""
    context = cursor.context
    first = cursor.at - 1
    primes = node.primes if isinstance(node, Script) else 0
    sup = node.sup if isinstance(node, Script) else None
    if isinstance(node, Script) and node.sub is not None:
        raise context.error(
            f"{name} with an index, such as another base, must be declared.", item.span[0]
        )
    closing: Node | None = None
    if opens(cursor):
        arguments, closing = _arguments(cursor, frozenset({","}))
    elif cursor.begins_factor():
        arguments = (cursor.factor(),)
    else:
        return FunctionName(latex=name, span=item.span)
    span = cursor.span(first)
    found: Term = Apply(name=name, arguments=arguments, primes=primes, span=span)
    if isinstance(closing, Script) and name not in EXTREMES and name not in ("exp", "tr"):
        raise context.error(
            f"A power after {name}(…) can be read in two ways: put brackets round it.", span[0]
        )
    if sup is not None:
        found = raised(found, sup, span, context)
    return found if closing is None else scripted(found, closing, span, context)


def read_indicator(cursor: Cursor) -> Term:
    r"""I\{…\} or \mathbf{1}[…], whose name was just read."""
    first = cursor.at - 1
    base = base_of(cursor.item.node)
    if isinstance(base, Fenced):
        items = items_of(base.bodies[0], cursor.take().span)
    else:
        items = enclosed(cursor).items
    condition = read_condition(items, cursor.context)
    return Indicator(condition=condition, span=cursor.span(first))


def _arguments(cursor: Cursor, separators: frozenset[str]) -> tuple[tuple[Term, ...], Node]:
    """The arguments in brackets, and the closing bracket with its scripts."""
    item = cursor.item
    base = base_of(item.node)
    if isinstance(base, Fenced):
        cursor.at += 1
        items, closing = items_of(base.bodies[0], item.span), item.node
    else:
        found = enclosed(cursor)
        items, closing = found.items, found.closing
    return tuple(_argument(part, cursor.context) for part in split(items, separators)), closing


def _argument(items: list[Item], context: Context) -> Term:
    """One argument, which may be a condition: P(z > 0)."""
    if any(item.sign in COMPARISONS for item in items):
        return read_condition(items, context)
    return whole_term(items, context)
