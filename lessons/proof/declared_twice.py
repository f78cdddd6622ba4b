"""Symbols that one chain of declarations declares twice: the first would be lost silently.

A notation may replace a symbol of the notation that it extends: `NOTATION.drawn("x", "3")`. Within
one chain, from `Notation()` or a name to its last dot, it is always a mistake.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from engine.formulas.declarations import Head
from engine.formulas.errors import MathSyntaxError, MeaningError
from engine.formulas.heads import read_head, split_equation
from lessons.format.lesson_error import LessonError
from lessons.format.text_file import read_text

_DECLARING = ("size", "drawn", "fixed", "defined", "computed")

Link: TypeAlias = tuple[str, str, int]
"""A symbol, the indices of its family, and the line of its declaration."""


def declared_twice(path: Path) -> Iterator[LessonError]:
    """What a file declares twice, each with the line of the second declaration."""
    tree = ast.parse(read_text(path), str(path))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    inner = {id(call.func.value) for call in calls if isinstance(call.func, ast.Attribute)}
    for call in calls:
        if id(call) in inner:
            continue
        lines: dict[Head, int] = {}
        for latex, over, line in reversed([*_links(call)]):
            try:
                head = replace(read_head(latex, tuple(over.split())), latex="")
            except (MeaningError, MathSyntaxError):
                continue  # importing the file says what is wrong with it
            if head in lines:
                yield LessonError(
                    path,
                    line,
                    f"The symbol {latex} is declared twice; the first time on line {lines[head]}.",
                    "Keep the one you mean: the later one replaces the other.",
                )
            lines.setdefault(head, line)


def _links(call: ast.expr) -> Iterator[Link]:
    """The declarations of one chain, the last one first."""
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        words = {keyword.arg: keyword.value for keyword in call.keywords}
        symbol = _text(call.args[0]) if call.args else ""
        if call.func.attr in _DECLARING and symbol:
            if call.func.attr == "defined":
                try:
                    symbol = split_equation(symbol)[0]
                except (MeaningError, MathSyntaxError):
                    symbol = ""
            over = _text(words["over"]) if "over" in words else ""
            if symbol:
                yield symbol, over, call.func.end_lineno or call.lineno
        call = call.func.value


def _text(node: ast.expr) -> str:
    """A text that is written out; empty for any other value."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(ast.literal_eval(node)) if is_text else ""
