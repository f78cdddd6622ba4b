"""Reads numbers: digits with a point, and numbers that are computed under a name."""

from __future__ import annotations

from engine.formulas.expressions import Cursor, whole_term
from engine.formulas.heads import canonical
from engine.formulas.nodes import Node, Script, Styled, Symbol
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.scripts import scripted
from engine.formulas.term import Term
from engine.formulas.terms import Number


def is_digit(node: Node) -> bool:
    """Whether a node is a plain digit."""
    return isinstance(node, Symbol) and node.text.isdigit()


def read_number(cursor: Cursor) -> Term:
    """Digits with a point; the last digit may have a power.

    Raises:
        MeaningError: the number has more than one point.
    """
    first = cursor.at
    text = ""
    script: Node | None = None
    end = cursor.item.span[0]
    while cursor.at < len(cursor.items):
        item = cursor.item
        sign = item.sign
        if not (sign.isdigit() or sign == "."):
            if isinstance(item.node, Script) and is_digit(item.node.base):
                text += canonical(item.node.base)
                script = item.node
                cursor.at += 1
            break
        if text and item.span[0] != end and not _separates_thousands(cursor):
            break
        end = item.span[1]
        text += sign
        cursor.at += 1
    span = cursor.span(first)
    if text.count(".") > 1 or text in ("", "."):
        raise cursor.context.error("This number has more than one point.", span[0])
    _, _, after = text.partition(".")
    found = Number(number=float(text) if after else int(text), digits=len(after), span=span)
    return found if script is None else scripted(found, script, span, cursor.context)


def checked_number(item: Item, context: Context) -> Number:
    r"""\num{NAME}{…}: a number that is computed under a name.

    Raises:
        MeaningError: there is no number in it.
    """
    assert isinstance(item.node, Styled)
    found = whole_term(items_of(item.node.body, item.span), context)
    negative = not isinstance(found, Number)
    inner = next((term for term in found.walk() if isinstance(term, Number)), None)
    if inner is None:
        raise context.error("\\num needs digits.", item.span[0])
    value = -inner.number if negative else inner.number
    return Number(number=value, digits=inner.digits, check=item.purpose, span=item.span)


def _separates_thousands(cursor: Cursor) -> bool:
    r"""Whether the space before this digit groups the thousands of one number, as in 60\,000."""
    before, here = cursor.items[cursor.at - 1], cursor.item
    between = cursor.context.latex[before.span[1] : here.span[0]].strip()
    return between in ("\\,", "{,}") and here.sign.isdigit()
