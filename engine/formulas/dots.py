"""What dots stand for: the terms of a series between those that the source writes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.errors import MeaningError
from engine.formulas.term import Term
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import World


@dataclass(frozen=True, eq=False, kw_only=True)
class Hole(Term):
    """The place in a series where its terms differ: it runs from `first` to `last`."""

    series: str
    first: Term
    last: Term

    def evaluate(self, world: World) -> Value:
        return v.whole(self.first.value(world)) + world.bound[self.series]


@dataclass(frozen=True, eq=False, kw_only=True)
class Series(Term):
    r"""What \dots stands for: the terms between the neighbours that the source writes out."""

    name: str
    template: Term
    step: int = 1

    def offsets(self, world: World) -> range:
        """How many steps each term that is left out is from the first neighbour."""
        spans = set()
        for term in self.template.walk():
            if isinstance(term, Hole) and term.series == self.name:
                spans.add(v.whole(term.last.value(world)) - v.whole(term.first.value(world)))
        if len(spans) != 1:
            raise MeaningError(
                "The dots could stand for series of different lengths: write one out."
            )
        (distance,) = spans
        step = self.step if distance >= 0 else -self.step
        if distance % step:
            raise MeaningError("The steps between the first terms do not lead to the last one.")
        return range(step, distance, step)

    def evaluate(self, world: World) -> Value:
        raise MeaningError(
            "Dots may be used only between the terms of a sum, product, list or matrix."
        )


def unrolled(terms: tuple[Term, ...], world: World) -> Iterator[Term]:
    """The terms one by one, dots written out; evaluate each before asking for the next."""
    for term in terms:
        if isinstance(term, Series):
            for offset in term.offsets(world):
                with world.binding({term.name: offset}):
                    yield term.template
        else:
            yield term
