"""The values that formulas are evaluated on: one draw of a notation, and all that follows."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from engine.formulas.errors import MeaningError, NoValueError
from engine.formulas.values import Value, whole

if TYPE_CHECKING:
    from engine.formulas.notation import Notation
    from engine.formulas.terms import Term

Place: TypeAlias = tuple[str, tuple[int, ...], int | None]
"""A named value: key, lower indices of its family, upper index."""

MAX_DEPTH = 60
"""Definitions within definitions; more than this means that they are circular."""


class World:
    """One draw: every symbol has a value, drawn when it is first asked for and kept.

    A child world differs from its parent only in the `moved` values; what is defined is computed
    again from them. With `frozen` nothing is computed again: only the moved values differ, so that
    a derivative sees only the direct dependence.
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
        self.gradients: dict[tuple[Term, Place], Value] = {}
        """Derivatives already taken, by all entries of a symbol."""
        self.varies = [False]
        """Whether anything was drawn yet; one list for the draw and all its children."""
        self._known: dict[Place, Value] = {}
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
            return self.moved[place]
        if place in self._known:
            return self._known[place]
        declaration, names = self.notation.declaration(place)
        if self.frozen and self.parent is not None and self.notation.alias(declaration) is None:
            found = self.parent.value(place)
        else:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                self._depth = 0
                raise MeaningError(f"The definition of {declaration.latex} is circular.")
            try:
                with self.binding(names, alone=True):
                    found = declaration.evaluate(self, place)
            finally:
                self._depth = max(0, self._depth - 1)
        self._known[place] = found
        return found

    def drawn(self, place: Place, make: Callable[[np.random.Generator], Value]) -> Value:
        """A drawn value: the same one in every child world."""
        self.varies[0] = True
        if place not in self._drawn:
            self._drawn[place] = make(self.rng(place))
        return self._drawn[place]

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
        from engine.formulas.operators import inferred_range

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
