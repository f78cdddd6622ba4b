"""The tables in the Python files of a lesson, such as `QUESTIONS`, and errors about them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from lessons.format.lesson_error import LessonError
from lessons.format.text_file import read_text
from lessons.judge.kinds import kind_of


def table(
    module: ModuleType | None, name: str, kind: str, mend: str, fits: Callable[[object], bool]
) -> Mapping[str, Any]:
    """The dictionary that a module calls `name`; empty where it has none.

    Args:
        kind: What an entry is called in a message, such as `number`.
        mend: How an entry is written, such as `Write "w": lambda: 3.0.`
        fits: Whether a value can be used.

    Raises:
        LessonError: it is no dictionary, or one of its entries cannot be used.
    """
    found: object = getattr(module, name, {})
    if not isinstance(found, Mapping):
        raise in_module(module, name, f"{name} is {kind_of(found)}.", mend)
    for key, value in found.items():
        if not isinstance(key, str):
            raise in_module(module, name, f"{name} has the key {key!r}, which is no text.", mend)
        if not fits(value):
            problem = f"The {kind} {key!r} is {kind_of(value)}."
            raise in_module(module, name, problem, mend, key)
    return found


def in_module(
    module: ModuleType | None, name: str, problem: str, mend: str, key: str = ""
) -> LessonError:
    """The error of an entry of a table, or of what is called `name`, with its line."""
    path = Path(getattr(module, "__file__", None) or "facts.py")
    return LessonError(path, line_of(path, name, key), problem, mend)


def line_of(path: Path, name: str, key: str = "") -> int:
    """The line where a file says what `name` is, or what it has under `key`; 1 if none does."""
    try:
        tree = ast.parse(read_text(path))
    except (OSError, SyntaxError, LessonError):
        return 1
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if value is None or not any(isinstance(t, ast.Name) and t.id == name for t in targets):
            continue
        entries = value.keys if isinstance(value, ast.Dict) else []
        keys = [each for each in entries if isinstance(each, ast.Constant) and each.value == key]
        return keys[0].lineno if keys else node.lineno
    return 1


def keys_twice(path: Path) -> Iterator[LessonError]:
    """The keys that stand twice in one dictionary of a file: Python forgets the first one."""
    for node in ast.walk(ast.parse(read_text(path))):
        seen: dict[object, int] = {}
        for key in node.keys if isinstance(node, ast.Dict) else []:
            if not isinstance(key, ast.Constant):
                continue
            if key.value in seen:
                problem = (
                    f"The key {key.value!r} stands here a second time; the first time on line "
                    f"{seen[key.value]}. Only the second one counts."
                )
                yield LessonError(path, key.lineno, problem, "Rename one of them, or remove it.")
            seen[key.value] = key.lineno
