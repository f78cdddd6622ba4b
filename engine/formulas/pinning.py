r"""Given values: `z_1 = 2 \quad z_2 = 1 \quad z_3 = 0` takes the place of what would be drawn.

All that is defined by the given symbols is computed from them, and so are derivatives by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.formulas import values as v
from engine.formulas.derivatives import Differential, resolved
from engine.formulas.errors import MeaningError
from engine.formulas.functions import Call
from engine.formulas.reader import read_term
from engine.formulas.statements import Statement
from engine.formulas.term import Term
from engine.formulas.terms import Entry, Reference, picks
from engine.formulas.values import Value
from engine.formulas.world import Place, World

MEND = "Write the given values as `symbol = number`, separated by \\quad."


@dataclass(frozen=True, slots=True)
class Given:
    """A symbol, or an entry of one, with the value that the text gives it."""

    symbol: Term
    value: Term


def has_letters(term: Term) -> bool:
    """Whether a side names anything that is declared as a value."""
    return any(isinstance(part, Reference) for part in term.walk())


def givens(statements: Sequence[Statement]) -> tuple[Given, ...]:
    """The given values of a row.

    Raises:
        MeaningError: it says something else than `symbol = number`.
    """
    found = []
    for statement in statements:
        for chain in statement.chains:
            sides = chain.sides
            if len(sides) != 2 or chain.relations != ("=",) or sides[0] is None:
                raise MeaningError(f"A given value cannot be read. {MEND}", statement.latex)
            symbol, value = sides
            assert value is not None
            if isinstance(symbol, Call) or not isinstance(symbol, Reference | Entry | Differential):
                raise MeaningError(f"No symbol stands on the left. {MEND}", statement.latex)
            if has_letters(value):
                raise MeaningError(f"The given value has letters. {MEND}", statement.latex)
            found.append(Given(symbol, value))
    if not found:
        raise MeaningError(f"No values are given. {MEND}")
    return tuple(found)


def pinned(world: World, given: Sequence[Given]) -> World:
    """The same draw with the given values.

    A size that is not given follows from the shapes of the given values.

    Raises:
        MeaningError: a symbol is not declared, is given twice, or has no such entry.
    """
    whole: dict[Place, Value] = {}
    parts: dict[Place, dict[tuple[int, ...], Value]] = {}
    starts: dict[Place, int] = {}
    for item in given:
        value = v.detached(item.value.value(world))
        if isinstance(item.symbol, Differential):
            _move(item.symbol, value, world)
            continue
        place, entries, start = _target(item.symbol, world)
        if entries is None:
            if place in whole or place in parts:
                raise MeaningError(f"{place[0]} is given twice.")
            whole[place] = value
            continue
        if place in whole or entries in parts.get(place, {}):
            raise MeaningError(f"{place[0]} is given twice.")
        if any(isinstance(entry, slice) for entry in entries):
            raise MeaningError(f"Give {place[0]} as a whole, or entry by entry.")
        at = tuple(entry - start for entry in entries if isinstance(entry, int))
        parts.setdefault(place, {})[at] = value
        starts[place] = start
    sizes = {place: whole[place] for place in whole if _is_size(place, world)}
    for place, value in whole.items():
        sizes |= _sizes(place, v.shape_of(value), world, sizes)
    for place, entries_of in parts.items():
        shape = tuple(max(at[axis] for at in entries_of) + 1 for axis in range(_axes(entries_of)))
        sizes |= _sizes(place, shape if len(shape) > 1 else (*shape, 1), world, sizes)
    sized = world.child({**whole, **sizes})
    moved = dict(sized.moved)
    for place, entries_of in parts.items():
        found = v.tensor(sized.value(place)).detach().clone()
        found = found.reshape(1, 1) if found.dim() == 0 else found
        for at, value in entries_of.items():
            _put(found, at, v.number(value), place[0])
        moved[place] = v.tensor(found)
    return world.child(moved)


def _move(symbol: Differential, value: Value, world: World) -> None:
    """Take a given dX for the direction in which X would move at random."""
    place, entries, _ = resolved(symbol.body, world)
    read = (read_term(latex, world.notation) for latex in world.notation.moving)
    moving = [symbol.place(world) for symbol in read if isinstance(symbol, Reference)]
    if entries is not None or place not in moving:
        raise MeaningError(f"Nothing moves {place[0]}: its differential cannot be given.")
    world.draw_as((f"d{place[0]}", place[1], place[2]), v.tensor(value))


def _target(symbol: Term, world: World) -> tuple[Place, tuple[int | slice, ...] | None, int]:
    """The value that is given, which entry of it, and the number of its first entry."""
    if isinstance(symbol, Entry):
        place, entries, _ = resolved(symbol.base, world)
        if entries is not None:
            raise MeaningError("An entry of an entry cannot be given.")
        return place, picks(symbol.entries, world), 1
    return resolved(symbol, world)


def _is_size(place: Place, world: World) -> bool:
    """Whether a value is a dimension that is drawn, or computed anew for each draw."""
    declaration, _ = world.notation.declaration(place)
    changes = declaration.compute is not None and not declaration.is_fixed
    return declaration.low is not None or (changes and not declaration.shape)


def _sizes(
    place: Place, shape: tuple[int, ...], world: World, known: dict[Place, Value]
) -> dict[Place, Value]:
    """The sizes that a value of this shape tells, where nothing else does."""
    declaration, names = world.notation.declaration(place)
    declared = world.notation.shape(declaration) or ()
    found: dict[Place, Value] = {}
    if len(declared) != len(shape):
        return found
    with world.binding(names, alone=True):
        for size, number in zip(declared, shape, strict=True):
            if isinstance(size, Reference):
                at, _, _ = resolved(size, world)
                if at not in known and _is_size(at, world):
                    found[at] = number
    return found


def _axes(entries: dict[tuple[int, ...], Value]) -> int:
    return len(next(iter(entries)))


def _put(found: Value, at: tuple[int, ...], value: float, key: str) -> None:
    """Set one entry; one index into a column or a row counts along it."""
    rows, columns = found.shape
    if len(at) == 1:
        at = (at[0], 0) if columns == 1 else (0, at[0])
        if columns > 1 and rows > 1:
            raise MeaningError(f"One index into the matrix {key}: give two.")
    if not (0 <= at[0] < rows and 0 <= at[1] < columns):
        raise MeaningError(f"{key} has no such entry: its shape is {rows}×{columns}.")
    found[at] = value
