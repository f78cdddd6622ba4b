"""Which part of a symbol's scripts is its name, and which are indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.formulas.declarations import Head
from engine.formulas.heads import canonical, units
from engine.formulas.nodes import Group, Node, Row, Script
from engine.formulas.reader import Context, Item
from engine.formulas.scripts import index_terms
from engine.formulas.term import Term
from engine.formulas.terms import Everything


class Scripts(NamedTuple):
    """The scripts of a symbol that do not belong to its name."""

    sub: Row | None = None
    sup: Row | None = None
    primes: int = 0


def split_name(node: Node, context: Context) -> tuple[str | None, Scripts]:
    """The longest declared name in a symbol, and the scripts that are left over."""
    keys = context.notation.keys | context.names
    if not isinstance(node, Script):
        name = canonical(node)
        return (name if name in keys else None), Scripts()
    if isinstance(node.base, Group) and len(node.base.body.items) == 1:
        only = node.base.body.items[0]
        if isinstance(only, Script):
            # {e_i}^2: the inner scripts belong to the name.
            return None, Scripts()
    base = canonical(node.base)
    sub = f"_{{{canonical(node.sub)}}}" if node.sub else ""
    sup = f"^{{{canonical(node.sup)}}}" if node.sup else ""
    primes = "′" * node.primes
    for name, left in (
        (base + sub + primes + sup, Scripts()),
        (base + sub, Scripts(None, node.sup, node.primes)),
        (base + primes + sup, Scripts(node.sub)),
        (base, Scripts(node.sub, node.sup, node.primes)),
    ):
        if name in keys:
            return name, left
    return None, Scripts()


def read_indices(
    sub: Row | None,
    heads: Sequence[Head],
    has_upper: bool,
    key: str,
    item: Item,
    context: Context,
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """A subscript as the indices of a family, or as those of an entry; the other one is empty.

    `heads` are the declared ways to write the symbol; none for a bound name.
    """
    if sub is None:
        return (), ()
    terms = index_terms(_cut(sub, heads, key, item, context), item.span, context)
    lengths = {len(head.lower) for head in heads if (head.upper is not None) == has_upper}
    plain = not any(isinstance(term, Everything) for term in terms)
    if len(terms) in lengths and plain:
        return terms, ()
    return (), terms


def _cut(sub: Row, heads: Sequence[Head], key: str, item: Item, context: Context) -> list[Row]:
    """The indices in a subscript, cut so that their number fits the symbol."""
    parts = units(sub)
    if "," in canonical(sub) or len(parts) == 1:
        return parts
    wanted = {len(head.lower) for head in heads if head.lower}
    wanted |= {
        _entry_count(d.shape)
        for d in context.notation.heads(key)
        if d.shape is not None and key not in context.names and d.head.arguments is None
    } - {0}
    latex = context.latex[item.span[0] : item.span[1]]
    if len(parts) in wanted or not wanted:
        if len(parts) > 1 and all(canonical(part).isdigit() for part in parts) and 1 in wanted:
            raise context.error(
                f"The index of {latex} can be read in two ways: use a comma.", item.span[0]
            )
        return parts
    if wanted == {1}:
        return [sub]
    raise context.error(
        f"{latex} has {len(parts)} indices, but needs "
        f"{' or '.join(map(str, sorted(wanted)))}: use commas.",
        item.span[0],
    )


def _entry_count(shape: str) -> int:
    """How many indices an entry of this shape has."""
    if not shape:
        return 0
    sizes = shape.split("\\times")
    if len(sizes) == 1 or "1" in (sizes[0].strip(), sizes[-1].strip()):
        return 1
    return 2
