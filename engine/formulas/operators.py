"""Terms that apply something: functions, sums over an index, cases, indicators, conditions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.errors import MeaningError, NoValueError
from engine.formulas.terms import Entry, Reference, Term
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import World


_PLAIN: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "sigmoid": lambda value: 0.5 * (1 + math.tanh(0.5 * value)),
}
"""The same functions for plain numbers, so that a lesson opens without loading torch."""


def _torch(name: str) -> Callable[[Value], Value]:
    def apply(value: Value) -> Value:
        plain = _PLAIN.get(name)
        if plain is not None and isinstance(value, int | float):
            with suppress(ValueError, OverflowError):
                return plain(value)
        import torch

        return getattr(torch, name)(v.tensor(value))

    return apply


def _diagonal(value: Value) -> Value:
    import torch

    return torch.diag(v.tensor(value).reshape(-1))


def _trace(value: Value) -> Value:
    shape = v.shape_of(value)
    if not shape:
        return value
    if shape[0] != shape[1]:
        raise MeaningError(f"A matrix of shape {v.dimensions(value)} has no trace.")
    return value.trace()


ENTRYWISE: Mapping[str, Callable[[Value], Value]] = {
    "exp": _torch("exp"),
    "ln": _torch("log"),
    "log": _torch("log"),
    "sin": _torch("sin"),
    "cos": _torch("cos"),
    "tanh": _torch("tanh"),
    "sign": _torch("sign"),
    "sgn": _torch("sign"),
    "erf": _torch("erf"),
    "floor": _torch("floor"),
    "ceil": _torch("ceil"),
}
"""Functions of one number, applied to every entry."""
WHOLE: Mapping[str, Callable[[Value], Value]] = {"diag": _diagonal, "tr": _trace}
"""Functions of a whole vector or matrix."""
EXTREMES = {"max", "min"}
BUILTIN = {*ENTRYWISE, *WHOLE, *EXTREMES}


def differentiated(function: Callable[[Value], Value], times: int) -> Callable[[Value], Value]:
    """The derivative of a function of numbers, entry by entry, by autograd."""

    def slope(value: Value) -> Value:
        import torch

        point = v.tensor(value)
        point = point * 1 if point.requires_grad else point.detach().requires_grad_()
        with torch.enable_grad():
            found = v.tensor(function(point))
            if not found.requires_grad:
                return torch.zeros_like(point)
            (slopes,) = torch.autograd.grad(found.sum(), point, create_graph=True)
        return slopes

    return function if times == 0 else differentiated(slope, times - 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Apply(Term):
    """A function that every reader knows, such as ln or tr, with primes or a power."""

    name: str
    arguments: tuple[Term, ...]
    primes: int = 0

    def evaluate(self, world: World) -> Value:
        found = [argument.value(world) for argument in self.arguments]
        if self.name in EXTREMES:
            return _extreme(self.name, found)
        if len(found) != 1:
            raise MeaningError(f"{self.name} takes one argument.")
        if self.name in WHOLE:
            return WHOLE[self.name](found[0])
        return differentiated(ENTRYWISE[self.name], self.primes)(found[0])


def _extreme(name: str, arguments: list[Value]) -> Value:
    import torch

    if len(arguments) == 1:
        only = arguments[0]
        if isinstance(only, tuple):
            return max(only) if name == "max" else min(only)
        return v.tensor(only).max() if name == "max" else v.tensor(only).min()
    compare = torch.maximum if name == "max" else torch.minimum
    found = v.tensor(arguments[0])
    for other in arguments[1:]:
        right = v.tensor(other)
        if found.dim() and right.dim() and found.shape != right.shape:
            raise MeaningError(f"{name} of {v.dimensions(found)} and {v.dimensions(right)}.")
        found = compare(*torch.broadcast_tensors(found, right))
    return found


@dataclass(frozen=True, eq=False, kw_only=True)
class Call(Term):
    """A declared function applied to arguments."""

    key: str
    latex: str
    arguments: tuple[Term, ...]
    lower: tuple[Term, ...] = ()
    upper: Term | None = None
    primes: int = 0

    def evaluate(self, world: World) -> Value:
        reference = Reference(key=self.key, latex=self.latex, lower=self.lower, upper=self.upper)
        place = reference.place(world)
        lazy = world.notation.lazy(self.key)
        if lazy is not None:
            return lazy(world, self.arguments)
        arguments = tuple(argument.value(world) for argument in self.arguments)
        name = world.notation.entrywise_functions.get(self.key)
        if name is not None:
            if len(arguments) != 1:
                raise MeaningError(f"{self.latex} takes one argument.")
            return differentiated(_torch(name), self.primes)(arguments[0])
        if not self.primes:
            return world.function(place, arguments)
        if len(arguments) != 1:
            raise MeaningError(f"{self.latex} has several arguments: write ∂ for its derivative.")
        return differentiated(lambda x: world.function(place, (x,)), self.primes)(arguments[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class FunctionName(Term):
    """A function that is named without being applied."""

    latex: str

    def evaluate(self, world: World) -> Value:
        raise MeaningError(f"{self.latex} is a function: write its arguments.")


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


@dataclass(frozen=True, eq=False, kw_only=True)
class Condition(Term):
    """Something that is true or not: a chain of comparisons, entry by entry."""

    sides: tuple[Term, ...]
    relations: tuple[str, ...]

    def evaluate(self, world: World) -> Value:
        import torch

        found = torch.tensor(True)
        for left, relation, right in zip(self.sides, self.relations, self.sides[1:], strict=False):
            if relation in ("∈", "∉"):
                among = right.value(world)
                inside = v.whole(left.value(world)) in among
                found = found & torch.tensor(inside == (relation == "∈"))
                continue
            a, b = v.tensor(left.value(world)), v.tensor(right.value(world))
            found = found & _COMPARE[relation](a, b)
        return found


_COMPARE: Mapping[str, Callable[[Value, Value], Value]] = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "≤": lambda a, b: a <= b,
    "≥": lambda a, b: a >= b,
}
COMPARISONS = {*_COMPARE, "∈", "∉"}


def truth(condition: Term, world: World) -> bool:
    """Whether a condition holds for all entries."""
    found = condition.value(world)
    return bool(found.all()) if v.is_tensor(found) else bool(found)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cases(Term):
    """The value of the line whose condition holds; a line without one covers the rest."""

    lines: tuple[tuple[Term, Term | None], ...]

    def evaluate(self, world: World) -> Value:
        import torch

        stated = [c.value(world).to(torch.int) for _, c in self.lines if c is not None]
        if bool((sum(stated, start=torch.tensor(0)) > 1).any()):
            raise MeaningError("Two of the cases apply at once.")
        result: Value | None = None
        open_: Value = None
        for body, condition in self.lines:
            holds = torch.tensor(True) if condition is None else condition.value(world)
            if holds.dim() == 0:
                if open_ is None and bool(holds):
                    return body.value(world)
                if open_ is None:
                    continue
            value = torch.broadcast_to(v.tensor(body.value(world)), holds.shape)
            open_ = torch.ones_like(holds) if open_ is None else open_
            taken = holds & open_
            result = torch.zeros_like(value) if result is None else result
            result = torch.where(taken, value, result)
            open_ = open_ & ~holds
        if result is None or bool(open_.any()):
            raise MeaningError("None of the cases applies.")
        return result


@dataclass(frozen=True, eq=False, kw_only=True)
class Indicator(Term):
    """1 where a condition holds, else 0."""

    condition: Term

    def evaluate(self, world: World) -> Value:
        return v.tensor(self.condition.value(world).to(dtype=_float64()))


def _float64() -> Value:
    import torch

    return torch.float64
