"""What the facts of a lesson say about its questions: numbers and proofs, no prose.

The prose of a question stands in its fence in the lesson; `lessons.format.questions` joins both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias, TypeVar

from engine.formulas.notation import Notation
from lessons.judge.kinds import kind_of


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
    exact: bool | None = None
    """Whether only the number itself is right, as for a count. By default every whole answer is
    exact, unless it has a unit and a tolerance."""
    digits: int | None = None
    """Significant digits that are asked for. By default what the text says (`Four digits.`)."""
    unit: str = ""
    """What the answer is measured in: `B`, `kB`, `MB`, `MiB`, `s`, `ms` … By default the one that
    the text asks for (`How many MB …`)."""
    percent: bool = False
    """Whether the answer is measured in per cent, so that `10 %` stands for 10 and not for 0.1."""
    before: Callable[[], float] | None = None
    """For an update: the value before the step, so that the bare step is recognised."""

    def __post_init__(self) -> None:
        _refuse_no_function("answer", self.answer)
        if self.before is not None:
            _refuse_no_function("value before the step", self.before)
        if not (self.digits is None or isinstance(self.digits, int)):
            raise TypeError(f"`digits` must be a whole number, not {self.digits!r}")
        if not isinstance(self.unit, str):
            raise TypeError(f'`unit` must be a text, such as "MB", not {self.unit!r}')
        if not (isinstance(self.tolerance, float | int) and self.tolerance >= 0):
            raise TypeError(f"`tolerance` must be 0 or more, not {self.tolerance!r}")
        # Every answer is compared with all of them: each is computed once.
        _refuse_no_table(self.slips)
        slips = {slip: tuple(map(cache, ways(found))) for slip, found in self.slips.items()}
        object.__setattr__(self, "answer", cache(self.answer))
        object.__setattr__(self, "slips", slips)


@dataclass(frozen=True)
class Choice:
    """A question answered by choosing; `proof` computes the index of the right option."""

    proof: Callable[[], int]
    shuffled: bool = True
    """Whether each learner sees the options in an order of their own. Not where their order means
    something."""

    def __post_init__(self) -> None:
        _refuse_no_function("proof", self.proof)


@dataclass(frozen=True)
class Sign:
    """A question answered by the sign of a value."""

    value: Callable[[], float]

    def __post_init__(self) -> None:
        _refuse_no_function("value", self.value)


@dataclass(frozen=True)
class Shape:
    """A question answered by the shape of a computed array."""

    shape: Callable[[], tuple[int, ...]]
    slips: Mapping[str, Callable[[], tuple[int, ...]] | Sequence[Callable[[], tuple[int, ...]]]] = (
        field(default_factory=dict)
    )

    def __post_init__(self) -> None:
        _refuse_no_function("shape", self.shape)
        _refuse_no_table(self.slips)


@dataclass(frozen=True)
class Order:
    """A question answered by an order; `proof` computes it, as indices into the items."""

    proof: Callable[[], tuple[int, ...]]

    def __post_init__(self) -> None:
        _refuse_no_function("proof", self.proof)


@dataclass(frozen=True)
class Fill:
    """A formula with a blank; the factor that makes it true on these draws is the right one."""

    notation: Notation
    shuffled: bool = True
    """Whether each learner sees the factors in an order of their own."""

    def __post_init__(self) -> None:
        if not isinstance(self.notation, Notation):
            raise TypeError(f"Fill(…) needs a notation, and not {self.notation!r}")


T = TypeVar("T")


def _refuse_no_function(what: str, found: object) -> None:
    if not callable(found):
        raise TypeError(f"the {what} must be a function, `lambda: …`, not {found!r}")


def _refuse_no_table(slips: object) -> None:
    if not isinstance(slips, Mapping):
        raise TypeError(f'slips are written {{"name": lambda: …}}, and not {kind_of(slips)}')


def ways(found: Callable[[], T] | Sequence[Callable[[], T]]) -> tuple[Callable[[], T], ...]:
    """What a slip may lead to, one or several."""
    several = (found,) if callable(found) else tuple(found) if isinstance(found, Sequence) else ()
    if not several or not all(map(callable, several)):
        raise TypeError(f"a slip needs a function, `lambda: …`, and not {found!r}")
    return several


QuestionValues: TypeAlias = Number | Choice | Sign | Shape | Order | Fill
