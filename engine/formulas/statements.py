"""Statements: chains of relations between expressions, and equivalences between chains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.formulas.brackets import bracket_of, split
from engine.formulas.conditions import COMPARISONS, Condition
from engine.formulas.errors import MeaningError
from engine.formulas.expressions import RELATIONS, whole_term
from engine.formulas.nodes import Space, Styled, Text
from engine.formulas.notation import Notation
from engine.formulas.parser import parse
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.term import Term
from engine.formulas.terms import Number, Shape

SHAPE_SIGN = ":"
"""X : n × d states the shape of X."""
EQUIVALENCES = frozenset({"⇔", "⟺"})


@dataclass(frozen=True, eq=False)
class Chain:
    """Sides with relations between them: a = b ≤ c. The first side is None where the formula
    begins with a relation and continues the line before."""

    sides: tuple[Term | None, ...]
    relations: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it continues an earlier one."""
        return self.sides[0] is None

    def terms(self) -> Iterator[Term]:
        """The sides that are written."""
        for side in self.sides:
            if side is not None:
                yield side


@dataclass(frozen=True, eq=False)
class Statement:
    """What a formula states: one chain, or several that are equivalent.

    `follows` marks a formula that begins with ⇔. `purpose` is `define`, `suppose` or empty.
    """

    latex: str
    chains: tuple[Chain, ...]
    follows: bool = False
    purpose: str = ""

    def terms(self) -> Iterator[Term]:
        """All sides that are written."""
        for chain in self.chains:
            yield from chain.terms()

    @property
    def claims(self) -> bool:
        """Whether anything is stated: a relation, and no mark that it only defines."""
        return not self.purpose and self.relates

    @property
    def relates(self) -> bool:
        """Whether it holds a relation."""
        return any(chain.relations for chain in self.chains)

    def replaced(self, old: Term, new: Term) -> Statement:
        """The same statement with one term exchanged."""
        return replace(
            self,
            chains=tuple(
                Chain(
                    tuple(None if side is None else side.replaced(old, new) for side in c.sides),
                    c.relations,
                )
                for c in self.chains
            ),
        )


def purpose_of(latex: str) -> str:
    r"""`define` or `suppose` where that mark encloses the whole formula; else empty."""
    items = [item for item in parse(latex).items if not isinstance(item, Space)]
    if len(items) == 1 and isinstance(items[0], Styled):
        return items[0].purpose if items[0].purpose in ("define", "suppose") else ""
    return ""


def read_statements(latex: str, notation: Notation) -> tuple[Statement, ...]:
    r"""What a formula states; several statements are separated by \quad or wider.

    Raises:
        MathSyntaxError: it cannot be drawn.
        MeaningError: it cannot be read.
    """
    context = Context(notation, latex)
    purpose = purpose_of(latex)
    parts: list[list[Item]] = [[]]
    for item in items_of(parse(latex)):
        if isinstance(item.node, Space):
            parts.append([])
        else:
            parts[-1].append(item)
    found = []
    for part in parts:
        while part and part[-1].sign in (",", ";", "."):
            part = part[:-1]
        if part and not all(isinstance(item.node, Text) for item in part):
            found.append(replace(_statement(part, context), purpose=purpose))
    return tuple(found)


def read_lines(lines: Sequence[str], notation: Notation) -> tuple[tuple[Statement, ...], ...]:
    """The statements of each line.

    Raises:
        MathSyntaxError, MeaningError: a line cannot be read; its number is the attribute `line`.
    """
    found = []
    for number, line in enumerate(lines):
        try:
            found.append(read_statements(line, notation))
        except ValueError as error:
            error.line = number  # type: ignore[attr-defined]
            raise
    return tuple(found)


def _statement(items: list[Item], context: Context) -> Statement:
    pieces = split(items, EQUIVALENCES)
    follows = not pieces[0]
    if follows:
        pieces = pieces[1:]
    return Statement(context.latex, tuple(_chain(piece, context) for piece in pieces), follows)


def _chain(items: list[Item], context: Context) -> Chain:
    sides: list[list[Item]] = [[]]
    relations: list[str] = []
    depth = 0
    for item in items:
        sign = item.sign
        bracket = bracket_of(item)
        depth += (bracket in ("(", "[", "{", "⟨")) - (bracket in (")", "]", "}", "⟩"))
        if depth == 0 and (sign in RELATIONS or sign == SHAPE_SIGN):
            relations.append("=" if sign == "≔" else sign)
            sides.append([])
        else:
            sides[-1].append(item)
    if relations and not sides[-1]:
        raise context.error("A side is missing after the relation.", items[-1].span[0])
    terms = tuple(
        _side(side, relation, context) if side else None
        for side, relation in zip(sides, ("", *relations), strict=True)
    )
    if any(term is None for term in terms[1:]):
        raise context.error("A side is missing between two relations.", items[0].span[0])
    if terms[0] is None and not relations:
        raise context.error("A formula is missing here.", 0)
    return Chain(terms, tuple(relations))


def _side(items: list[Item], relation: str, context: Context) -> Term:
    if relation != SHAPE_SIGN:
        return whole_term(items, context)
    sizes = [whole_term(part, context) for part in split(items, {"×"})]
    if len(sizes) == 1:
        sizes.append(Number(number=1))
    return Shape(sizes=tuple(sizes), span=(items[0].span[0], items[-1].span[1]))


def read_condition(items: list[Item], context: Context) -> Condition:
    """A condition of cases, of an indicator or below a sum."""
    chain = _chain(items, context)
    unknown = set(chain.relations) - COMPARISONS
    if chain.is_open or not chain.relations or unknown:
        raise MeaningError("A condition is needed here, such as z > 0.", context.latex)
    sides = tuple(side for side in chain.sides if side is not None)
    span = (items[0].span[0], items[-1].span[1])
    return Condition(sides=sides, relations=chain.relations, span=span)
