"""Derivatives: by autograd over what the notation declares, or by central differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from engine.formulas import values as v
from engine.formulas.declarations import as_value
from engine.formulas.dots import Hole
from engine.formulas.draws import normal
from engine.formulas.errors import MeaningError
from engine.formulas.term import Term
from engine.formulas.terms import Entry, Reference, picks
from engine.formulas.values import Value
from engine.formulas.world import METHOD

if TYPE_CHECKING:
    import torch

    from engine.formulas.world import Place, World

STEP = 6.055454452393343e-06
"""∛ε of float64, which balances truncation and rounding in a central difference (Press et al.,
2007, Numerical Recipes, section 5.7)."""


def resolved(term: Term, world: World) -> tuple[Place, tuple[int | slice, ...] | None, int]:
    """The value that a derivative varies, which entry of it is meant, and where entries start.

    W_{ij} that is declared as an entry of W leads to W and that entry.
    """
    if not isinstance(term, Reference):
        raise MeaningError("A derivative is taken by one symbol: write only that below the line.")
    place = term.place(world)
    world.asked((term, place), frozenset((place,)))
    if term.entries:
        return place, picks(term.entries, world), term.start(world)
    if place in world.moved:
        return place, None, 1
    declaration, names = world.notation.declaration(place)
    alias = world.notation.alias(declaration)
    if alias is None:
        return place, None, 1
    with world.binding(names, alone=True):
        if isinstance(alias, Entry) and isinstance(alias.base, Reference):
            inner, entries, _ = resolved(alias.base, world)
            if entries is not None:
                raise MeaningError(f"{declaration.latex} is an entry of an entry.")
            return inner, picks(alias.entries, world), 1
        return resolved(alias, world)


@dataclass(frozen=True, eq=False, kw_only=True)
class Derivative(Term):
    """∂ body / ∂ variable; `kind` is `∂`, `d` (total) or `∇` (always as the variable's shape).

    Its shape: that of the variable where the body is a number, that of the body where the
    variable is a number, (m, n) for a column of m by a column of n.
    """

    body: Term
    variable: Term
    kind: str = "∂"

    def evaluate(self, world: World) -> Value:
        world.asked(METHOD, frozenset((METHOD,)))
        place, entries, start = resolved(self.variable, world)
        point = v.tensor(_current(place, world))
        if world.method == "central":
            found = _by_central(self._function(world, place), point, entries, start)
        else:
            found = self._gradient(world, place, point)
        return _arranged(found, entries, start)

    def scale(self, world: World) -> float:
        """The largest derivative of a term of the body, by any entry: they may cancel."""
        import torch

        from engine.formulas.cancelling import largest_slope, parts

        place, _, _ = resolved(self.variable, world)
        leaf = v.tensor(_current(place, world)).detach().clone().requires_grad_()
        with torch.enable_grad():
            if _is_bound(place, world):
                with world.binding({place[0]: leaf}):
                    return largest_slope(parts(self.body, world.child({})), leaf)
            inner = self._inner(world, place, leaf)
            return largest_slope(parts(self.body, inner), leaf)

    def _gradient(self, world: World, place: Place, point: torch.Tensor) -> torch.Tensor:
        """The derivative by all entries; a sum over entries takes it only once."""
        names = {
            term.key if isinstance(term, Reference) else term.series
            for term in self.body.walk()
            if isinstance(term, Reference | Hole)
        }
        # Inside another derivative the graph is kept: that one differentiates through this one.
        inside = point.requires_grad or any(
            v.is_tensor(value) and value.requires_grad
            for value in (*world.moved.values(), *world.bound.values())
        )
        if names & world.bound.keys() or inside:
            return _by_autograd(self._function(world, place), point, keep=inside)
        if (self, place) not in world.gradients:
            world.gradients[self, place] = world.watched(
                lambda: _by_autograd(self._function(world, place), point)
            )
        found, needs = world.gradients[self, place]
        world.asked((self, place), needs)
        return cast("torch.Tensor", found)

    def _inner(self, world: World, place: Place, point: Value) -> World:
        """The world in which the body is evaluated at a point."""
        direct = world.notation.partial == "direct" and self.kind == "∂"
        inner = world.child({place: point}, frozen=direct)
        inner.method = "autograd"
        return inner

    def _function(self, world: World, place: Place) -> Callable[[Value], Value]:
        def moved(point: Value) -> Value:
            if _is_bound(place, world):
                with world.binding({place[0]: point}):
                    return self.body.value(world.child({}))
            inner = self._inner(world, place, point)
            if inner.frozen and isinstance(self.body, Reference):
                target, _, _ = resolved(self.body, world)
                if target != place:
                    declaration, names = world.notation.declaration(target)
                    if declaration.source is not None:
                        with inner.binding(names, alone=True):
                            return world.notation.term(declaration).value(inner)
            return self.body.value(inner)

        return moved


def _is_bound(place: Place, world: World) -> bool:
    return place[0] in world.bound and place[1:] == ((), None)


def _current(place: Place, world: World) -> Value:
    return world.bound[place[0]] if _is_bound(place, world) else world.value(place)


def _by_autograd(
    function: Callable[[Value], Value], point: torch.Tensor, *, keep: bool = False
) -> torch.Tensor:
    """The derivative, of shape output.shape + point.shape; `keep` makes it differentiable."""
    import torch

    with torch.enable_grad():
        leaf = point.clone() if point.requires_grad else point.detach().clone().requires_grad_()
        output = v.tensor(function(leaf))
        if not output.requires_grad:
            return torch.zeros((*output.shape, *point.shape), dtype=torch.float64)
        rows = []
        for number in output.reshape(-1):
            (slope,) = torch.autograd.grad(
                number, leaf, retain_graph=True, create_graph=keep, allow_unused=True
            )
            rows.append(torch.zeros_like(point) if slope is None else slope)
    return torch.stack(rows).reshape((*output.shape, *point.shape))


def _by_central(
    function: Callable[[Value], Value],
    point: torch.Tensor,
    entries: tuple[int | slice, ...] | None,
    start: int,
) -> torch.Tensor:
    """(f(x + h) − f(x − h)) / 2h for each entry of x, of shape output.shape + point.shape.

    Where only one entry is asked for, the others are left 0.
    """
    import torch

    point = point.detach()
    wanted = torch.ones_like(point, dtype=torch.bool)
    if entries is not None:
        marks = torch.arange(point.numel(), dtype=torch.float64).reshape(point.shape)
        picked = v.tensor(v.entry(marks, entries, start)).reshape(-1)
        wanted = torch.isin(marks, picked)
    columns: list[torch.Tensor | None] = []
    shape: torch.Size | None = None
    for number in range(point.numel()):
        if not bool(wanted.reshape(-1)[number]):
            columns.append(None)
            continue
        step = STEP * max(1.0, abs(float(point.reshape(-1)[number])))
        ends = []
        for sign in (1, -1):
            moved = point.clone().reshape(-1)
            moved[number] += sign * step
            ends.append(v.tensor(function(moved.reshape(point.shape))).detach())
        columns.append((ends[0] - ends[1]) / (2 * step))
        shape = ends[0].shape
    assert shape is not None
    filled = [torch.zeros(shape, dtype=torch.float64) if c is None else c for c in columns]
    return torch.stack(filled, dim=-1).reshape((*shape, *point.shape))


def _arranged(
    found: torch.Tensor, entries: tuple[int | slice, ...] | None, start: int
) -> torch.Tensor:
    """The derivative as it is written: see `Derivative`."""
    if found.dim() in (0, 1):
        return v.tensor(found)
    if found.dim() == 2:
        # Either a number by a matrix, or a matrix by a number.
        return v.tensor(v.entry(found, entries, start)) if entries is not None else v.tensor(found)
    rows, columns, height, width = found.shape
    if entries is not None:
        flat = found.reshape(rows * columns, height, width)
        parts = [v.tensor(v.entry(part, entries, start)) for part in flat]
        if all(part.dim() == 0 for part in parts):
            import torch

            return v.tensor(torch.stack(parts).reshape(rows, columns))
    elif 1 in (rows, columns) and 1 in (height, width):
        return found.reshape(rows * columns, height * width)
    raise MeaningError("The derivative of a matrix by a matrix is not a matrix: use indices.")


@dataclass(frozen=True, eq=False, kw_only=True)
class Differential(Term):
    """d body: how it changes when every variable moves along its declared direction."""

    body: Term

    def evaluate(self, world: World) -> Value:
        world.asked(METHOD, frozenset((METHOD,)))
        moves = _directions(world)
        if isinstance(self.body, Reference):
            place, entries, start = resolved(self.body, world)
            if place in moves:
                _, move = moves[place]
                return move if entries is None else v.entry(move, entries, start)
        if world.method == "central":
            up = self._moved(world, {p: x + STEP * dx for p, (x, dx) in moves.items()})
            down = self._moved(world, {p: x - STEP * dx for p, (x, dx) in moves.items()})
            return (up - down) / (2 * STEP)
        import torch

        # Two backward passes give a forward derivative: the first is linear in the weights.
        with torch.enable_grad():
            h = torch.zeros((), dtype=torch.float64, requires_grad=True)
            value = self._moved(world, {p: x + h * dx for p, (x, dx) in moves.items()})
            weights = torch.zeros_like(value, requires_grad=True)
            along = None
            if value.requires_grad:
                (along,) = torch.autograd.grad(
                    value, h, weights, create_graph=True, allow_unused=True
                )
            if along is None:
                return torch.zeros_like(value)
            (found,) = torch.autograd.grad(along, weights, create_graph=True)
        return found

    def scale(self, world: World) -> float:
        """The largest change of a term of the body along one variable: they may cancel."""
        import torch

        from engine.formulas.cancelling import largest_slope, parts

        found = v.largest(self.value(world))
        with torch.enable_grad():
            for place, (point, move) in _directions(world).items():
                leaf = point.detach().clone().requires_grad_()
                inner = world.child({place: leaf})
                found = max(found, largest_slope(parts(self.body, inner), leaf, move))
        return found

    def _moved(self, world: World, places: dict[Place, Value]) -> torch.Tensor:
        return v.tensor(self.body.value(world.child(places)))


def _directions(world: World) -> dict[Place, tuple[Value, Value]]:
    """The symbols that differentials move: where they are and where they move to."""
    from engine.formulas.reader import read_term

    found: dict[Place, tuple[Value, Value]] = {}
    for latex in world.notation.moving:
        reference = read_term(latex, world.notation)
        assert isinstance(reference, Reference)
        place = reference.place(world)
        point = v.tensor(world.value(place))
        direction: Place = (f"d{place[0]}", place[1], place[2])
        found[place] = point, world.drawn(direction, partial(_direction, tuple(point.shape)))
    return found


def _direction(shape: tuple[int, ...], rng: np.random.Generator) -> Value:
    return as_value(normal()(rng, shape))


@dataclass(frozen=True, eq=False, kw_only=True)
class At(Term):
    """A term with some symbols held constant: at a given value (η = 0), or at their own."""

    body: Term
    held: tuple[tuple[Term, Term | None], ...]

    def evaluate(self, world: World) -> Value:
        moved: dict[Place, Value] = {}
        for symbol, value in self.held:
            place, entries, _ = resolved(symbol, world)
            if entries is not None:
                raise MeaningError("Only a whole symbol can be held, not one of its entries.")
            held = symbol if value is None else value
            moved[place] = v.tensor(held.value(world)).detach()
        return self.body.value(world.child(moved))
