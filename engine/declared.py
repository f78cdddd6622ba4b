"""Declarations found in the files of a folder, read without running the rest of those files.

A file declares something by one statement at its left margin, such as `RECIPE = Recipe(...)`. Only
that statement is run, with the names that the reader offers, so that a file that imports torch is
known without loading torch. Nothing heavy is imported here: `dltutor --help` depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from engine.errors import UserError
from engine.field_types import misfit

T = TypeVar("T")
NOT_UTF8 = ("This line is not UTF-8 text.", "Save the file in the encoding UTF-8.")
"""What is wrong with a file in another encoding, and what to do."""


class DeclarationError(UserError):
    """A declaration that cannot be read; its text names the file, the line and the fix."""

    def __init__(self, path: Path, line: int, problem: str, fix: str) -> None:
        self._given = path, line, problem, fix
        super().__init__(f"{path}:{line}: {problem} {fix}")

    def __reduce__(self) -> tuple[type[DeclarationError], tuple[Path, int, str, str]]:
        """Survive the way out of a process of `dltutor check` or `dltutor preview`."""
        return type(self), self._given


def declared(
    package: str, folder: Path, name: str, kind: type[T], words: Mapping[str, object]
) -> Iterator[tuple[Path, T]]:
    """Every file of `folder` that declares `name`, sorted, with the value it gives.

    `words` are the names that a declaration may use, besides the `__name__` of its module, which
    begins with `package`. Raises DeclarationError where the value cannot be read, or is not a
    `kind`.
    """
    for path in sorted(folder.glob("*.py")):
        text = source_of(path)
        found = _statement(text, name, path)
        if found is None:
            refuse_misnamed(path, text, name, kind.__name__)
            continue
        line, statement = found
        space = {"__builtins__": {}, "__name__": f"{package}.{path.stem}", **words}
        try:
            exec(compile(statement, path, "exec"), space)
        except DeclarationError:  # of what it uses, such as an optimiser rule
            raise
        except Exception as error:
            mend = "Fix it and try again."
            if isinstance(error, NameError):
                mend = f"It may use {', '.join(words)}, and nothing else from its file."
            problem = f"{name} cannot be read ({type(error).__name__}: {error})."
            raise DeclarationError(path, line, problem, mend) from error
        value = space[name]
        if not isinstance(value, kind):
            raise DeclarationError(
                path,
                line,
                f"{name} is not a {kind.__name__}.",
                f"Write {name} = {kind.__name__}(…).",
            )
        problem = misfit(value)
        if problem:
            raise DeclarationError(path, line, f"{name} cannot be used.", problem)
        yield path, value


def refuse_misnamed(path: Path, text: str, name: str, kind: str) -> None:
    """Raise DeclarationError where a file without a declaration has one that is written otherwise.

    `RECIPES = Recipe(…)` would be passed over silently.
    """
    written = re.search(rf"^(\w+)[^\S\n]*(:[^=\n]+)?=[^\S\n]*{kind}\(", text, re.MULTILINE)
    if written is not None:
        line = text.count("\n", 0, written.start()) + 1
        problem = f"Nothing finds `{written[0]}…)`."
        raise DeclarationError(path, line, problem, f"Write it as `{name} = {kind}(…)`.")


def source_of(path: Path) -> str:
    """The text of a Python file, with `\\n` at the ends of its lines; raises DeclarationError."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DeclarationError(path, line, *NOT_UTF8) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _statement(text: str, name: str, path: Path) -> tuple[int, str] | None:
    """The statement that gives `name` its value, and its first line, counted from 1."""
    begun = re.search(rf"^{name}(: \w+)? = ", text, re.MULTILINE)
    if begun is None:
        return None
    line = text.count("\n", 0, begun.start()) + 1
    statement = ""
    for more in text[begun.start() :].splitlines(keepends=True):
        statement += more
        try:
            compile(statement, path, "exec")
        except SyntaxError:
            continue  # it continues in the next line
        return line, statement
    raise DeclarationError(
        path, line, f"The statement {name} = … has no end.", "Close its brackets."
    )
