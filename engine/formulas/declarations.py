"""One symbol of a notation: what it is called, its shape, and where its value comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from engine.formulas import values as v
from engine.formulas.errors import MeaningError
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import Place, World

Maker: TypeAlias = Callable[[np.random.Generator, tuple[int, ...]], Value]
"""Draws the entries of a shape; () is a single number."""
Computer: TypeAlias = Callable[..., Value]
"""Computes a value in Python: gets the world, then the indices of the family in their order."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An index as a head writes it: a name, a name plus a number (l+1), or a number."""

    name: str = ""
    offset: int = 0

    def match(self, index: int) -> dict[str, Value] | None:
        """What the name stands for where the index is this one; None where it does not fit."""
        if not self.name:
            return {} if index == self.offset else None
        return {self.name: index - self.offset}


@dataclass(frozen=True, slots=True)
class Head:
    """The left side of a declaration: key, indices of the family, arguments of a function."""

    latex: str
    key: str
    lower: tuple[Pattern, ...] = ()
    upper: Pattern | None = None
    arguments: tuple[Pattern, ...] | None = None

    def names(self) -> tuple[str, ...]:
        """The names that the head binds."""
        patterns = (*self.lower, *((self.upper,) if self.upper else ()), *(self.arguments or ()))
        return tuple(pattern.name for pattern in patterns if pattern.name)

    @property
    def has_numbers(self) -> bool:
        """Whether it stands for one member of a family, as a^{(1)} does."""
        patterns = (*self.lower, *((self.upper,) if self.upper else ()), *(self.arguments or ()))
        return any(not pattern.name for pattern in patterns)

    def is_that_of(self, other: Head) -> bool:
        """Whether both declare the same, however they are written."""
        return (self.key, self.lower, self.upper, self.arguments) == (
            other.key,
            other.lower,
            other.upper,
            other.arguments,
        )

    def match(
        self, place: Place, arguments: tuple[Value, ...] | None = None
    ) -> dict[str, Value] | None:
        """The names that the head binds where it stands for this place; else None."""
        key, lower, upper = place
        if key != self.key or len(lower) != len(self.lower):
            return None
        if (upper is None) != (self.upper is None):
            return None
        if (arguments is None) != (self.arguments is None):
            return None
        names: dict[str, Value] = {}
        indices = [*zip(self.lower, lower, strict=True)]
        if self.upper is not None and upper is not None:
            indices.append((self.upper, upper))
        for pattern, index in indices:
            found = pattern.match(index)
            if found is None:
                return None
            names |= found
        if arguments is not None and self.arguments is not None:
            if len(arguments) != len(self.arguments):
                return None
            for pattern, argument in zip(self.arguments, arguments, strict=True):
                if pattern.name:
                    names[pattern.name] = argument
                elif v.shape_of(argument) or v.number(argument) != pattern.offset:
                    return None
        return names


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A symbol with its shape; one of `source`, `make`, `compute`, `low` gives its value."""

    head: Head
    shape: str | None = None
    """LaTeX; empty for a number, None where it was not declared."""
    source: str | None = None
    """LaTeX of the definition."""
    make: Maker | None = None
    compute: Computer | None = None
    low: int | None = None
    """For a dimension: the least value that is drawn."""
    start: int = 1
    """The number of the first entry."""
    is_fixed: bool = False
    """Whether `compute` gives the same value on every draw."""

    @property
    def latex(self) -> str:
        """The head as it is written."""
        return self.head.latex

    def evaluate(self, world: World, place: Place) -> Value:
        """The value; the names of the head are bound already.

        Raises:
            MeaningError: the shape of the value is not the one declared.
        """
        if self.low is not None:
            return world.size(place, self.low)
        sizes = world.notation.shape(self)
        shape = None if sizes is None else tuple(v.whole(size.value(world)) for size in sizes)
        if self.make is not None:
            make = self.make
            found = world.drawn(place, lambda rng: as_value(make(rng, shape or ())))
        elif self.compute is not None:
            _, lower, upper = place
            indices = lower if upper is None else (*lower, upper)
            # A computed value may depend on the number of the draw; a fixed one never does.
            world.varies[0] = world.varies[0] or not self.is_fixed
            found = self.compute(world, *indices)
            if not (self.is_fixed and isinstance(found, int | float)):
                found = as_value(found)
        else:
            found = world.notation.term(self).value(world)
        if shape is not None and not isinstance(found, tuple):
            wanted = () if all(size == 1 for size in shape) else shape
            if v.shape_of(found) != wanted:
                raise MeaningError(
                    f"{self.latex} is declared as {self.shape or 'a number'}, which is "
                    f"{'×'.join(map(str, wanted)) or 'a number'} here, but its value has the "
                    f"shape {v.dimensions(found)}."
                )
        return found


def as_value(value: Value) -> Value:
    """A NumPy array or number as a value of formulas; a flat array is a column."""
    import torch

    if isinstance(value, np.ndarray):
        found = torch.tensor(value, dtype=torch.float64)
        if found.dim() == 1:
            found = found.reshape(-1, 1)
        return found.reshape(()) if found.numel() == 1 else found
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return torch.tensor(float(value), dtype=torch.float64)
    return value
