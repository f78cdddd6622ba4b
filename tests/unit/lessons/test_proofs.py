"""What is changed in a lesson is noticed by its checks, and its facts are those of its text.

That every formula, number and answer of the course holds, on two draws, that no mutant of a line
survives, and that translations are their English lessons, is proved by `dltutor check`, which
`.ci/run` starts with the options for each. It is not proved here again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from zlib import crc32

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import (
    Block,
    Derivation,
    FindMistake,
    Lesson,
    LessonError,
    Predict,
    WithNumbers,
)
from lessons.format.facts import facts_of
from lessons.format.parser import parse_lesson
from lessons.proof.results import Kind
from lessons.proof.run import run_lesson
from tests.unit.lessons.course import SLUGS, lesson, named, questions

EDITS = 3
"""Edits a lesson that are tried in every run of the tests."""
WORKED = "backprop/worked-example"


def test_every_line_is_proved_as_it_is_drawn() -> None:
    lines = [
        result
        for slug in SLUGS[:3]
        for result in run_lesson(_derivations_of(lesson(slug)))
        if result.kind is Kind.LINE
    ]
    assert lines
    assert {result.how for result in lines} == {"formula"}


def _derivations_of(whole: Lesson, line: int | None = None) -> Lesson:
    """The lesson without its other blocks, some of which train for seconds.

    With a `line` of the file, only the derivation that holds it.
    """

    def is_meant(block: Block) -> bool:
        if not isinstance(block, Derivation):
            return False
        lines = [written.line for written in block.lines]
        return line is None or lines[0] <= line <= lines[-1]

    steps = []
    for step in whole.steps:
        scopes = step.scopes or ("",) * len(step.blocks)
        kept = [pair for pair in zip(step.blocks, scopes, strict=True) if is_meant(pair[0])]
        blocks, scopes = tuple(b for b, _ in kept), tuple(s for _, s in kept)
        steps.append(replace(step, blocks=blocks, scopes=scopes))
    return replace(whole, steps=tuple(steps), symbols=())


def _noticed(slug: str, text: str, line: int | None = None) -> bool:
    entry = catalog().entry(slug)
    assert entry.path is not None
    try:
        changed = parse_lesson(text, entry.path, slug, entry.title)
    except LessonError:
        return True
    if line is not None:
        changed = _derivations_of(changed, line)
        assert any(step.blocks for step in changed.steps)
    # Claims and the outputs of programs are missed where only a derivation is left.
    missed = (Kind.CLAIM, Kind.CODE) if line is not None else ()
    found = (row for row in run_lesson(changed) if row.kind not in missed)
    return any(not result.ok for result in found)


_CHANGES = ((r"(?<= )\+(?= )", "-"), (r"\^\\top", ""), (r"\\frac12 ", ""), (r"\\odot", ""))


@pytest.mark.parametrize("slug", sorted({slug for slug, _ in named("derivation")}))
def test_a_change_in_the_text_of_a_derivation_is_noticed(slug: str) -> None:
    """A sign, a transpose, a half, a ⊙: the text itself is edited, not a copy of it."""
    path = catalog().entry(slug).path
    assert path is not None
    text = path.read_text("utf-8")
    places = [
        (fence.start() + found.start(), fence.start() + found.end(), new)
        for fence in re.finditer(r"```derivation.*?```", text, re.DOTALL)
        for pattern, new in _CHANGES
        for found in re.finditer(pattern, fence.group())
        if " :: " not in fence.group()[: found.start()].rpartition("\n")[2]
    ]
    Random(crc32(slug.encode())).shuffle(places)
    # A term under a derivative may change and mean the same, so one edit may stay unnoticed.
    unnoticed = [
        text[max(0, start - 60) : end + 30]
        for start, end, new in places[:EDITS]
        if not _noticed(slug, text[:start] + new + text[end:], text.count("\n", 0, start) + 1)
    ]
    assert len(unnoticed) <= 1, unnoticed


def test_a_changed_shape_beside_a_factor_is_noticed() -> None:
    path = catalog().entry("backprop/gradients").path
    assert path is not None
    text = path.read_text("utf-8")
    right, wrong = r"A : S_l \times m", r"A : m \times S_l"
    assert text.count(right) == 1
    line = text.count("\n", 0, text.index(right)) + 1
    assert _noticed("backprop/gradients", text.replace(right, wrong), line)
    assert not _noticed("backprop/gradients", text, line)


def test_a_changed_given_number_is_noticed() -> None:
    path = catalog().entry(WORKED).path
    assert path is not None
    text = path.read_text("utf-8")
    assert "0.15" in text
    assert _noticed(WORKED, text.replace("0.15", "0.16", 1))


def test_an_undeclared_symbol_is_named_with_file_and_line() -> None:
    path = catalog().entry("backprop/deltas").path
    assert path is not None
    text = path.read_text("utf-8").replace(r"\sigma'(z_i", r"\tau'(z_i", 1)
    changed = parse_lesson(text, path, "backprop/deltas", "")
    failed = [result for result in run_lesson(_derivations_of(changed)) if not result.ok]
    assert failed
    assert any(r"\tau" in result.problem and "lesson.en.md:" in result.place for result in failed)


def test_what_the_facts_hold_is_used_by_the_text() -> None:
    for slug in SLUGS:
        assert set(facts_of(slug).questions) == set(questions(slug))


def test_scopes_are_used_by_the_text() -> None:
    for slug in SLUGS:
        names = {
            block.name
            for step in lesson(slug).steps
            for block in step.blocks
            if isinstance(block, Derivation | Predict | FindMistake)
        }
        names |= {scope for step in lesson(slug).steps for scope in step.scopes}
        names |= {
            f"{name}/numbers"
            for step in lesson(slug).steps
            for block in step.blocks
            if isinstance(block, WithNumbers)
            for name in block.names
        }
        assert set(facts_of(slug).scopes) <= names, slug
