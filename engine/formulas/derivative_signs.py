"""Reads derivatives as they are written: ∂L/∂w, dL/dw, ∇L and the differential dX."""

from __future__ import annotations

from engine.formulas.derivatives import Derivative, Differential
from engine.formulas.expressions import Cursor, whole_term
from engine.formulas.functions import Call
from engine.formulas.heads import canonical
from engine.formulas.nodes import Fraction, Script
from engine.formulas.reader import Item, items_of, read_term
from engine.formulas.term import Term
from engine.formulas.terms import Quotient, Reference

_ONE_SYMBOL = "A derivative is taken by one symbol: write only that below the line."


def read_fraction(cursor: Cursor) -> Term:
    """A fraction, or a derivative that is written as one."""
    context = cursor.context
    item = cursor.take()
    node = item.node
    assert isinstance(node, Fraction)
    sign = _sign_of_derivative(node)
    top, bottom = items_of(node.top, item.span), items_of(node.bottom, item.span)
    if not sign:
        above, below = whole_term(top, context), whole_term(bottom, context)
        return Quotient(top=above, bottom=below, span=item.span)
    variable = whole_term(bottom[1:], context)
    if not isinstance(variable, Reference):
        raise context.error(_ONE_SYMBOL, item.span[0])
    body = _operand(cursor, sign) if len(top) == 1 else whole_term(top[1:], context)
    return Derivative(
        body=body,
        variable=variable,
        kind=sign,
        span=(item.span[0], max(item.span[1], body.span[1])),
    )


def read_differential(cursor: Cursor, sign: str) -> Term:
    """∇L, ∂L/∂W on one line, or the differential dX."""
    first = cursor.at
    item = cursor.take()
    if sign == "∇":
        return _gradient(cursor, first, item)
    quotient = _slashed(cursor, sign)
    if quotient is not None:
        body, variable = quotient
        return Derivative(body=body, variable=variable, kind=sign, span=cursor.span(first))
    if sign == "∂":
        raise cursor.context.error("∂ may stand only in a derivative.", item.span[0])
    return Differential(body=cursor.factor(), span=cursor.span(first))


def is_differential(cursor: Cursor) -> bool:
    """Whether a d is the sign of a differential here."""
    context = cursor.context
    if context.notation.moving and "d" not in context.names:
        return "d" not in context.notation.keys
    before = cursor.at
    if "d" in context.notation.keys or cursor.item.sign != "d":
        return False
    cursor.at += 1
    found = _slashed(cursor, "d") is not None
    cursor.at = before
    return found


def _operand(cursor: Cursor, sign: str) -> Term:
    """What a derivative sign without a numerator is applied to: the factors beside it."""
    if not cursor.begins_factor():
        raise cursor.context.error(
            f"{sign} is applied to nothing.", cursor.items[cursor.at - 1].span[0]
        )
    return cursor.chain(juxtaposed_only=True)


def _slashed(cursor: Cursor, sign: str) -> tuple[Term, Reference] | None:
    r"""Body and variable of \partial L / \partial W; None where no slash follows."""
    before = cursor.at
    if not cursor.begins_factor():
        return None
    body = cursor.factor()
    if cursor.sign == "/" and cursor.at + 1 < len(cursor.items):
        following = cursor.items[cursor.at + 1]
        if following.sign == sign:
            cursor.at += 2
            variable = cursor.factor()
            if not isinstance(variable, Reference):
                raise cursor.context.error(_ONE_SYMBOL, following.span[0])
            return body, variable
    cursor.at = before
    return None


def _gradient(cursor: Cursor, first: int, item: Item) -> Term:
    """∇ of what stands beside it, by its subscript or by the symbol that the notation names."""
    context = cursor.context
    node = item.node
    sub = node.sub if isinstance(node, Script) else None
    if sub is not None:
        variable = whole_term(items_of(sub, item.span), context)
    elif context.notation.gradient:
        variable = read_term(context.notation.gradient, context.notation)
    else:
        raise context.error(
            "The symbol that ∇ is taken by is not declared: add it with with_gradient.",
            item.span[0],
        )
    body = _operand(cursor, "∇")
    if sub is None and isinstance(body, Call) and len(body.arguments) == 1:
        # ∇L(w) is the gradient of the function L, where w is put in.
        (point,) = body.arguments
        variable = point if isinstance(point, Reference) else variable
    return Derivative(body=body, variable=variable, kind="∇", span=cursor.span(first))


def _sign_of_derivative(fraction: Fraction) -> str:
    """`∂` or `d` where both parts of a fraction begin with that sign; else empty."""
    top, bottom = items_of(fraction.top), items_of(fraction.bottom)
    sign = _first_sign(bottom)
    return sign if sign and len(bottom) > 1 and _first_sign(top) == sign else ""


def _first_sign(items: list[Item]) -> str:
    """`∂` or `d` where the items begin with that sign, with or without scripts; else empty."""
    if not items:
        return ""
    first = items[0]
    if first.sign in ("∂", "d"):
        return first.sign
    if isinstance(first.node, Script):
        base = canonical(first.node.base)
        return base if base in ("∂", "d") else ""
    return ""
