"""What a step uses: which symbols of its lesson, and which formulas have been shown by then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from engine.formulas.heads import split_equation
from lessons.format.document import (
    Block,
    Derivation,
    DisplayMath,
    FindMistake,
    ItemList,
    Lesson,
    Paragraph,
    Predict,
    Style,
    Symbol,
    Table,
    Text,
    WithNumbers,
)

_FONT = r"\\(?:mathrm|mathbf|mathcal|mathbb|mathsf|operatorname|text)"
# A word in a font of its own is one symbol: the `p` of `\operatorname{exp}` is none.
_TOKEN = re.compile(_FONT + r"\*?\{[^{}]*\}|\\[a-zA-Z]+|\\.|\S")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[^{}]*\}(?:\{[lcr|]*\})?")
_BY_OTHER = re.compile(r"\\(?:approx|leq?|geq?|lt|gt|neq?|to|iff|Rightarrow)\b|[<>≤≥≈]")
"""A line that begins so continues the chain by something else than equality."""
LONGEST = 90
"""A formula with more tokens is no summary."""


def formulas_of(block: Block) -> Iterator[str]:
    """The LaTeX of every formula of a block, in running text as well."""
    match block:
        case DisplayMath():
            yield block.latex
        case Derivation():
            for line in block.lines:
                yield line.latex
                yield from _inline(line.reason)
        case WithNumbers():
            for computed in block.rows:
                yield computed.latex
                yield from _inline(computed.reason)
        case Paragraph():
            yield from _inline(block.text)
        case ItemList():
            for item in block.items:
                yield from _inline(item)
        case Table():
            for row in (block.header, *block.rows):
                for cell in row:
                    yield from _inline(cell)
        case Predict() | FindMistake():
            for text in block.prompt:
                yield from _inline(text)


def symbols_of_step(lesson: Lesson, step: int) -> tuple[Symbol, ...]:
    """The symbols of the lesson that appear in the formulas of a step, in the lesson's order."""
    used = [_tokens(latex) for block in lesson.steps[step].blocks for latex in formulas_of(block)]
    return tuple(
        symbol
        for symbol in lesson.symbols
        if any(_holds(tokens, part) for part in _parts(symbol.latex) for tokens in used)
    )


class ShownFormula(NamedTuple):
    """A formula and the title of the step that displays it."""

    latex: str
    title: Text


def formulas_so_far(lesson: Lesson, step: int) -> tuple[ShownFormula, ...]:
    """The formulas displayed or derived in the steps before `step`, the latest first, each once.

    Equations only, and none too long to be read at a glance.
    """
    found: dict[str, ShownFormula] = {}
    for earlier in reversed(lesson.steps[:step]):
        for block in reversed(earlier.blocks):
            latex = _equation(block)
            if "=" in latex and len(_tokens(latex)) <= LONGEST:
                found.setdefault(latex, ShownFormula(latex, earlier.title))
    return tuple(found.values())


def _equation(block: Block) -> str:
    match block:
        case DisplayMath():
            return block.latex.strip()
        case Derivation():
            return result_of(block)
        case _:
            return ""


def result_of(derivation: Derivation) -> str:
    """What a derivation shows: its first left side equals its last right side.

    Each line is proved equal to that left side, and so this holds as well. Empty where the lines
    are no single chain of equalities that may end in one equation of its own.
    """
    first, *others = (line.latex.strip() for line in derivation.lines)
    if not others or "=" not in first or first.startswith("="):
        return ""
    *between, last = others
    if not all(line.startswith("=") for line in between):
        return ""
    if last.startswith("="):
        return f"{_left_side(first)} {last}"
    return last if between and not _BY_OTHER.match(last) else ""


@lru_cache(maxsize=1024)
def _left_side(latex: str) -> str:
    return split_equation(latex)[0]


def _inline(text: Text) -> Iterator[str]:
    return (span.text for span in text if span.style is Style.MATH)


def _tokens(latex: str) -> list[str]:
    return [
        token
        for token in _TOKEN.findall(_ENVIRONMENT.sub(" ", latex))
        if token not in ("\\,", "\\;", "\\ ", "\\!")
    ]


def _parts(latex: str) -> Iterator[list[str]]:
    """The token lists of an entry: `i, j, k` stands for three symbols."""
    for part in re.split(r",(?![^{]*\})", latex):
        tokens = _tokens(part)
        if tokens:
            yield tokens


def _holds(tokens: list[str], symbol: list[str]) -> bool:
    """Whether a formula holds a symbol; other indices do not make it another symbol."""
    base = symbol[: _end_of_base(symbol)]
    scripted = len(symbol) > len(base) and symbol[len(base)] in "_^"
    for at in range(len(tokens) - len(base) + 1):
        if tokens[at : at + len(base)] != base:
            continue
        following = tokens[at + len(base) : at + len(base) + 1]
        if scripted and following != [symbol[len(base)]]:
            continue
        return True
    return False


def _end_of_base(symbol: list[str]) -> int:
    """How many tokens stand before the first script outside of braces."""
    depth = 0
    for at, token in enumerate(symbol):
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
        elif token in "_^" and depth == 0:
            return max(at, 1)
    return len(symbol)
