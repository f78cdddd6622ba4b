"""What is true or not, and terms that ask it: comparisons, cases, indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.errors import MeaningError
from engine.formulas.term import Term
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import World


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
