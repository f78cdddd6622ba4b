"""Run every check of a lesson: derivation lines, worked numbers, answers and slips."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lessons.checks import book
from lessons.checks.answers import Verdict, judge
from lessons.checks.base import CheckBook, ChoiceQuestion, NumberQuestion, said
from lessons.checks.numbers import agrees, parse
from lessons.checks.prove import prove
from lessons.document import (
    Block,
    Derivation,
    ItemList,
    Lesson,
    Paragraph,
    Predict,
    Span,
    Style,
    Table,
    Text,
)
from lessons.parser import running_text


class Kind(StrEnum):
    """What was checked."""

    LINE = "line"
    NUMBER = "number"
    ANSWER = "answer"
    SLIP = "slip"


@dataclass(frozen=True, slots=True)
class Result:
    """One check and what came of it."""

    lesson: str
    step: int
    """Counted from 1."""
    line: int
    """Counted from 1 within what `name` stands for."""
    name: str
    """Name of the derivation, number or question; a slip follows it after a stroke."""
    kind: Kind
    residual: float
    """For a slip: how far it lies from the right answer, which must be more than tolerance."""
    tolerance: float
    ok: bool


def run_lesson(lesson: Lesson, round_number: int = 0) -> Iterator[Result]:
    """All checks of a lesson, in its order."""
    checks = book(lesson.chapter)
    for number, step in enumerate(lesson.steps, start=1):
        for block in step.blocks:
            for result in _block(block, checks, round_number):
                yield Result(lesson.slug, number, *result)
        texts = (step.title, *map_texts(step.blocks), *_feedback(step.blocks, checks))
        for result in _numbers(texts, checks):
            yield Result(lesson.slug, number, *result)


_Row = tuple[int, str, Kind, float, float, bool]


def _block(block: Block, checks: CheckBook, round_number: int) -> Iterator[_Row]:
    if isinstance(block, Derivation):
        proofs = prove(block.name, checks.derivations[block.name], round_number)
        for line, proof in enumerate(proofs, start=1):
            worst = proof.worst
            yield line, block.name, Kind.LINE, worst.residual, worst.tolerance, proof.ok
    elif isinstance(block, Predict):
        question = checks.predicts[block.name]
        if isinstance(question, ChoiceQuestion):
            yield _choice(block.name, question)
        else:
            yield from _question(block.name, question)


def _choice(name: str, question: ChoiceQuestion) -> _Row:
    right = [place for place, option in enumerate(question.options) if option.right]
    ok = right == [question.proof()]
    return 1, name, Kind.ANSWER, 0.0 if ok else 1.0, 0.0, ok


def _question(name: str, question: NumberQuestion) -> Iterator[_Row]:
    answer = question.answer()
    ok = math.isfinite(answer) and judge(question, repr(answer)).verdict is Verdict.RIGHT
    yield 1, name, Kind.ANSWER, 0.0 if ok else math.inf, question.tolerance, ok
    for line, slip in enumerate(question.slips, start=1):
        value = slip.value()
        distance = abs(value - answer) / (abs(answer) or 1.0)
        found = judge(question, repr(value))
        named = found.verdict is Verdict.SLIP and found.slip == slip.id
        yield line, f"{name}/{slip.id}", Kind.SLIP, distance, question.tolerance, named


def map_texts(blocks: tuple[Block, ...]) -> Iterator[Text]:
    """All running text of some blocks."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.text
            case ItemList():
                yield from block.items
            case Table():
                yield from block.header
                for row in block.rows:
                    yield from row
            case Predict():
                yield from block.prompt
            case Derivation():
                for line in block.lines:
                    yield line.reason
            case _:
                yield getattr(block, "caption", ())


def _feedback(blocks: tuple[Block, ...], checks: CheckBook) -> Iterator[Text]:
    """All that the tutor may say about the answers to the questions among some blocks."""
    for block in blocks:
        if isinstance(block, Predict):
            for text in said(checks.predicts[block.name]):
                yield running_text(text, checks.chapter)


def _numbers(texts: tuple[Text, ...], checks: CheckBook) -> Iterator[_Row]:
    spans: list[Span] = [span for text in texts for span in text if span.style is Style.NUMBER]
    for line, span in enumerate(spans, start=1):
        compute = checks.number(span.target)
        assert compute is not None, "the parser has looked it up"
        value = compute()
        written, half_unit = parse(span.text)
        ok = agrees(span.text, value)
        yield line, span.target, Kind.NUMBER, abs(written - value), half_unit, ok
