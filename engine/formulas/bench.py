"""The bench of a proof: the draws, and the values that its lines have on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.formulas import values as v
from engine.formulas.notation import Notation
from engine.formulas.statements import Statement
from engine.formulas.term import Term
from engine.formulas.values import Value
from engine.formulas.world import World

DRAWS = 8
AUTOGRAD = "autograd"
CENTRAL = "central differences"


@dataclass
class Bench:
    """The draws of one derivation, with the values already computed on them."""

    notation: Notation
    name: str
    round_number: int = 0
    terms: tuple[Term, ...] = ()
    """All sides of the lines: they tell what an index without a declared range runs over."""
    _worlds: dict[tuple[int, str], World] = field(default_factory=dict)
    _values: dict[tuple[int, int, str], Value] = field(default_factory=dict)
    _scales: dict[tuple[int, int], float] = field(default_factory=dict)
    _kept: list[Term] = field(default_factory=list)

    def world(self, draw: int, method: str = AUTOGRAD) -> World:
        """One draw, with derivatives by a method."""
        found = self._worlds.get((draw, method))
        if found is None:
            if method == AUTOGRAD:
                found = World(self.notation, self.name, self.round_number, draw)
                found.speaking_of = self.terms
            else:
                found = self.world(draw).by("central")
            self._worlds[draw, method] = found
        return found

    def settle(self, draw: int, world: World) -> None:
        """Take a world of its own for a draw; what was computed on the old one is forgotten."""
        self._worlds = {key: kept for key, kept in self._worlds.items() if key[0] != draw}
        self._values = {key: kept for key, kept in self._values.items() if key[1] != draw}
        self._scales = {key: kept for key, kept in self._scales.items() if key[1] != draw}
        self._worlds[draw, AUTOGRAD] = world

    def value(self, term: Term, draw: int, method: str = AUTOGRAD) -> Value:
        """The value of a side on a draw."""
        key = (id(term), draw, method)
        if key not in self._values:
            self._values[key] = v.detached(term.value(self.world(draw, method)))
            self._kept.append(term)
        return self._values[key]

    def scale(self, term: Term, draw: int) -> float:
        """The size of the numbers that a side is made of."""
        key = (id(term), draw)
        if key not in self._scales:
            self._scales[key] = term.scale(self.world(draw))
            self._kept.append(term)
        return self._scales[key]


def bench_for(
    lines: Sequence[tuple[Statement, ...]], notation: Notation, name: str, round_number: int = 0
) -> Bench:
    """The bench for some lines; the same name and round give the same draws."""
    terms = tuple(t for line in lines for statement in line for t in statement.terms())
    return Bench(notation, name, round_number, terms)
