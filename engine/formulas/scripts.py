"""What a term makes of its scripts: a transpose, a power, an entry."""

from __future__ import annotations

from engine.formulas.expressions import whole_term
from engine.formulas.heads import canonical, units
from engine.formulas.nodes import Fence, Node, Row, Script, Symbol, Text
from engine.formulas.reader import Context, items_of
from engine.formulas.term import Span, Term
from engine.formulas.terms import Entry, Everything, Power, Transposed


def base_of(node: Node) -> Node:
    """A node without its scripts."""
    while isinstance(node, Script):
        node = node.base
    return node


def sign_of(node: Node) -> str:
    """The text of a sign or a word; empty for everything else."""
    return node.text if isinstance(node, Symbol | Fence | Text) else ""


def scripted(found: Term, node: Node, span: Span, context: Context) -> Term:
    """A term with the scripts of its closing bracket or of its group.

    Raises:
        MeaningError: a prime stands after something that is not a function.
    """
    if not isinstance(node, Script):
        return found
    if node.primes:
        raise context.error("A prime may follow only a function.", span[0])
    if node.sub is not None:
        found = Entry(base=found, entries=index_terms(units(node.sub), span, context), span=span)
    return found if node.sup is None else raised(found, node.sup, span, context)


def raised(found: Term, sup: Row, span: Span, context: Context) -> Term:
    """A term with a superscript: a transpose or a power."""
    if canonical(sup) == "⊤":
        return Transposed(body=found, span=span)
    exponent = whole_term(items_of(sup, span), context)
    return Power(base=found, exponent=exponent, span=span)


def index_terms(parts: list[Row], span: Span, context: Context) -> tuple[Term, ...]:
    """The indices of a subscript as terms; a colon stands for all of them."""
    return tuple(
        Everything(span=span)
        if canonical(part) == ":"
        else whole_term(items_of(part, span), context)
        for part in parts
    )
