"""The kinds of terms: numbers, symbols and their entries, operations, vectors and matrices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.dots import unrolled
from engine.formulas.errors import MeaningError
from engine.formulas.term import Term
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import Place, World


@dataclass(frozen=True, eq=False, kw_only=True)
class Number(Term):
    """A number as it is written; `digits` are those after the point."""

    number: float
    digits: int = 0
    check: str = ""
    """Name of the number that it must agree with, if it names one."""

    def evaluate(self, world: World) -> Value:
        return self.number


@dataclass(frozen=True, eq=False, kw_only=True)
class Everything(Term):
    """The colon that selects a whole row or column."""

    def evaluate(self, world: World) -> Value:
        raise MeaningError("A colon may be used only as an index.")


@dataclass(frozen=True, eq=False, kw_only=True)
class Reference(Term):
    """A declared symbol: its key, the indices of its family, and the entry that is taken of it."""

    key: str
    latex: str
    lower: tuple[Term, ...] = ()
    upper: Term | None = None
    entries: tuple[Term, ...] = ()

    def place(self, world: World) -> Place:
        """Which value of the family it is."""
        lower = tuple(v.whole(index.value(world)) for index in self.lower)
        return self.key, lower, None if self.upper is None else v.whole(self.upper.value(world))

    def evaluate(self, world: World) -> Value:
        if not self.lower and self.upper is None and self.key in world.bound:
            found = world.bound[self.key]
        else:
            found = world.value(self.place(world))
        return (
            v.entry(found, picks(self.entries, world), self.start(world)) if self.entries else found
        )

    def start(self, world: World) -> int:
        """The number of its first entry."""
        return world.notation.start_of(self.key)


def picks(entries: tuple[Term, ...], world: World) -> tuple[int | slice, ...]:
    """Indices as numbers; a colon takes all."""
    return tuple(
        slice(None) if isinstance(entry, Everything) else v.whole(entry.value(world))
        for entry in entries
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Entry(Term):
    """An entry of a term that is not a symbol, such as (AB)_{ij}; counted from 1."""

    base: Term
    entries: tuple[Term, ...]

    def evaluate(self, world: World) -> Value:
        return v.entry(self.base.value(world), picks(self.entries, world))


@dataclass(frozen=True, eq=False, kw_only=True)
class Negative(Term):
    """Minus a term."""

    body: Term

    def evaluate(self, world: World) -> Value:
        return -self.body.value(world)

    def scale(self, world: World) -> float:
        return self.body.scale(world)


@dataclass(frozen=True, eq=False, kw_only=True)
class Addition(Term):
    """Terms added up; a subtracted one is a Negative."""

    terms: tuple[Term, ...]

    def evaluate(self, world: World) -> Value:
        found: Value = 0
        for term in unrolled(self.terms, world):
            found = v.add(found, term.value(world))
        return found

    def scale(self, world: World) -> float:
        return max(term.scale(world) for term in unrolled(self.terms, world))


@dataclass(frozen=True, eq=False, kw_only=True)
class Product(Term):
    """Factors side by side: scalars, and matrices whose inner dimensions fit."""

    factors: tuple[Term, ...]

    def evaluate(self, world: World) -> Value:
        found: Value = 1
        for factor in unrolled(self.factors, world):
            found = v.multiply(found, factor.value(world))
        return found

    def scale(self, world: World) -> float:
        found = 1.0
        for factor in unrolled(self.factors, world):
            found *= factor.scale(world)
        return found


@dataclass(frozen=True, eq=False, kw_only=True)
class Entrywise(Term):
    """Factors multiplied entry by entry, ⊙."""

    factors: tuple[Term, ...]

    def evaluate(self, world: World) -> Value:
        found = self.factors[0].value(world)
        for factor in self.factors[1:]:
            found = v.entrywise(found, factor.value(world))
        return found


@dataclass(frozen=True, eq=False, kw_only=True)
class Quotient(Term):
    """A fraction: anything over a number."""

    top: Term
    bottom: Term

    def evaluate(self, world: World) -> Value:
        return v.divide(self.top.value(world), self.bottom.value(world))

    def scale(self, world: World) -> float:
        below = v.largest(self.bottom.value(world))
        return self.top.scale(world) / below if below else 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Power(Term):
    """A base to an exponent; a square matrix to −1 is its inverse."""

    base: Term
    exponent: Term

    def evaluate(self, world: World) -> Value:
        return v.power(self.base.value(world), self.exponent.value(world))


@dataclass(frozen=True, eq=False, kw_only=True)
class Transposed(Term):
    """Rows become columns."""

    body: Term

    def evaluate(self, world: World) -> Value:
        return v.transpose(self.body.value(world))


@dataclass(frozen=True, eq=False, kw_only=True)
class Absolute(Term):
    """|x|, or the number of elements of a set."""

    body: Term

    def evaluate(self, world: World) -> Value:
        found = self.body.value(world)
        if isinstance(found, tuple):
            return len(found)
        return abs(found)


@dataclass(frozen=True, eq=False, kw_only=True)
class Norm(Term):
    """‖x‖, the length of a vector; of a matrix, the root of the sum of its squared entries."""

    body: Term

    def evaluate(self, world: World) -> Value:
        found = v.tensor(self.body.value(world))
        return (found**2).sum().sqrt()


@dataclass(frozen=True, eq=False, kw_only=True)
class Inner(Term):
    """⟨x, y⟩, the inner product of two vectors."""

    left: Term
    right: Term

    def evaluate(self, world: World) -> Value:
        return v.entrywise(self.left.value(world), self.right.value(world)).sum()


@dataclass(frozen=True, eq=False, kw_only=True)
class Root(Term):
    """A square root, or the root of a given degree."""

    body: Term
    degree: Term | None = None

    def evaluate(self, world: World) -> Value:
        degree = 2 if self.degree is None else v.number(self.degree.value(world))
        body = self.body.value(world)
        if degree == 2 and isinstance(body, int | float) and body >= 0:
            return math.sqrt(body)
        found = v.tensor(body)
        return found.sqrt() if degree == 2 else v.power(found, 1 / degree)


@dataclass(frozen=True, eq=False, kw_only=True)
class Vector(Term):
    """Numbers in brackets with commas: a column."""

    items: tuple[Term, ...]

    def evaluate(self, world: World) -> Value:
        return v.stack([[item.value(world)] for item in unrolled(self.items, world)])


@dataclass(frozen=True, eq=False, kw_only=True)
class Matrix(Term):
    """Rows of entries; each row is a `Vector` of cells, or a series of such rows."""

    rows: tuple[Term, ...]

    def evaluate(self, world: World) -> Value:
        made = []
        for row in unrolled(self.rows, world):
            assert isinstance(row, Vector)
            made.append([cell.value(world) for cell in unrolled(row.items, world)])
        return v.stack(made)


@dataclass(frozen=True, eq=False, kw_only=True)
class Shape(Term):
    """A shape such as n × d, written after a colon."""

    sizes: tuple[Term, ...]

    def evaluate(self, world: World) -> Value:
        found = tuple(v.whole(size.value(world)) for size in self.sizes)
        return () if all(size == 1 for size in found) else found
