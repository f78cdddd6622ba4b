"""The code that lessons show, found by name in the files that run, never copied."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from io import StringIO
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, NoReturn

from engine.nearest import did_you_mean
from lessons.format.text_file import read_text

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class SourceError(LookupError):
    """A name that refers to no code; the message is a whole sentence."""


class BrokenSourceError(SourceError):
    """A file that is not Python, and the line where it is not."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path.name}:{line}: This is not valid Python ({why}).")
        self.path, self.line, self.why = path, line, why


@dataclass(frozen=True, slots=True)
class SourceExcerpt:
    """The source of one function, class or constant."""

    target: str
    text: str
    path: Path
    first_line: int


@lru_cache(maxsize=256)
def load_source(target: str) -> SourceExcerpt:
    """The source of `package.module:name`, read without importing it.

    A name may have several parts (`Class.method`), and the module may import it from another one.
    Raises SourceError.
    """
    module, colon, name = target.partition(":")
    if not colon or not name or not module:
        raise SourceError(f"The name {target!r} does not have the form package.module:name.")
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):  # such as `..package`
        spec = None
    if spec is None or spec.origin is None:
        raise SourceError(f"There is no module {module!r}.")
    if not spec.origin.endswith(".py"):  # `built-in`, `frozen`, or what is compiled from C
        raise SourceError(f"The module {module!r} has no file of Python to show.")
    path = Path(spec.origin)
    text = read_text(path)
    try:
        body: list[ast.stmt] = ast.parse(text, str(path)).body
    except SyntaxError as error:
        raise BrokenSourceError(path, error.lineno or 1, error.msg) from None
    found: ast.stmt | None = None
    for part in name.split("."):
        found = next((node for node in body if part in _names(node)), None)
        if found is None:
            origin = _origin(body, name)
            if origin is not None:
                return load_source(origin)
            near = did_you_mean(name, {each for node in body for each in _names(node)})
            problem = f"The module {module!r} does not define {name!r}."
            raise SourceError(f"{problem} {near}".strip())
        body = getattr(found, "body", [])
    assert found is not None
    decorators = getattr(found, "decorator_list", [])
    first = min([found.lineno, *(decorator.lineno for decorator in decorators)])
    lines = text.splitlines()[first - 1 : found.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    excerpt = "\n".join(line[indent:] for line in lines)
    return SourceExcerpt(target, excerpt, path, first)


def _origin(body: list[ast.stmt], name: str) -> str | None:
    """The target from which a module imports `name` by `from … import …`, if it does."""
    first, dot, rest = name.partition(".")
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == first:
                    return f"{node.module}:{alias.name}{dot}{rest}"
    return None


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    return set()


def run_source(target: str) -> str:
    """Run the function `target` without arguments; return what it prints.

    The function runs unchanged, except that its `print` writes to the returned text instead of the
    terminal, so that several functions can run at the same time, and that its `input` raises
    SourceError, because nobody could answer. A `print` to a file of its own still goes there.
    Exceptions are passed on.

    Raises:
        SourceError: the target is no function, or cannot be called without arguments.
    """
    module, _, name = target.partition(":")
    function = getattr(import_module(module), name)
    if not isinstance(function, FunctionType):
        raise SourceError(f"{name!r} is not a function, and cannot be run.")
    needed = [
        each.name
        for each in signature(function).parameters.values()
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]
    if needed:
        raise SourceError(
            f"{name!r} needs {', '.join(needed)}, but readers run it without arguments."
        )
    printed = StringIO()
    terminal = (None, sys.stdout, sys.stderr)

    def write(
        *values: object,
        sep: str | None = " ",
        end: str | None = "\n",
        file: SupportsWrite[str] | None = None,
        flush: bool = False,
    ) -> None:
        is_shown = any(file is each for each in terminal)
        print(*values, sep=sep, end=end, file=printed if is_shown else file)

    def refuse(prompt: object = "") -> NoReturn:
        raise SourceError("The program asks for input, but nobody can answer here.")

    FunctionType(
        function.__code__,
        {**function.__globals__, "print": write, "input": refuse},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )()
    return printed.getvalue()
