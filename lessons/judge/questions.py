"""Questions that a learner answers before going on, each with its computed answer and its slips."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from engine.formulas.notation import Notation
from engine.language import _


@dataclass(frozen=True, slots=True)
class Hints:
    """What is said, one rung a try, after answers that no slip explains. Markdown."""

    idea: str
    """What the question is about, without a formula."""
    formula: str
    """The formula to use."""
    numbers: str
    """The formula with the numbers put in, all but the result."""

    def rungs(self) -> tuple[tuple[str, str], ...]:
        """Name and text of each rung, in the order in which they are climbed."""
        return (
            (_("idea"), self.idea),
            (_("formula"), self.formula),
            (_("numbers put in"), self.numbers),
        )


@dataclass(frozen=True, slots=True)
class Slip:
    """A named mistake: the answer that it leads to, and what the learner is told."""

    id: str
    value: Callable[[], float]
    diagnosis: str
    """What happened and what to do next, in one or two sentences; may hold inline maths."""
    line: str = ""
    """LaTeX of the line where it enters, as the slip writes it."""
    right: str = ""
    """LaTeX of that line as it should be."""
    name: str = ""
    """What it is called."""


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """A question answered by a number."""

    answer: Callable[[], float]
    explanation: str
    """Why the answer is what it is; shown once it is found. Markdown with inline maths."""
    slips: tuple[Slip, ...] = ()
    tolerance: float = 5e-3
    """Relative: three digits are enough unless the question says otherwise."""
    hints: Hints | None = None
    hint: str = ""
    prompt: str = ""
    """What is asked, as Markdown; `lessons.judge.asked` derives from it what is left open here."""
    exact: bool | None = None
    """Whether only the number itself is right, as for a count; None derives it."""
    digits: int | None = None
    """Significant digits that are asked for; None derives it from the text."""
    unit: str = ""
    """What the answer is measured in, such as `MB`; empty derives it from the text."""
    percent: bool = False
    """Whether the answer is measured in per cent."""
    before: Callable[[], float] | None = None
    """For an update: the value before the step."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from, with what is said to the learner who takes it."""

    text: str
    feedback: str
    right: bool = False
    slip: str = ""
    """The id of the slip that it stands for, if it does."""
    line: str = ""
    """For a slip: LaTeX of the line where it enters, as the slip writes it."""
    right_line: str = ""
    """For a slip: LaTeX of that line as it should be."""
    slip_name: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """A question answered by choosing; `proof` computes the index of the right option."""

    options: tuple[Option, ...]
    proof: Callable[[], int]
    shuffled: bool = True
    """Whether each learner sees the options in an order of their own."""


@dataclass(frozen=True, slots=True)
class SignQuestion:
    """A question answered by `+`, `-` or `0`: the sign of a computed value."""

    value: Callable[[], float]
    explanation: str
    feedback: str
    """Said after a wrong answer: what decides the sign."""
    slip: str = ""
    """The id of the slip that the opposite sign stands for."""
    line: str = ""
    right_line: str = ""
    slip_name: str = ""


Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShapeSlip:
    """A shape that a known mistake leads to."""

    id: str
    shape: Callable[[], Shape]
    diagnosis: str
    line: str = ""
    right: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShapeQuestion:
    """A question answered by a shape such as `(2, 3)`, which is that of a computed array."""

    shape: Callable[[], Shape]
    explanation: str
    slips: tuple[ShapeSlip, ...] = ()
    hints: Hints | None = None


@dataclass(frozen=True, slots=True)
class OrderQuestion:
    """A question answered by putting items in order.

    `items` stand in the right order here and are shown in another; `proof` finds the right order
    by running what they speak of, as indices into `items`.
    """

    items: tuple[str, ...]
    feedback: tuple[str, ...]
    """For each item, what is said where it is the first one out of place."""
    proof: Callable[[], tuple[int, ...]]
    explanation: str

    def shown(self) -> tuple[int, ...]:
        """The order in which the items are shown: always the same, and never the right one."""
        places = list(range(len(self.items)))
        right = list(places)
        random = Random(zlib.crc32("|".join(self.items).encode()))
        while places == right:
            random.shuffle(places)
        return tuple(places)


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing to put into the blank of a formula."""

    latex: str
    feedback: str
    slip: str = ""
    """The id of the slip that it stands for, if it does."""
    slip_name: str = ""


@dataclass(frozen=True, slots=True)
class FillQuestion:
    r"""A formula with a blank, written `\square`, and factors to choose from.

    Which factor is right is not written down anywhere: it is the one with which the formula holds
    on the draws of its notation.
    """

    formula: str
    factors: tuple[Factor, ...]
    notation: Notation
    shuffled: bool = True
    """Whether each learner sees the factors in an order of their own."""


Question: TypeAlias = (
    NumberQuestion | ChoiceQuestion | SignQuestion | ShapeQuestion | OrderQuestion | FillQuestion
)


def said(question: Question) -> Iterator[str]:
    """Every text that the tutor may say about an answer, as Markdown."""
    match question:
        case ChoiceQuestion(options):
            for option in options:
                yield from (option.text, option.feedback)
        case FillQuestion():
            yield from (factor.feedback for factor in question.factors)
        case OrderQuestion():
            yield from (*question.items, *question.feedback, question.explanation)
        case SignQuestion():
            yield from (question.explanation, question.feedback)
        case _:
            yield question.explanation
            yield from (slip.diagnosis for slip in question.slips)
            if question.hints:
                yield from (text for _, text in question.hints.rungs())
            if isinstance(question, NumberQuestion) and question.hint:
                yield question.hint


def formulas(question: Question) -> Iterator[str]:
    """Every formula of a question that stands on a line of its own, as LaTeX."""
    match question:
        case ChoiceQuestion(options):
            for option in options:
                yield from filter(None, (option.line, option.right_line))
        case FillQuestion():
            yield question.formula
            yield from (factor.latex for factor in question.factors)
        case SignQuestion():
            yield from filter(None, (question.line, question.right_line))
        case OrderQuestion():
            return
        case _:
            for slip in question.slips:
                yield from filter(None, (slip.line, slip.right))


def slip_names(question: Question) -> dict[str, str]:
    """What the slips of a question are called, by their ids."""
    match question:
        case NumberQuestion() | ShapeQuestion():
            return {slip.id: slip.name for slip in question.slips}
        case ChoiceQuestion(options):
            return {option.slip: option.slip_name for option in options if option.slip}
        case FillQuestion():
            return {f.slip: f.slip_name for f in question.factors if f.slip}
        case SignQuestion() if question.slip:
            return {question.slip: question.slip_name}
        case _:
            return {}


def slip_sentences(question: Question) -> dict[str, str]:
    """What is said about the slips of a question, as Markdown, by their ids."""
    match question:
        case NumberQuestion() | ShapeQuestion():
            return {slip.id: slip.diagnosis for slip in question.slips}
        case ChoiceQuestion(options):
            return {option.slip: option.feedback for option in options if option.slip}
        case FillQuestion():
            return {factor.slip: factor.feedback for factor in question.factors if factor.slip}
        case SignQuestion() if question.slip:
            return {question.slip: question.feedback}
        case _:
            return {}
