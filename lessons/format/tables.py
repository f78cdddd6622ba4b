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
    found = _assigned(path, name)
    return written_keys(path, name).get(key, found.lineno) if found is not None else 1


def written_keys(path: Path, name: str) -> dict[str, int]:
    """The keys that are written out in the dictionary that a file calls `name`: their lines."""
    found = _assigned(path, name)
    entries = found.value.keys if found is not None and isinstance(found.value, ast.Dict) else []
    return {
        each.value: each.lineno
        for each in reversed(entries)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def _assigned(path: Path, name: str) -> ast.Assign | ast.AnnAssign | None:
    """Where a file says what `name` is."""
    try:
        body = ast.parse(read_text(path)).body
    except (OSError, SyntaxError, LessonError):
        return None
    for node in body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node
    return None


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
