"""What a nudge of one weight does to everything between it and the loss, in the worked network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engine.worked_example import Problem, worked_example

WEIGHTS = ("w5", "w7", "w1", "w4")
"""The weights that can be nudged: first two with one way to the loss, then two with two."""
SIZES = (0.1, 0.01, 0.001, 0.0001)
"""Sizes of one nudge."""
MOST = 20
"""Nudges in one direction."""
_CHAINS: dict[str, tuple[tuple[str, ...], ...]] = {
    "w5": (("w5", "z_o1", "out_o1", "E_o1"),),
    "w7": (("w7", "z_o2", "out_o2", "E_o2"),),
    "w1": tuple(("w1", "z_h1", "out_h1", f"z_{o}", f"out_{o}", f"E_{o}") for o in ("o1", "o2")),
    "w4": tuple(("w4", "z_h2", "out_h2", f"z_{o}", f"out_{o}", f"E_{o}") for o in ("o1", "o2")),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One value on a way from the weight to the loss."""

    symbol: str
    before: float
    after: float
    source: str
    """The value before it on the way; empty for the weight."""
    ratio: float | None
    """Its change divided by that of `source`; None for the weight and where nothing moved."""

    @property
    def change(self) -> float:
        """How far it moved."""
        return self.after - self.before


@dataclass(frozen=True)
class Nudge:
    """A weight of the worked network moved by `count` nudges of the size `SIZES[size]`."""

    weight: str = WEIGHTS[0]
    count: int = 0
    size: int = 1

    @cached_property
    def problem(self) -> Problem:
        """The worked network with the weight moved."""
        given = worked_example()
        return given.with_value(self.weight, self._before[self.weight] + self.moved)

    @property
    def moved(self) -> float:
        """How far the weight was moved."""
        return self.count * SIZES[self.size]

    @cached_property
    def _before(self) -> dict[str, float]:
        return worked_example().trace().values()

    @cached_property
    def _after(self) -> dict[str, float]:
        return self.problem.trace().values()

    @cached_property
    def ways(self) -> tuple[tuple[Link, ...], ...]:
        """Each way from the weight to a part of the loss, link by link."""
        return tuple(tuple(self._links(chain)) for chain in _CHAINS[self.weight])

    def _links(self, chain: tuple[str, ...]) -> list[Link]:
        found: list[Link] = []
        for place, symbol in enumerate(chain):
            before, after = self._before[symbol], self._after[symbol]
            source = chain[place - 1] if place else ""
            moved = found[-1].change if found else 0.0
            ratio = (after - before) / moved if moved else None
            found.append(Link(symbol, before, after, source, ratio))
        return found

    @property
    def loss(self) -> Link:
        """The whole loss, with its change divided by that of the weight."""
        before, after = self._before["E"], self._after["E"]
        ratio = (after - before) / self.moved if self.moved else None
        return Link("E", before, after, self.weight, ratio)

    @property
    def slope(self) -> float:
        """∂E/∂w at the start, by backpropagation."""
        return self._before[f"∂E/∂{self.weight}"]

    def by(self, nudges: int) -> Nudge:
        """Moved by so many nudges more, at most `MOST` from the start."""
        count = max(-MOST, min(MOST, self.count + nudges))
        return Nudge(self.weight, count, self.size)

    def sized(self, finer: int) -> Nudge:
        """As many nudges, each ten times smaller (1) or larger (−1); stops at the ends."""
        return Nudge(self.weight, self.count, max(0, min(len(SIZES) - 1, self.size + finer)))

    def next_weight(self) -> Nudge:
        """The same nudges of the next weight."""
        place = (WEIGHTS.index(self.weight) + 1) % len(WEIGHTS)
        return Nudge(WEIGHTS[place], self.count, self.size)


def product(way: tuple[Link, ...]) -> float:
    """The ratios along a way, multiplied: exactly the change at its end over that of the weight."""
    found = 1.0
    for link in way:
        if link.ratio is not None:
            found *= link.ratio
    return found
