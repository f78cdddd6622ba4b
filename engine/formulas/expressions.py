"""Sums, products and factors: the grammar of an expression."""

from __future__ import annotations

from engine.formulas.heads import canonical
from engine.formulas.nodes import AtomClass, Fence, Fenced, Fraction, Group, Script, Symbol
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.terms import (
    Addition,
    Entrywise,
    Negative,
    Number,
    Product,
    Quotient,
    Term,
)

DOTS = {"…", "⋯"}
PRODUCT_SIGNS = {"·", "×"}
RELATIONS = {
    "=", "≔", "≈", "≠", "<", ">", "≤", "≥", "⇔", "⟺", "←", "∈", "∉", "≪", "≫", "∝", "∼", "→", "⇒",
    "⟹",
}  # fmt: skip


def whole_term(items: list[Item], context: Context) -> Term:
    """All items as one expression.

    Raises:
        MeaningError: there is nothing, or something is left over.
    """
    cursor = Cursor(items, context)
    if cursor.done:
        raise context.error("Here an expression is missing.", items[0].span[0] if items else 0)
    found = cursor.addition()
    if not cursor.done:
        item = cursor.item
        raise context.error(
            f"“{context.latex[item.span[0] : item.span[1]]}” has no meaning here.", item.span[0]
        )
    return found


class Cursor:
    """Reads items from left to right."""

    def __init__(
        self, items: list[Item], context: Context, stops: frozenset[str] = frozenset()
    ) -> None:
        self.items = items
        self.context = context
        self.stops = stops
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether everything is read, or the next item ends this expression."""
        return self.at >= len(self.items) or self.item.sign in self.stops

    @property
    def item(self) -> Item:
        """The item to read next."""
        return self.items[self.at]

    @property
    def sign(self) -> str:
        """The next item where it is a plain sign; else empty."""
        return "" if self.at >= len(self.items) else self.item.sign

    def take(self) -> Item:
        """Read one item."""
        item = self.items[self.at]
        self.at += 1
        return item

    def span(self, first: int) -> tuple[int, int]:
        """The source from an item to the last one read."""
        return self.items[first].span[0], self.items[self.at - 1].span[1]

    def addition(self) -> Term:
        """Terms with + and −, dots among them."""
        from engine.formulas.series import with_series

        first = self.at
        terms: list[Term | None] = []
        while not self.done:
            start = self.at
            sign = self.sign
            if sign in ("+", "−", "±"):
                if sign == "±":
                    raise self.context.error("± stands for two formulas.", self.item.span[0])
                self.at += 1
                if self.done:
                    raise self.context.error(
                        f"After {sign} a term is missing.", self.items[start].span[0]
                    )
            elif terms:
                break
            if self.sign in DOTS and (
                self.at + 1 >= len(self.items) or self.items[self.at + 1].sign in ("+", "−", ",")
            ):
                if terms and (sign == "−") != isinstance(terms[-1], Negative):
                    raise self.context.error(
                        "Before dots stands the sign of the term before them.",
                        self.items[start].span[0],
                    )
                self.at += 1
                terms.append(None)
                continue
            term = self.product()
            terms.append(Negative(body=term, span=self.span(start)) if sign == "−" else term)
        if not terms:
            position = self.items[min(first, len(self.items) - 1)].span[0] if self.items else 0
            raise self.context.error("Here a term is missing.", position)
        found = with_series(terms, "sum", self.context, self.items[first].span[0])
        if len(found) == 1:
            return found[0]
        return Addition(terms=found, span=self.span(first))

    def product(self) -> Term:
        """Factors with ⊙ between them."""
        first = self.at
        factors = [self.chain()]
        while self.sign == "⊙" and not self.done:
            self.at += 1
            factors.append(self.chain())
        if len(factors) == 1:
            return factors[0]
        return Entrywise(factors=tuple(factors), span=self.span(first))

    def chain(self, *, juxtaposed_only: bool = False) -> Term:
        """Factors beside each other, or with · between them."""
        from engine.formulas.factors import Factors
        from engine.formulas.series import with_series

        first = self.at
        factors: list[Term | None] = []
        slashed = False
        while not self.done:
            sign = self.sign
            if sign in PRODUCT_SIGNS and factors:
                if juxtaposed_only:
                    break
                self.at += 1
                slashed = False
                continue
            if sign in DOTS and factors:
                self.at += 1
                factors.append(None)
                continue
            if sign == "/" and factors:
                start = self.at
                self.at += 1
                below = Factors(self).factor()
                above = factors.pop()
                if above is None:
                    raise self.context.error("A fraction has nothing above.", first)
                factors.append(
                    Quotient(top=above, bottom=below, span=(above.span[0], below.span[1]))
                )
                slashed = True
                if start == first:
                    raise self.context.error("A fraction has nothing above.", first)
                continue
            if not self.begins_factor():
                break
            if slashed:
                raise self.context.error(
                    "After a fraction with a stroke a factor is read in two ways: use \\frac.",
                    self.item.span[0],
                )
            if sign == "−" or sign == "+":
                break
            factors.append(Factors(self).factor())
        if not factors:
            position = self.item.span[0] if self.at < len(self.items) else 0
            raise self.context.error("Here a factor is missing.", position)
        found = with_series(factors, "product", self.context, self.items[first].span[0])
        if len(found) == 1:
            return found[0]
        return Product(factors=found, span=self.span(first))

    def begins_factor(self) -> bool:
        """Whether the next item can begin a factor."""
        if self.done:
            return False
        item = self.item
        if item.sign in RELATIONS or item.sign in (*DOTS, ",", ";", "⊙", "∥", "⋮", "⋱"):
            return False
        if item.kind in (AtomClass.BINARY, AtomClass.CLOSE, AtomClass.PUNCTUATION):
            return False
        node = item.node
        if isinstance(node, Fence) and node.kind in (AtomClass.CLOSE, AtomClass.RELATION):
            return False
        base = node
        while isinstance(base, Script):
            base = base.base
        if base is not node:
            text = base.text if isinstance(base, Symbol | Fence) else ""
            kind = base.kind if isinstance(base, Symbol | Fence) else None
            return text not in self.stops and kind is not AtomClass.CLOSE
        return not (isinstance(node, Symbol) and node.text in (":", "."))


def starts_derivative(row_items: list[Item]) -> str:
    """`∂` or `d` where a row begins with that sign; else empty."""
    if not row_items:
        return ""
    first = row_items[0]
    if first.sign in ("∂", "d"):
        return first.sign
    if isinstance(first.node, Script):
        base = canonical(first.node.base)
        return base if base in ("∂", "d") else ""
    return ""


def is_derivative(fraction: Fraction) -> str:
    """`∂` or `d` where both parts of a fraction begin with that sign; else empty."""
    top, bottom = items_of(fraction.top), items_of(fraction.bottom)
    sign = starts_derivative(bottom)
    return sign if sign and len(bottom) > 1 and starts_derivative(top) == sign else ""


def one(value: float, span: tuple[int, int]) -> Number:
    """A number that is not written."""
    return Number(number=value, span=span)


__all__ = ["Cursor", "Fenced", "Group", "is_derivative", "one", "whole_term"]
