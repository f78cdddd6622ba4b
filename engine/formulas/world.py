"""The values that formulas are evaluated on: one draw of a notation, and all that follows."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from engine.formulas.errors import MeaningError, NoValueError
from engine.formulas.values import Value, is_tensor, whole

if TYPE_CHECKING:
    from engine.formulas.declarations import Declaration
    from engine.formulas.notation import Notation
    from engine.formulas.term import Term

Place: TypeAlias = tuple[str, tuple[int, ...], int | None]
"""A named value: key, lower indices of its family, upper index."""

Needs: TypeAlias = frozenset[Place]
"""All values that a value was computed from, itself among them."""
METHOD: Place = ("method of derivatives", (), None)
"""Stands among the needs of whatever a derivative is part of."""
MAX_DEPTH = 60
"""Definitions within definitions; more than this means that they are circular."""


class World:
    """One draw: every symbol has a value, drawn when it is first asked for and kept.

    A child world differs from its parent only in the `moved` values; what is defined is computed
    again from them, and what needs none of them is taken from the parent. With `frozen` nothing is
    computed again: only the moved values differ, so that a derivative sees only the direct
    dependence.
    """

    def __init__(self, notation: Notation, name: str = "", round_number: int = 0, index: int = 0):
        self.notation = notation
        self.seed = (zlib.crc32(name.encode()), round_number, index)
        self.index = index
        self.method = "autograd"
        self.parent: World | None = None
        self.frozen = False
        self.moved: dict[Place, Value] = {}
        self.bound: dict[str, Value] = {}
        """Bound names: running indices of sums, arguments of functions."""
        self.record: dict[int, list[Value]] | None = None
        self.speaking_of: tuple[Term, ...] = ()
        """What is evaluated here: it tells what an index without a declared range runs over."""
        self.gradients: dict[tuple[Term, Place], tuple[Value, Needs]] = {}
        """Derivatives already taken, by all entries of a symbol."""
        self.varies = [False]
        """Whether anything was drawn yet; one list for the draw and all its children."""
        self._known: dict[Place, tuple[Value, Needs]] = {}
        self._made_from: World | None = None
        self._ancestors: list[tuple[World, Needs]] | None = None
        self._asked: list[dict[Hashable, Needs]] = []
        """What each value that is being computed has asked for so far; one list for the draw."""
        self._drawn: dict[Place, Value] = {}
        self._sizes: dict[Place, int] = {}
        self._depth = 0

    def child(self, moved: Mapping[Place, Value], *, frozen: bool = False) -> World:
        """A world in which some values are different."""
        world = World.__new__(World)
        world.notation, world.seed, world.index = self.notation, self.seed, self.index
        world.method, world.parent, world.frozen = self.method, self, frozen
        world.moved = dict(moved) if frozen else {**self.moved, **moved}
        world.bound = self.bound
        world.varies = self.varies
        world.record, world.speaking_of = None, self.speaking_of
        world._known, world.gradients = {}, {}
        world._made_from = None if self.frozen else self
        world._ancestors, world._asked = None, self._asked
        world._drawn, world._sizes = self._drawn, self._sizes
        world._depth = self._depth
        return world

    def by(self, method: str) -> World:
        """The same draw with derivatives by `autograd` or by `central` differences."""
        world = self.child({})
        world.parent, world.method = None, method
        return world

    @contextmanager
    def binding(self, names: Mapping[str, Value], *, alone: bool = False) -> Iterator[None]:
        """Give bound names their values; `alone` hides those that are already bound."""
        before = self.bound
        self.bound = dict(names) if alone else {**before, **names}
        try:
            yield
        finally:
            self.bound = before

    def rng(self, *words: object) -> np.random.Generator:
        """The random numbers of one symbol, whatever was drawn before it."""
        return np.random.default_rng([*self.seed, zlib.crc32(repr(words).encode())])

    def value(self, place: Place) -> Value:
        """The value of a symbol, with the indices of its family."""
        if place in self.moved:
            self.asked(place, frozenset((place,)))
            return self.moved[place]
        known = self._known.get(place) or self._inherited(place)
        if known is None:
            found, needs = self.watched(lambda: self._evaluated(place))
            known = found, needs | {place}
            self._keep(place, *known)
        self.asked(place, known[1])
        return known[0]

    def _evaluated(self, place: Place) -> Value:
        declaration, names = self.notation.declaration(place)
        if self.frozen and self.parent is not None and self.notation.alias(declaration) is None:
            return self.parent.value(place)
        return self._defined(declaration, names, place)

    def watched(self, compute: Callable[[], Value]) -> tuple[Value, Needs]:
        """What something computes, and all values that it asks this draw for."""
        asked: dict[Hashable, Needs] = {}
        self._asked.append(asked)
        try:
            found = compute()
        finally:
            self._asked.pop()
        return found, frozenset().union(*asked.values())

    def asked(self, what: Hashable, needs: Needs) -> None:
        """Note that the value being computed needs this, for `watched`."""
        if self._asked:
            self._asked[-1][what] = needs

    def _lineage(self) -> list[tuple[World, Needs]]:
        """The worlds that this one was made from, and what is different there."""
        if self._ancestors is None:
            self._ancestors = []
            world = None if self.frozen else self._made_from
            while world is not None:
                moved = {p for p, to in self.moved.items() if world.moved.get(p) is not to}
                if world.method != self.method:
                    moved.add(METHOD)
                self._ancestors.append((world, frozenset(moved)))
                world = world._made_from
        return self._ancestors

    def _inherited(self, place: Place) -> tuple[Value, Needs] | None:
        """A value that is known in a world before this one, and is the same here."""
        for world, different in self._lineage():
            known = world._known.get(place)
            if known is not None and known[1].isdisjoint(different):
                self._known[place] = known
                return known
        return None

    def _keep(self, place: Place, found: Value, needs: Needs) -> None:
        """Know a value from now on, here and in every world where it is the same."""
        self._known[place] = found, needs
        if is_tensor(found) and found.requires_grad:
            return
        for world, different in self._lineage():
            if needs.isdisjoint(different):
                world._known.setdefault(place, (found, needs))

    def drawn(self, place: Place, make: Callable[[np.random.Generator], Value]) -> Value:
        """A drawn value: the same one in every child world."""
        self.varies[0] = True
        if place not in self._drawn:
            self._drawn[place] = make(self.rng(place))
        return self._drawn[place]

    def draw_as(self, place: Place, value: Value) -> None:
        """Give something that would be drawn a value, here and in all children of the draw."""
        self._drawn[place] = value

    @property
    def drawn_names(self) -> tuple[str, ...]:
        """The keys of what was drawn so far, each once."""
        return tuple(dict.fromkeys(place[0] for place in (*self._drawn, *self._sizes)))

    def size(self, place: Place, low: int) -> int:
        """A dimension: each one that is asked for gets a different value, from `low` up."""
        self.varies[0] = True
        if place not in self._sizes:
            pool = [low + step for step in range(8) if low + step not in self._sizes.values()]
            if not pool:
                raise MeaningError("There are too many dimensions.")
            # Small sizes keep sums short; three to choose from make them vary.
            choice = int(self.rng("size", place).integers(min(3, len(pool))))
            self._sizes[place] = pool[choice]
        return self._sizes[place]

    def function(self, place: Place, arguments: tuple[Value, ...]) -> Value:
        """A declared function, applied to values."""
        declaration, names = self.notation.function(place, arguments)
        return self._defined(declaration, names, place)

    def _defined(self, declaration: Declaration, names: dict[str, Value], place: Place) -> Value:
        """What a declaration says, with the names of its head bound."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._depth = 0
            raise MeaningError(f"The definition of {declaration.latex} is circular.")
        try:
            with self.binding(names, alone=True):
                return declaration.evaluate(self, place)
        finally:
            self._depth = max(0, self._depth - 1)

    def range_of(self, index: str) -> range | None:
        """The values that an index runs over, where the notation says so."""
        from engine.formulas.reader import read_term

        declared = self.notation.index_of(index)
        if declared is None or not declared.size:
            return None
        with self.binding({}, alone=True):
            last = whole(read_term(declared.size, self.notation).value(self))
        return range(declared.start, last + declared.start)

    def free_index(self, key: str) -> int:
        """The value of an index that no sum binds: drawn from its range."""
        from engine.formulas.sums import inferred_range

        found = self.range_of(key)
        for term in self.speaking_of:
            found = inferred_range(key, term, self) if found is None else found
        if not found:
            raise NoValueError(f"The range of the index {key} is not known: declare it.")
        declared = self.notation.index_of(key)
        unlike = declared.unlike if declared else ""
        other = whole(self.value((unlike, (), None))) if unlike else None
        among = [value for value in found if value != other]
        choice: int = self.drawn(
            (f"index {key}", (), None), lambda rng: among[int(rng.integers(len(among)))]
        )
        return choice

    def noted(self, term: Term, value: Value) -> None:
        """Keep the value of a part, for whoever wants to show it."""
        if self.record is not None:
            self.record.setdefault(id(term), []).append(value)
