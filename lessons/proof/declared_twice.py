"""Symbols that one chain of declarations declares twice: the first would be lost silently.

A notation may replace a symbol of the notation that it extends: `NOTATION.drawn("x", "3")`. Within
one chain, from `Notation()` or a name to its last dot, it is always a mistake.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from engine.formulas.declarations import Declaration, Head
from engine.formulas.errors import MathSyntaxError, MeaningError
from engine.formulas.heads import read_head, split_equation
from lessons.format.lesson_error import LessonError
from lessons.format.text_file import read_text

_DECLARING = ("size", "drawn", "fixed", "defined", "computed")


class Declared(NamedTuple):
    """A declaration as a file writes it."""

    head: Head
    symbol: str
    """LaTeX, as written."""
    text: str
    """What stands in its first argument: a symbol, or an equation."""
    shape: str
    line: int

    def is_that(self, other: Declaration) -> bool:
        """Whether this has become the other one."""
        is_same = other.source is None or self.text.endswith(other.source.strip())
        return self.head.is_that_of(other.head) and is_same and self.shape in ("", other.shape)


def declared_twice(path: Path) -> Iterator[LessonError]:
    """What a file declares twice, each with the line of the second declaration."""
    for chain in _chains(path):
        lines: dict[Head, int] = {}
        for found in chain:
            head = replace(found.head, latex="")
            if head in lines:
                yield LessonError(
                    path,
                    found.line,
                    f"The symbol {found.symbol} is declared twice; the first time on line "
                    f"{lines[head]}.",
                    "Keep the one you mean: the later one replaces the other.",
                )
            lines.setdefault(head, found.line)


def declared_in(path: Path) -> Iterator[Declared]:
    """All declarations of a file."""
    for chain in _chains(path):
        yield from chain


def _chains(path: Path) -> Iterator[list[Declared]]:
    """The declarations of a file, chain by chain, in their order."""
    tree = ast.parse(read_text(path), str(path))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    inner = {id(call.func.value) for call in calls if isinstance(call.func, ast.Attribute)}
    for call in calls:
        if id(call) not in inner:
            yield [*_links(call)][::-1]


def _links(call: ast.expr) -> Iterator[Declared]:
    """The declarations of one chain, the last one first."""
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        words = {keyword.arg: keyword.value for keyword in call.keywords}
        text = _text(call.args[0]) if call.args else ""
        shape = call.args[1] if call.args[1:] else words.get("shape")
        over = _text(words["over"]) if "over" in words else ""
        if call.func.attr in _DECLARING and text:
            try:
                symbol = split_equation(text)[0] if call.func.attr == "defined" else text
                head = read_head(symbol, tuple(over.split()))
            except (MeaningError, MathSyntaxError):
                pass  # importing the file says what is wrong with it
            else:
                line = call.func.end_lineno or call.lineno
                yield Declared(head, symbol, text, _text(shape) if shape else "", line)
        call = call.func.value


def _text(node: ast.expr) -> str:
    """A text that is written out; empty for any other value."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(ast.literal_eval(node)) if is_text else ""
