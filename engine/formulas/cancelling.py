"""The terms of a derivative, which may cancel: its rounding error is measured on the largest."""

from __future__ import annotations

from collections.abc import Iterator

from engine.formulas import values as v
from engine.formulas.dots import Series, unrolled
from engine.formulas.sums import Big
from engine.formulas.term import Term
from engine.formulas.terms import Addition, Negative, Product, Quotient, Reference
from engine.formulas.values import Value
from engine.formulas.world import World


def parts(term: Term, world: World, *, through: bool = True) -> Iterator[Value]:
    """Values that have the derivatives whose sum is the derivative of a term.

    A sum falls into its terms, a product and a fraction by their rules: for u · v first u · v with
    v constant, then with u constant. With `through` a symbol is taken as its definition.
    """
    match term:
        case Addition():
            for part in unrolled(term.terms, world):
                yield from parts(part, world, through=through)
        case Negative():
            yield from parts(term.body, world, through=through)
        case Big() if term.kind == "∑":
            for _ in term.runs(world):
                yield from parts(term.body, world, through=through)
        case Product() if not any(isinstance(f, Series) for f in term.factors):
            known = [factor.value(world) for factor in term.factors]
            for place, factor in enumerate(term.factors):
                for part in parts(factor, world, through=through):
                    yield _product([part if n == place else v.detached(k)
                                    for n, k in enumerate(known)])  # fmt: skip
        case Quotient():
            top, bottom = term.top.value(world), term.bottom.value(world)
            for part in parts(term.top, world, through=through):
                yield v.divide(part, v.detached(bottom))
            yield v.divide(v.detached(top), bottom)
        case Reference() if through and not term.entries:
            yield from _defined(term, world)
        case _:
            yield term.value(world)


def _product(factors: list[Value]) -> Value:
    found: Value = 1
    for factor in factors:
        found = v.multiply(found, factor)
    return found


def _defined(term: Reference, world: World) -> Iterator[Value]:
    bound = not term.lower and term.upper is None and term.key in world.bound
    place = None if bound else term.place(world)
    if place is None or place in world.moved:
        yield term.value(world)
        return
    declaration, names = world.notation.declaration(place)
    if declaration.source is None:
        yield term.value(world)
        return
    # What a frozen world defines does not move with the variable.
    with world.binding(names, alone=True):
        found = list(parts(world.notation.term(declaration), world, through=not world.frozen))
    yield from found


def largest_slope(values: Iterator[Value], leaf: Value, along: Value = 1.0) -> float:
    """The largest entry of ∂ value / ∂ leaf · along among some values."""
    import torch

    found = 0.0
    for value in values:
        if not (v.is_tensor(value) and value.requires_grad):
            continue
        for number in value.reshape(-1):
            (slope,) = torch.autograd.grad(number, leaf, retain_graph=True, allow_unused=True)
            if slope is not None:
                found = max(found, v.largest(slope * along))
    return found
