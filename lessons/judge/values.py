"""What the facts of a lesson say about its questions: numbers and proofs, no prose.

The prose of a question stands in its fence in the lesson; `lessons.format.questions` joins both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from engine.formulas.notation import Notation


@dataclass(frozen=True)
class Number:
    """A question answered by a number; each slip by its id leads to a number of its own.

    A slip that can be made in several ways has several: one for each of its fields in the fence.
    """

    answer: Callable[[], float]
    slips: Mapping[str, Callable[[], float] | Sequence[Callable[[], float]]] = field(
        default_factory=dict
    )
    tolerance: float = 5e-3
    """Relative: three digits are enough unless the question says otherwise."""


@dataclass(frozen=True)
class Choice:
    """A question answered by choosing; `proof` computes the index of the right option."""

    proof: Callable[[], int]


@dataclass(frozen=True)
class Sign:
    """A question answered by the sign of a value."""

    value: Callable[[], float]


@dataclass(frozen=True)
class Shape:
    """A question answered by the shape of a computed array."""

    shape: Callable[[], tuple[int, ...]]
    slips: Mapping[str, Callable[[], tuple[int, ...]] | Sequence[Callable[[], tuple[int, ...]]]] = (
        field(default_factory=dict)
    )


@dataclass(frozen=True)
class Order:
    """A question answered by an order; `proof` computes it, as indices into the items."""

    proof: Callable[[], tuple[int, ...]]


@dataclass(frozen=True)
class Fill:
    """A formula with a blank; the factor that makes it true on these draws is the right one."""

    notation: Notation


T = TypeVar("T")


def ways(found: Callable[[], T] | Sequence[Callable[[], T]]) -> tuple[Callable[[], T], ...]:
    """What a slip may lead to, one or several."""
    return (found,) if callable(found) else tuple(found)


QuestionValues: TypeAlias = Number | Choice | Sign | Shape | Order | Fill
