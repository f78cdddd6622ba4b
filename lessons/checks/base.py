"""What a check is: a derivation proved line by line, a worked number, a question's answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace

from lessons.checks.draws import Array, Draw, DrawMaker, Evaluate, Value
from lessons.checks.questions import (
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberQuestion,
    Option,
    OrderQuestion,
    Question,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
    Slip,
)

__all__ = [
    "CENTRAL_TOLERANCE",
    "IDENTITY_TOLERANCE",
    "Array",
    "CheckBook",
    "ChoiceQuestion",
    "DerivationCheck",
    "Derivative",
    "Draw",
    "DrawMaker",
    "Evaluate",
    "Factor",
    "FillQuestion",
    "Hints",
    "Line",
    "NumberCheck",
    "NumberQuestion",
    "Option",
    "OrderQuestion",
    "Question",
    "ShapeQuestion",
    "ShapeSlip",
    "SignQuestion",
    "Slip",
    "Value",
    "merge",
    "merge_modules",
]

IDENTITY_TOLERANCE = 1e-9
"""Relative, between two sides computed in float64."""
CENTRAL_TOLERANCE = 1e-6
"""Relative, against central differences, whose own error is about 1e-9."""


@dataclass(frozen=True, slots=True)
class Derivative:
    """A derivative, found twice without the formula: by autograd and by central differences.

    `of` computes with torch tensors; it gets the draw with the entry `at` replaced by a tensor
    (all other arrays are float64 tensors as well) and returns a tensor. The derivative has the
    shape `output.shape + at.shape`; `pick` takes from it what the line speaks of.
    """

    of: Callable[[SimpleNamespace], object]
    at: str | Callable[[Draw], str]
    """Name of the entry, or a function that names it for a draw."""
    pick: Callable[[Array, Draw], Value] | None = None

    def entry(self, draw: Draw) -> str:
        """Name of the entry that the derivative is taken at."""
        return self.at if isinstance(self.at, str) else self.at(draw)


@dataclass(frozen=True, slots=True)
class Line:
    """The check of one line: its value, and wrong values that must be rejected.

    The value is compared with the left side of the derivation and with the line before. A line
    that states something new gives its own `left` instead.
    """

    value: Evaluate
    wrong: tuple[Evaluate, ...]
    """Wrong variants of this line: a sign flipped, a factor dropped, a transpose misplaced."""
    left: Evaluate | Derivative | None = None
    tolerance: float = IDENTITY_TOLERANCE
    floor: float = 0.0
    """The least scale of the relative residual; for lines that state that something is 0."""


@dataclass(frozen=True, slots=True)
class DerivationCheck:
    """The checks of one derivation: seeded draws, the left side, one `Line` a line."""

    draw: DrawMaker
    left: Evaluate | Derivative
    lines: tuple[Line, ...]
    draws: int = 8


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """A number that a lesson states in its text; it is computed and shown to as many digits."""

    value: Callable[[], float]


@dataclass(frozen=True, slots=True)
class CheckBook:
    """All checks of one chapter, by the names that its lessons use."""

    chapter: str
    derivations: Mapping[str, DerivationCheck] = field(default_factory=dict)
    numbers: Mapping[str, NumberCheck] = field(default_factory=dict)
    predicts: Mapping[str, Question] = field(default_factory=dict)

    def number(self, name: str) -> Callable[[], float] | None:
        """What computes the number that a text names; None where nothing does.

        Beside the numbers of the book itself, a question's name stands for its answer, and
        `question/slip` for the answer that the slip leads to.
        """
        if name in self.numbers:
            return self.numbers[name].value
        question_name, _, slip_id = name.partition("/")
        question = self.predicts.get(question_name)
        if not isinstance(question, NumberQuestion):
            return None
        if not slip_id:
            return question.answer
        return next((slip.value for slip in question.slips if slip.id == slip_id), None)


def merge(chapter: str, *books: CheckBook) -> CheckBook:
    """One book of several; a name that stands in two of them raises ValueError."""
    derivations: dict[str, DerivationCheck] = {}
    numbers: dict[str, NumberCheck] = {}
    predicts: dict[str, Question] = {}
    for book in books:
        for name in (
            (derivations.keys() & book.derivations.keys())
            | (numbers.keys() & book.numbers.keys())
            | (predicts.keys() & book.predicts.keys())
        ):
            raise ValueError(f"The name {name!r} stands twice in chapter {chapter!r}.")
        derivations.update(book.derivations)
        numbers.update(book.numbers)
        predicts.update(book.predicts)
    return CheckBook(chapter, derivations, numbers, predicts)


def merge_modules(chapter: str, package: str, path: Iterable[str]) -> CheckBook:
    """One book of all modules of a package, each of which has a `BOOK`."""
    names = sorted(module.name for module in iter_modules(path))
    return merge(chapter, *(import_module(f"{package}.{name}").BOOK for name in names))
