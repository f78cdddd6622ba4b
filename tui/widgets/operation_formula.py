"""A formula with its numbers beneath its symbols, wrapped at operators, never cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from engine.naming import compact_text, latex_name
from engine.trace import Operation, Part
from tui.math import cell_width, inline
from tui.page.lines import Ink, InkLine, Piece

_OPERATORS = re.compile(r"( [+−] |·|, )")
"""Where a formula may go on in the next line."""
_MOST_EXACT = 2
"""Lines of a formula whose numbers are shown with all their digits."""
_SHORT = 7
"""Characters of a number in a longer formula."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A symbol over its number, or an operator over itself."""

    above: str
    below: str
    ink: Ink
    level: int
    """0 if no line begins here, 1 if it may as a last resort, 2 if it may."""

    @property
    def width(self) -> int:
        return max(cell_width(self.above), cell_width(self.below))

    def piece(self, text: str) -> Piece:
        room = self.width - cell_width(text)
        return (" " * (room // 2) + text + " " * (room - room // 2), self.ink)


@cache
def pretty(symbol: str) -> str:
    """A symbol as formulas write it: `z_h1` gives `zₕ₁`."""
    return "".join(span.text for span in inline(latex_name(symbol)))


def pretty_formula(operation: Operation) -> str:
    """The formula in one line, its symbols as formulas write them."""
    right = [pretty(part.text) if part.is_symbol else part.text for part in operation.parts]
    return f"{pretty(operation.symbol)} = {''.join(right)}"


def meaning(symbol: str) -> Ink:
    """The hue of a symbol: input, weight, delta, loss or computed value."""
    if symbol.startswith(("δ", "∂E")):
        return Ink.DELTA
    if symbol.startswith(("E", "target", "η")):
        return Ink.LOSS
    return {"x": Ink.INPUT, "w": Ink.WEIGHT, "b": Ink.WEIGHT}.get(symbol[0], Ink.COMPUTED)


_RESULTS = {
    Ink.WEIGHT: Ink.WEIGHT_RESULT,
    Ink.DELTA: Ink.BACKWARD,
    Ink.LOSS: Ink.LOSS_RESULT,
}


def meaning_of_result(symbol: str) -> Ink:
    """The hue of what a symbol comes to: its own, and bold."""
    return _RESULTS.get(meaning(symbol), Ink.NUMBER)


def aligned_formula(operation: Operation, width: int) -> list[InkLine]:
    """Pairs of lines: the formula, and its numbers beneath its symbols."""
    lead = f"{pretty(operation.symbol)} = "
    found = _wrapped(_columns(operation.parts, exact=True), width - cell_width(lead))
    sign = "= "
    if len(found) > _MOST_EXACT:
        exact, short = (_columns(operation.parts, exact=each) for each in (True, False))
        found = _wrapped(short, width - cell_width(lead))
        sign = "= " if exact == short else "≈ "
    lines: list[InkLine] = []
    blank = " " * cell_width(lead)
    for number, columns in enumerate(found):
        first = (lead, meaning(operation.symbol)) if number == 0 else (blank, Ink.PLAIN)
        equals = (sign if number == 0 else "  ").rjust(cell_width(lead))
        lines.append((first, *(each.piece(each.above) for each in columns)))
        lines.append(((equals, Ink.PLAIN), *(each.piece(each.below) for each in columns)))
    return lines


def _columns(parts: Sequence[Part], *, exact: bool) -> list[_Column]:
    found: list[_Column] = []
    for part in parts:
        if part.is_symbol:
            number = part.number if exact else _shortened(part.number)
            found.append(_Column(pretty(part.text), number, meaning(part.text), 0))
            continue
        for text in filter(None, _OPERATORS.split(part.text)):
            level = 0
            if _OPERATORS.fullmatch(text):
                level = 1 if text == "·" else 2
            shown = " · " if text == "·" else text
            found.append(_Column(shown, shown, Ink.PLAIN, level))
    return found


def _shortened(number: str) -> str:
    """The number with fewer digits, in brackets where it was."""
    bare = number.strip("()")
    short = compact_text(float(bare.replace("−", "-")), _SHORT)
    return f"({short})" if number.startswith("(") else short


def _wrapped(columns: Sequence[_Column], room: int) -> list[list[_Column]]:
    """The columns in lines of at most `room` cells, broken before sums, else before products."""
    lines: list[list[_Column]] = [[]]
    for chunk in _cut(columns, 2):
        if _width([*lines[-1], *chunk]) <= room:
            lines[-1] += chunk
            continue
        if lines[-1]:
            lines.append([])
        for small in _cut(chunk, 1) if _width(chunk) > room else [chunk]:
            if lines[-1] and _width([*lines[-1], *small]) > room:
                lines.append([])
            lines[-1] += small
    return [_begun(line) for line in lines]


def _begun(line: list[_Column]) -> list[_Column]:
    """A line without the space before its first operator."""
    if not line or line[0].level == 0:
        return line
    sign = line[0].above.lstrip()
    return [_Column(sign, sign, line[0].ink, 0), *line[1:]]


def _cut(columns: Sequence[_Column], level: int) -> list[list[_Column]]:
    chunks: list[list[_Column]] = [[]]
    for column in columns:
        if column.level >= level and chunks[-1]:
            chunks.append([])
        chunks[-1].append(column)
    return chunks


def _width(columns: Sequence[_Column]) -> int:
    return sum(column.width for column in columns)
