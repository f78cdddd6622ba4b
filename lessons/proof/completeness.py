"""What a lesson must not leave out: numbers before letters, and a block for each value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lessons.format.document import Block, Derivation, FindMistake, Lesson, Predict, WithNumbers
from lessons.format.facts import facts_of, module_path
from lessons.format.lesson_error import LessonError
from lessons.proof.declared_twice import declared_twice


def refuse_incomplete(lesson: Lesson) -> None:
    """Raise LessonError for the first thing that the lesson leaves out."""
    for error in left_out(lesson):
        raise error


def left_out(lesson: Lesson) -> Iterator[LessonError]:
    """Derivations that no numbers prepare; questions and mistakes that the text does not show."""
    facts = facts_of(lesson.slug)
    blocks = [block for step in lesson.steps for block in step.blocks]
    prepared = set(facts.without_numbers)
    for block in blocks:
        if isinstance(block, WithNumbers):
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
    path = module_path(lesson.slug, "facts")
    if path is not None:
        yield from declared_twice(path)
    yield from _unshown(lesson, "predict", facts.questions, blocks, Predict, "facts")
    yield from _unshown(lesson, "mistake", facts.mistakes, blocks, FindMistake, "mistakes")


def _unshown(
    lesson: Lesson,
    fence: str,
    names: Mapping[str, object],
    blocks: list[Block],
    kind: type[Predict] | type[FindMistake],
    module: str,
) -> Iterator[LessonError]:
    """The names of a Python file for which the lesson has no block."""
    shown = {block.name for block in blocks if isinstance(block, kind)}
    path = module_path(lesson.slug, module)
    for name in names:
        if name not in shown and path is not None:
            lines = path.read_text("utf-8").splitlines()
            line = next((n for n, text in enumerate(lines, 1) if f'"{name}":' in text), 1)
            yield LessonError(
                path,
                line,
                f"The lesson has no block ```{fence} {name}.",
                f"Write one into {lesson.path.name}, or take {name!r} out here.",
            )
