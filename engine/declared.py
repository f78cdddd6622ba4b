"""Declarations found in the files of a folder, read without running the rest of those files.

A file declares something by one statement at its left margin, such as `RECIPE = Recipe(...)`. Only
that statement is run, with the names that the reader offers, so that a file that imports torch is
known without loading torch. Nothing heavy is imported here: `dltutor --help` depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from engine.errors import UserError

T = TypeVar("T")


class DeclarationError(UserError):
    """A declaration that cannot be read; its text names the file, the line and the fix."""

    def __init__(self, path: Path, line: int, problem: str, fix: str) -> None:
        super().__init__(f"{path}:{line}: {problem} {fix}")


def declared(
    package: str, folder: Path, name: str, kind: type[T], words: Mapping[str, object]
) -> Iterator[tuple[Path, T]]:
    """Every file of `folder` that declares `name`, sorted, with the value it gives.

    `words` are the names that a declaration may use, besides the `__name__` of its module, which
    begins with `package`. Raises DeclarationError where the value cannot be read, or is not a
    `kind`.
    """
    for path in sorted(folder.glob("*.py")):
        found = _statement(path.read_text(encoding="utf-8"), name, path)
        if found is None:
            continue
        line, statement = found
        space = {"__builtins__": {}, "__name__": f"{package}.{path.stem}", **words}
        try:
            exec(compile(statement, path, "exec"), space)
        except Exception as error:
            raise DeclarationError(
                path,
                line,
                f"{name} cannot be read ({type(error).__name__}: {error}).",
                f"It may use {', '.join(words)}, and nothing else from its file.",
            ) from error
        value = space[name]
        if not isinstance(value, kind):
            raise DeclarationError(
                path,
                line,
                f"{name} is not a {kind.__name__}.",
                f"Write {name} = {kind.__name__}(…).",
            )
        yield path, value


def _statement(text: str, name: str, path: Path) -> tuple[int, str] | None:
    """The statement that gives `name` its value, and its first line, counted from 1."""
    start = f"\n{text}".find(f"\n{name} = ")
    if start < 0:
        return None
    line = text.count("\n", 0, start) + 1
    statement = ""
    for more in text[start:].splitlines(keepends=True):
        statement += more
        try:
            compile(statement, path, "exec")
        except SyntaxError:
            continue  # it continues in the next line
        return line, statement
    raise DeclarationError(
        path, line, f"The statement {name} = … has no end.", "Close its brackets."
    )
