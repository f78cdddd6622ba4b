"""Run every check of a lesson: derivation lines, worked numbers, answers and slips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lessons.checks import book
from lessons.checks.base import CheckBook
from lessons.checks.numbers import agrees, parse
from lessons.checks.prove import prove
from lessons.checks.questions import said as said_of_question
from lessons.checks.run_questions import question_rows
from lessons.document import (
    Block,
    Derivation,
    FindMistake,
    ItemList,
    Lesson,
    Paragraph,
    Predict,
    Span,
    Style,
    Table,
    Text,
)
from lessons.mistakes import mistakes
from lessons.mistakes.judge import said as said_of_mistake
from lessons.mistakes.prove import prove_mistake
from lessons.parser import running_text


class Kind(StrEnum):
    """What was checked."""

    LINE = "line"
    NUMBER = "number"
    ANSWER = "answer"
    SLIP = "slip"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class Result:
    """One check and what came of it."""

    lesson: str
    step: int
    """Counted from 1."""
    line: int
    """Counted from 1 within what `name` stands for."""
    name: str
    """Name of the derivation, number, question or mistake; a slip, or which of the two programs
    of a mistake, follows it after a stroke."""
    kind: Kind
    residual: float
    """Of a slip and of a faulty program: how far from right, which must be above tolerance."""
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
        for line, name, is_slip, residual, tolerance, ok in question_rows(
            block.name, checks.predicts[block.name]
        ):
            kind = Kind.SLIP if is_slip else Kind.ANSWER
            yield line, name, kind, residual, tolerance, ok
    elif isinstance(block, FindMistake):
        for line, name, residual, tolerance, ok in prove_mistake(block.name):
            yield line, name, Kind.MISTAKE, residual, tolerance, ok


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
            case Predict() | FindMistake():
                yield from block.prompt
            case Derivation():
                for line in block.lines:
                    yield line.reason
            case _:
                yield getattr(block, "caption", ())


def _feedback(blocks: tuple[Block, ...], checks: CheckBook) -> Iterator[Text]:
    """All that the tutor may say about the answers to the questions among some blocks."""
    for block in blocks:
        said: Iterator[str] = iter(())
        if isinstance(block, Predict):
            said = said_of_question(checks.predicts[block.name])
        elif isinstance(block, FindMistake):
            said = said_of_mistake(mistakes()[block.name])
        for text in said:
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
