"""What a lesson must not leave out: numbers before letters, a block for each value, and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from engine.errors import UserError
from engine.nearest import did_you_mean
from lessons.format.document import Block, Derivation, FindMistake, Lesson, Predict, WithNumbers
from lessons.format.facts import facts_of, module_path
from lessons.format.lesson_error import LessonError
from lessons.format.source import load_source
from lessons.format.tables import keys_twice, line_of
from lessons.format.translated import english_of
from lessons.judge.evidence import Mistake, Version
from lessons.judge.lines import source_lines
from lessons.proof.declared import broken_declarations
from lessons.proof.declared_twice import declared_twice
from lessons.proof.unused import unused

MOST_LINES: Final = 20
MOST_COLUMNS: Final = 68
"""What a program of a mistake may have, to be read at a glance at 80×24."""


def refuse_incomplete(lesson: Lesson) -> None:
    """Raise LessonError for the first thing that the lesson leaves out."""
    for error in left_out(lesson):
        raise error


def left_out(lesson: Lesson) -> Iterator[UserError]:
    """Derivations that no numbers prepare; questions and mistakes that the text does not show."""
    facts = facts_of(lesson.slug)
    blocks = [block for step in lesson.steps for block in step.blocks]
    prepared = set(facts.without_numbers)
    derivations = {block.name for block in blocks if isinstance(block, Derivation)}
    for block in blocks:
        if isinstance(block, WithNumbers):
            yield from _prepares_nothing(block, derivations, lesson.path)
            prepared.update(block.names)
        elif isinstance(block, Derivation) and block.name not in prepared:
            line = block.lines[0].line - 1 if block.lines else 1
            yield LessonError(
                lesson.path,
                line,
                f"No numbers come before the derivation {block.name!r}.",
                f"Write ```numbers {block.name} above it, or say in WITHOUT_NUMBERS of facts.py "
                "why it needs none.",
            )
    for module in ("facts", "figures", "claims", "mistakes"):
        path = module_path(lesson.slug, module)
        if path is not None:
            yield from declared_twice(path) if module == "facts" else ()
            yield from keys_twice(path)
    yield from broken_declarations(lesson.slug, facts)
    if english_of(lesson.path):
        return  # what a translation leaves out is said where it is compared
    yield from _unshown(lesson, "predict", facts.questions, blocks, Predict, "QUESTIONS")
    yield from _unshown(lesson, "mistake", facts.mistakes, blocks, FindMistake, "MISTAKES")
    for block in blocks:
        if isinstance(block, FindMistake):
            yield from _too_large(block.mistake)
    yield from unused(lesson)


def _too_large(mistake: Mistake) -> Iterator[LessonError]:
    """What does not fit the screen of the programs of a mistake."""
    for version in Version:
        source = load_source(mistake.target(version))
        lines = source_lines(mistake, version)
        widest = max(range(len(lines)), key=lambda at: len(lines[at]))
        if len(lines) > MOST_LINES:
            problem = f"This program has {len(lines)} lines; there is room for {MOST_LINES}."
            yield LessonError(source.path, source.first_line, problem, "Make it shorter.")
        if len(lines[widest]) > MOST_COLUMNS:
            problem = (
                f"This line has {len(lines[widest])} columns; there is room for {MOST_COLUMNS}."
            )
            mend = "Make it shorter, or break it, in both programs."
            yield LessonError(source.path, source.first_line + widest, problem, mend)


def _prepares_nothing(
    block: WithNumbers, derivations: set[str], path: Path
) -> Iterator[LessonError]:
    """The derivations that a block of numbers names, and the lesson does not have."""
    for name in block.names:
        if name not in derivations:
            near = did_you_mean(name, derivations)
            mend = "Name the derivation that follows."
            yield LessonError(
                path,
                block.rows[0].line - 1,
                f"The lesson has no derivation {name!r}.",
                f"{near} {mend}".strip(),
            )


def _unshown(
    lesson: Lesson,
    fence: str,
    names: Mapping[str, object],
    blocks: list[Block],
    kind: type[Predict] | type[FindMistake],
    table: str,
) -> Iterator[LessonError]:
    """The names of a Python file for which the lesson has no block."""
    shown = {block.name for block in blocks if isinstance(block, kind)}
    path = module_path(lesson.slug, "facts" if kind is Predict else "mistakes")
    for name in names:
        if name not in shown and path is not None:
            yield LessonError(
                path,
                line_of(path, table, name),
                f"The lesson has no block ```{fence} {name}.",
                f"Write one into {lesson.path.name}, or take {name!r} out here.",
            )
