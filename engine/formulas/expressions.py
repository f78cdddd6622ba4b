"""Sums, products and factors: the grammar of an expression."""

from __future__ import annotations

from engine.formulas.nodes import AtomClass, Fence, Script, Symbol
from engine.formulas.reader import Context, Item
from engine.formulas.term import Term
from engine.formulas.terms import Addition, Entrywise, Negative, Product, Quotient

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
        raise context.error("An expression is missing here.", items[0].span[0] if items else 0)
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
                        f"A term is missing after {sign}.", self.items[start].span[0]
                    )
            elif terms:
                break
            if self.sign in DOTS and (
                self.at + 1 >= len(self.items) or self.items[self.at + 1].sign in ("+", "−", ",")
            ):
                if terms and (sign == "−") != isinstance(terms[-1], Negative):
                    raise self.context.error(
                        "Give the dots the same sign as the term before them.",
                        self.items[start].span[0],
                    )
                self.at += 1
                terms.append(None)
                continue
            term = self.product()
            terms.append(Negative(body=term, span=self.span(start)) if sign == "−" else term)
        if not terms:
            position = self.items[min(first, len(self.items) - 1)].span[0] if self.items else 0
            raise self.context.error("A term is missing here.", position)
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
                below = self.factor()
                above = factors.pop()
                if above is None:
                    raise self.context.error(
                        "A fraction needs a term above its line.", self.items[start].span[0]
                    )
                factors.append(
                    Quotient(top=above, bottom=below, span=(above.span[0], below.span[1]))
                )
                slashed = True
                continue
            if not self.begins_factor():
                break
            if slashed:
                raise self.context.error(
                    "A factor after a fraction with a slash can be read in two ways: use \\frac.",
                    self.item.span[0],
                )
            if sign == "−" or sign == "+":
                break
            factors.append(self.factor())
        if not factors:
            position = self.item.span[0] if self.at < len(self.items) else 0
            raise self.context.error("A factor is missing here.", position)
        found = with_series(factors, "product", self.context, self.items[first].span[0])
        if len(found) == 1:
            return found[0]
        return Product(factors=found, span=self.span(first))

    def factor(self) -> Term:
        """The next factor with everything that belongs to it."""
        from engine.formulas.factors import read_factor

        return read_factor(self)

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
