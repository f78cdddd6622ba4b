"""Every formula of the course can be drawn, and every letter in it can be looked up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from engine.formulas.nodes import AtomClass, Symbol
from engine.formulas.parser import parse
from lessons.format.catalog import catalog
from lessons.format.document import Derivation, DisplayMath, Lesson, Style, Text
from lessons.format.parser import running_text
from lessons.judge.questions import said
from lessons.proof.texts import map_texts
from tests.cases import for_each
from tests.unit.lessons.course import all_questions, question_of
from tui.math import cell_width, draw, inline, line_text
from tui.page.derivation import shapes
from tui.page.lines import line_text as page_text
from tui.page.prose import pieces
from tui.screens.symbols import symbol_lines

SLUGS = [entry.slug for entry in catalog().entries() if entry.is_written]

EVERYBODYS = set("eπd")
"""Known without a lesson: the number e, the number π, the d of a derivative."""


def displayed(lesson: Lesson) -> Iterator[str]:
    for step in lesson.steps:
        for block in step.blocks:
            if isinstance(block, DisplayMath):
                yield block.latex
            elif isinstance(block, Derivation):
                for line in block.lines:
                    yield line.latex


def inlined(lesson: Lesson) -> Iterator[str]:
    for step in lesson.steps:
        for text in (step.title, *map_texts(step.blocks)):
            yield from maths_of(text)


def maths_of(text: Text) -> Iterator[str]:
    return (span.text for span in text if span.style is Style.MATH)


@for_each("slug", SLUGS)
def test_every_formula_is_drawn_in_76_columns(slug: str) -> None:
    lesson = catalog().load(slug)
    formulas = list(displayed(lesson))
    for latex in formulas:
        lines = draw(latex, 76)
        assert any(line_text(line).strip() for line in lines)
        assert all(cell_width(line_text(line)) <= 76 for line in lines)
    for latex in inlined(lesson):
        assert line_text(inline(latex)).strip()


@for_each("slug", SLUGS)
def test_shapes_and_symbols_are_drawn(slug: str) -> None:
    lesson = catalog().load(slug)
    assert lesson.symbols or not list(displayed(lesson))
    for line in symbol_lines(lesson.symbols, 60):
        assert cell_width(page_text(line)) <= 60
    for step in lesson.steps:
        for block in step.blocks:
            if isinstance(block, Derivation):
                for row in block.lines:
                    assert all(cell_width(page_text(out)) <= 76 for out in shapes(row, 76))


def test_all_feedback_is_drawn() -> None:
    for slug, name in all_questions():
        for text in said(question_of(slug, name)):
            shown = "".join(part for part, _ in pieces(running_text(text, slug)))
            assert "$" not in shown
            assert "\\" not in shown


def letters(node: object) -> Iterator[str]:
    """The single letters of a formula that stand for something."""
    if isinstance(node, Symbol):
        if node.kind is AtomClass.ORDINARY and len(node.text) == 1 and node.text.isalpha():
            yield node.text
    elif dataclasses.is_dataclass(node):
        for field in dataclasses.fields(node):
            yield from letters(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from letters(item)


@for_each("slug", SLUGS)
def test_every_letter_can_be_looked_up(slug: str) -> None:
    lesson = catalog().load(slug)
    known = set(EVERYBODYS)
    for symbol in lesson.symbols:
        # What the meaning of a symbol introduces by the way (an index, say) counts as well.
        for latex in (symbol.latex, symbol.shape, *maths_of(symbol.meaning)):
            known.update(letters(parse(latex)))
    used = {letter for latex in displayed(lesson) for letter in letters(parse(latex))}
    assert used <= known, sorted(used - known)
