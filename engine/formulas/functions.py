"""Functions applied to terms: those that every reader knows, and those that a notation declares."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.errors import MeaningError
from engine.formulas.term import Term
from engine.formulas.terms import Reference
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
