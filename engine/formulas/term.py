"""What a formula means: a tree of terms, each of which has a value in a world.

Every term knows which part of the LaTeX source it stands for (`span`), so that a part of the
drawn formula can be highlighted and its value shown. Mutants are made by `replaced`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from engine.formulas import values as v
from engine.formulas.errors import MeaningError
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import World

Span: TypeAlias = tuple[int, int]
NOWHERE: Span = (0, 0)
T = TypeVar("T", bound="Term")


@dataclass(frozen=True, eq=False, kw_only=True)
class Term:
    """One part of a formula."""

    span: Span = NOWHERE

    def value(self, world: World) -> Value:
        """Its value in a world: a number, or a float64 tensor of shape (rows, columns).

        Raises:
            MeaningError: shapes do not fit, or an index is out of range.
        """
        try:
            found = self.evaluate(world)
        except MeaningError as error:
            if not error.position:
                error.position = self.span[0]
            raise
        if world.record is not None:
            world.noted(self, found)
        return found

    def evaluate(self, world: World) -> Value:
        """Compute the value."""
        raise NotImplementedError

    def scale(self, world: World) -> float:
        """The size of the numbers that it is made of, against which rounding is measured."""
        return v.largest(self.value(world))

    @cached_property
    def children(self) -> tuple[Term, ...]:
        """The terms that it is made of, in their order."""
        return tuple(term for field in fields(self) for term in _terms(getattr(self, field.name)))

    def walk(self) -> Iterator[Term]:
        """Itself and everything below it."""
        left: list[Term] = [self]
        while left:
            term = left.pop()
            yield term
            left += reversed(term.children)

    def replaced(self: T, old: Term, new: Term) -> T:
        """The same tree with one term exchanged."""
        if self is old:
            return cast("T", new)
        changes = {}
        for field in fields(self):
            before = getattr(self, field.name)
            after = _exchanged(before, old, new)
            if after is not before:
                changes[field.name] = after
        return replace(self, **changes) if changes else self  # type: ignore[arg-type]


def _terms(value: object) -> Iterator[Term]:
    if isinstance(value, Term):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _terms(item)


def _exchanged(value: object, old: Term, new: Term) -> object:
    if isinstance(value, Term):
        return value.replaced(old, new)
    if isinstance(value, tuple):
        changed = tuple(_exchanged(item, old, new) for item in value)
        return changed if any(a is not b for a, b in zip(changed, value, strict=True)) else value
    return value
