"""The formulas of questions, and whether the lines of slips give the values of these slips."""

from __future__ import annotations

from collections.abc import Iterator

from engine.formulas import values as v
from engine.formulas.bench import bench_for
from engine.formulas.notation import Notation
from engine.formulas.proving import Comparison
from engine.formulas.statements import read_statements
from engine.formulas.term import Term
from engine.formulas.terms import Shape, Vector
from lessons.format.document import Text
from lessons.format.parser import running_text
from lessons.judge.questions import (
    ChoiceQuestion,
    FillQuestion,
    NumberQuestion,
    Question,
    ShapeQuestion,
    SignQuestion,
    said,
)
from lessons.proof.formulas import Written, written_in

VALUE_TOLERANCE = 1e-6
"""Relative difference allowed between a slip's value and the value of its line."""


def texts_of(question: Question, slug: str) -> Iterator[tuple[Text, bool]]:
    """All that the tutor may say; the flag marks wrong options, whose formulas must be false."""
    wrong = set()
    if isinstance(question, ChoiceQuestion):
        wrong = {option.text for option in question.options if not option.right}
    for text in said(question):
        yield running_text(text, slug), text in wrong


def formulas_of(question: Question, name: str, slug: str) -> Iterator[Written]:
    """The formulas in the texts of a question and in the lines of its slips."""
    for text, wrong in texts_of(question, slug):
        for written in written_in(text, name):
            yield Written(written.latex, 0, name, wrong)
    for latex, wrong in lines_of(question):
        yield Written(latex, 0, name, wrong)


def lines_of(question: Question) -> Iterator[tuple[str, bool]]:
    """The lines that slips show: the wrong one, and the right one next to it."""
    match question:
        case ChoiceQuestion(options):
            for option in options:
                yield from _pair(option.line, option.right_line)
        case SignQuestion():
            yield from _pair(question.line, question.right_line)
        case NumberQuestion() | ShapeQuestion():
            for slip in question.slips:
                yield from _pair(slip.line, slip.right)
        case _:
            return


def _pair(line: str, right: str) -> Iterator[tuple[str, bool]]:
    if line:
        yield line, True
    if right:
        yield right, False


def outcomes(question: Question, notation: Notation) -> Iterator[tuple[str, Comparison]]:
    """Id and comparison: whether each line gives the value, shape or sign it belongs to."""
    match question:
        case NumberQuestion():
            answer = question.answer()
            for slip in question.slips:
                for latex, wanted in ((slip.line, slip.value()), (slip.right, answer)):
                    if latex:
                        yield slip.id, _value(latex, wanted, notation)
        case ShapeQuestion():
            for shape_slip in question.slips:
                pairs = (
                    (shape_slip.line, shape_slip.shape()),
                    (shape_slip.right, question.shape()),
                )
                for latex, shape in pairs:
                    if latex:
                        yield shape_slip.id, _shape(latex, shape, notation)
        case SignQuestion() if question.right_line:
            yield question.slip, _sign(question.right_line, question.value(), notation)
        case _:
            return


def last_side(latex: str, notation: Notation) -> Term:
    """The last expression of a formula."""
    found = [term for statement in read_statements(latex, notation) for term in statement.terms()]
    return found[-1]


def _value(latex: str, wanted: float, notation: Notation) -> Comparison:
    """Whether the last side has the value; it fails if that varies from draw to draw."""
    statements = read_statements(latex, notation)
    bench = bench_for((statements,), notation, latex)
    term = last_side(latex, notation)
    values = [bench.value(term, draw) for draw in range(3)]
    if any(v.shape_of(value) for value in values):
        return Comparison("the slip's value", 0.0, VALUE_TOLERANCE)
    first, *others = (v.number(value) for value in values)
    if any(abs(other - first) > VALUE_TOLERANCE * max(1.0, abs(first)) for other in others):
        return Comparison("the slip's value", float("inf"), VALUE_TOLERANCE)
    # A value of 0 is compared relative to the numbers that cancel in it.
    scale = max(abs(first), abs(wanted), 0.0 if wanted else bench.scale(term, 0)) or 1.0
    return Comparison("the slip's value", abs(first - wanted) / scale, VALUE_TOLERANCE)


def _shape(latex: str, wanted: tuple[int, ...], notation: Notation) -> Comparison:
    statements = read_statements(latex, notation)
    bench = bench_for((statements,), notation, latex)
    last = last_side(latex, notation)
    value = bench.value(last, 0)
    own = value if isinstance(last, Shape) else v.shape_of(value)
    if isinstance(last, Vector) and len(last.items) == len(wanted):
        # A list of sizes: this is how more than two axes are written.
        own = tuple(v.whole(size) for size in value)
    plain = tuple(size for size in own if size != 1)
    same = own == wanted or plain == tuple(size for size in wanted if size != 1)
    return Comparison("the slip's shape", 0.0 if same else 1.0, 0.5)


def _sign(latex: str, wanted: float, notation: Notation) -> Comparison:
    statements = read_statements(latex, notation)
    bench = bench_for((statements,), notation, latex)
    value = v.number(bench.value(last_side(latex, notation), 0))
    return Comparison("the sign", 0.0 if (value > 0) == (wanted > 0) else 1.0, 0.5)


__all__ = ["FillQuestion", "formulas_of", "outcomes", "texts_of"]
