"""The names in the Python files of a lesson that nothing uses: forgotten, or spelled otherwise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.nearest import did_you_mean
from lessons.format.document import (
    Block,
    Derivation,
    Figure,
    FindMistake,
    Lesson,
    Predict,
    WithNumbers,
)
from lessons.format.facts import module_path
from lessons.format.lesson_error import LessonError
from lessons.format.tables import written_keys
from lessons.format.text_file import read_text

_NUMBER: Final = re.compile(r"\(number:([^)\s]+)\)|\\num\{([^{}]+)\}")
_OPTION: Final = re.compile(r"^`{3,}figure\s.*$", re.MULTILINE)
"""A figure, whose options may name numbers."""


def unused(lesson: Lesson) -> Iterator[LessonError]:
    """Each name of a table that is written out, and that neither the text nor a program uses."""
    blocks = [block for step in lesson.steps for block in step.blocks]
    derivations = {block.name for block in blocks if isinstance(block, Derivation)}
    prepared = {name for block in blocks if isinstance(block, WithNumbers) for name in block.names}
    figures = {block.name for block in blocks if isinstance(block, Figure)} | {lesson.picture}
    text = read_text(lesson.path) if lesson.path.is_file() else ""
    numbers = _numbers_in(text)
    yield from _unused(
        lesson, "facts", "NUMBERS", numbers, f"Write [6](number:{{}}) into {lesson.path.name}"
    )
    yield from _unused(
        lesson, "facts", "SCOPES", _scopes_in(lesson, blocks), "Write ```scope {} above the blocks"
    )
    needless = "Name a derivation that has no block of numbers"
    yield from _unused(lesson, "facts", "WITHOUT_NUMBERS", derivations - prepared, needless)
    yield from _unused(
        lesson, "figures", "FIGURES", figures, f"Write ```figure KIND {{}} into {lesson.path.name}"
    )


def _unused(
    lesson: Lesson, module: str, table: str, used: set[str], mend: str
) -> Iterator[LessonError]:
    path = module_path(lesson.slug, module)
    if path is None:
        return
    keys = written_keys(path, table)
    left = keys.keys() - used
    by_programs = _subscripts(path.parent, table) if left else set()
    for name in () if None in by_programs else sorted(left - by_programs, key=keys.__getitem__):
        near = did_you_mean(name, used - keys.keys())
        said = f"{mend.format(name)}, or take {name!r} out here."
        problem = f"Nothing in the lesson uses {name!r} of {table}."
        yield LessonError(path, keys[name], problem, f"{near} {said}".strip())


def _numbers_in(text: str) -> set[str]:
    """What the text of a lesson names as numbers, and what may be one in the options of figures."""
    named = {link or inside for link, inside in _NUMBER.findall(text)}
    for opening in _OPTION.findall(text):
        named.update(word.partition("=")[2] for word in opening.split())
    return named


def _scopes_in(lesson: Lesson, blocks: list[Block]) -> set[str]:
    """The names under which the notation of a block is looked up."""
    used = {scope for step in lesson.steps for scope in step.scopes}
    for block in blocks:
        if isinstance(block, Derivation | Predict | FindMistake):
            used.add(block.name)
        elif isinstance(block, WithNumbers):
            used |= {block.names[0], f"{block.names[0]}/numbers"}
    return used


def _subscripts(folder: Path, table: str) -> set[str | None]:
    """The entries of a table that programs of the lesson look up; None where one is computed."""
    found: set[str | None] = set()
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(read_text(path))):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(table):
                key = node.slice.value if isinstance(node.slice, ast.Constant) else None
                found.add(key if isinstance(key, str) else None)
    return found
