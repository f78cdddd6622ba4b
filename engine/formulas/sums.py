"""Sums, products and extremes over running indices, and what an index runs over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.conditions import truth
from engine.formulas.errors import MeaningError, NoValueError
from engine.formulas.term import Term
from engine.formulas.terms import Entry, Reference
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import World


@dataclass(frozen=True, eq=False, kw_only=True)
class Binder(Term):
    """The running index of a sum: its bounds, its set, or its declared range, and a condition."""

    index: str
    first: Term | None = None
    last: Term | None = None
    among: Term | None = None
    condition: Term | None = None

    def values(self, world: World, body: Term) -> Iterator[int]:
        """What the index runs over; yields with the index bound."""
        for value in self._all(world, body):
            with world.binding({self.index: value}):
                if self.condition is None or truth(self.condition, world):
                    yield value

    def _all(self, world: World, body: Term) -> range | tuple[int, ...]:
        if self.among is not None:
            found = self.among.value(world)
            if not isinstance(found, tuple):
                raise MeaningError("After ∈ a set of indices is needed.")
            return found
        if self.first is not None and self.last is not None:
            first, last = v.whole(self.first.value(world)), v.whole(self.last.value(world))
            return range(first, last + 1)
        declared = world.range_of(self.index)
        found = inferred_range(self.index, body, world) if declared is None else declared
        if found is None:
            raise NoValueError(f"The range of the index {self.index} is not known: declare it.")
        return found


def inferred_range(index: str, body: Term, world: World) -> range | None:
    """The range of an index from the entries that it picks; None where no entry tells it.

    Raises:
        MeaningError: two entries tell different ranges.
    """
    found: set[tuple[int, int]] = set()
    for term in body.walk():
        if isinstance(term, Reference):
            found |= _sizes(index, term, world)
        elif isinstance(term, Entry) and not _holds(term.base, index):
            # (AB)_{ij}: the product tells the ranges of i and j.
            places = [n for n, entry in enumerate(term.entries) if _is_index(entry, index)]
            found |= _extent(term.base, places, len(term.entries), 1, world)
    if len(found) > 1:
        raise MeaningError(f"The index {index} has two different ranges: write its bounds.")
    for start, size in found:
        return range(start, start + size)
    return None


def _sizes(index: str, term: Reference, world: World) -> set[tuple[int, int]]:
    """First value and number of values of an index, as one symbol tells them."""
    if any(_holds(part, index) for part in _one(term.upper)):
        return set()
    if term.entries:
        if any(_holds(part, index) for part in term.lower):
            return set()
        whole = replace(term, entries=())
        places = [n for n, entry in enumerate(term.entries) if _is_index(entry, index)]
        return _extent(whole, places, len(term.entries), term.start(world), world)
    # W_{ij} that is declared as an entry of W: look at the range of that entry.
    for declaration in world.notation.heads(term.key):
        head = declaration.head
        alias = world.notation.alias(declaration)
        if len(head.lower) != len(term.lower) or (head.upper is None) != (term.upper is None):
            continue
        if not isinstance(alias, Entry) or not isinstance(alias.base, Reference):
            continue
        names: dict[str, Value] = {}
        asked = set()
        for pattern, part in zip(head.lower, term.lower, strict=True):
            if _is_index(part, index):
                asked.add(pattern.name)
            elif _holds(alias.base, pattern.name):
                names[pattern.name] = v.whole(part.value(world)) - pattern.offset
        if head.upper is not None and term.upper is not None:
            names[head.upper.name] = v.whole(term.upper.value(world)) - head.upper.offset
        places = [
            n
            for n, entry in enumerate(alias.entries)
            if isinstance(entry, Reference) and entry.key in asked
        ]
        with world.binding(names, alone=True):
            return _extent(alias.base, places, len(alias.entries), alias.base.start(world), world)
    return set()


def _extent(
    whole: Term, places: list[int], count: int, start: int, world: World
) -> set[tuple[int, int]]:
    if not places:
        return set()
    shape = v.shape_of(whole.value(world))
    if count == 1:
        return {(start, max(shape, default=1))}
    return {(start, shape[place] if shape else 1) for place in places}


def _is_index(term: Term, index: str) -> bool:
    return (
        isinstance(term, Reference)
        and term.key == index
        and not (term.entries or term.lower or term.upper)
    )


def _one(term: Term | None) -> tuple[Term, ...]:
    return () if term is None else (term,)


def _holds(term: Term, index: str) -> bool:
    return any(isinstance(part, Reference) and part.key == index for part in term.walk())


@dataclass(frozen=True, eq=False, kw_only=True)
class Big(Term):
    """Σ, ∏, max or min over one or several indices; argmax and argmin give the index."""

    kind: str
    binders: tuple[Binder, ...]
    body: Term

    def evaluate(self, world: World) -> Value:
        found = [(index, self.body.value(world)) for index in self.runs(world)]
        if self.kind == "∑":
            total: Value = 0
            for _, value in found:
                total = v.add(total, value)
            return total
        if self.kind == "∏":
            total = 1
            for _, value in found:
                total = v.multiply(total, value)
            return total
        if not found:
            raise MeaningError(f"{self.kind} has no values to run over.")
        choose = max if self.kind in ("max", "arg max") else min
        best = choose(found, key=lambda pair: v.number(pair[1]))
        return best[0] if self.kind.startswith("arg") else best[1]

    def runs(self, world: World, binders: tuple[Binder, ...] = ()) -> Iterator[int]:
        """The values of the last index, with all indices bound."""
        first, *rest = binders or self.binders
        for value in first.values(world, self.body):
            if rest:
                yield from self.runs(world, tuple(rest))
            else:
                yield value

    def scale(self, world: World) -> float:
        if self.kind != "∑":
            return super().scale(world)
        return max((self.body.scale(world) for _ in self.runs(world)), default=0.0)
