"""Bars with numbers, to an eighth of a cell: distributions, and other numbers side by side."""

from __future__ import annotations

import math

from engine.language import _
from lessons.format.drawings import Bars, Series
from tui.figures.canvas import INKS
from tui.figures.registry import ROWS, FigureKind, Options
from tui.math import cell_width
from tui.page.lines import Ink, InkLine, Piece, cut
from tui.page.signs import plain_signs
from tui.widgets.bars import bar

_LEAST_BAR = 6
"""Columns of a bar below which the numbers make room for it."""

_THICKEST = 3
"""Rows of a bar at most."""


def draw(bars: Bars, width: int, height: int, options: Options) -> list[InkLine]:
    """The bars within `width` × `height` cells; where there are too many, the last are left out."""
    found = _head(bars, width)
    found = found if height > len(found) + 1 else []
    room = height - len(found)
    rows = _rows_of(bars, width)
    if len(rows) < room:
        rows = _spread(rows, len(bars.series), room)
    if len(rows) > room:
        left_out = len(rows) - room + 1
        more = _("… {count} more").format(count=left_out)
        rows = [*rows[: room - 1], ((cut(more, width), Ink.QUIET),)]
    return [*found, *rows]


def _spread(rows: list[InkLine], series: int, room: int) -> list[InkLine]:
    """The bars as thick as `room` lets them be, with air between those of two names."""
    groups = [rows[at : at + series] for at in range(0, len(rows), series)]
    air = 1 if len(rows) + len(groups) - 1 <= room else 0
    thick = min(_THICKEST, (room - air * (len(groups) - 1)) // len(rows))
    found: list[InkLine] = []
    for number, group in enumerate(groups):
        found += [()] * (air if number else 0)
        for row in group:
            bare = tuple((_without_words(text), ink) for text, ink in row)
            above = (thick - 1) // 2
            found += [*[bare] * above, row, *[bare] * (thick - 1 - above)]
    return found


def _without_words(text: str) -> str:
    return " " * cell_width(text) if any(map(str.isalnum, text)) else text


def _head(bars: Bars, width: int) -> list[InkLine]:
    """The title, and which hue belongs to which series."""
    found: list[InkLine] = []
    if bars.title:
        found.append(((cut(bars.title, width), Ink.QUIET),))
    if len(bars.series) > 1:
        pieces: list[Piece] = []
        used = 0
        for number, each in enumerate(bars.series):
            text = cut(f"{'  ' if number else ''}{_sign(number)} {each.name}", width - used)
            if used + 4 > width:
                break
            pieces.append((text, INKS[each.hue]))
            used += cell_width(text)
        found.append(tuple(pieces))
    return found


def _sign(number: int) -> str:
    """A sign for each series, so that they are told apart without colours."""
    return "█▓▒░"[number % 4]


def _rows_of(bars: Bars, width: int) -> list[InkLine]:
    names = max(map(cell_width, bars.names))
    names = min(names, max(1, width // 3))
    numbers = [[_number(value, bars.digits) for value in each.values] for each in bars.series]
    digits = max(len(text) for each in numbers for text in each)
    values = [v for each in bars.series for v in each.values if math.isfinite(v)]
    low, high = min([0.0, *values]), max([0.0, *values])
    room = width - names - digits - 2
    if room < _LEAST_BAR:
        digits, room = 0, width - names - 1
    found: list[InkLine] = []
    for place, name in enumerate(bars.names):
        for number, each in enumerate(bars.series):
            label = cut(name, names) if number == 0 else ""
            pieces: list[Piece] = [(label + " " * (names - cell_width(label)) + " ", Ink.PLAIN)]
            if room > 0:
                pieces += _bar(each, number, place, (low, high), room)
            if digits:
                pieces.append((" " + numbers[number][place].rjust(digits), INKS[each.hue]))
            found.append(tuple((text[:width], ink) for text, ink in pieces if text))
    return found


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return (text[1:] if float(text) == 0 and text[0] == "-" else text).replace("-", "−")


def _bar(
    series: Series, number: int, place: int, ends: tuple[float, float], room: int
) -> list[Piece]:
    value, ink = series.values[place], INKS[series.hue]
    low, high = ends
    if not math.isfinite(value) or high == low:
        return [(" " * room, Ink.PLAIN)]
    left = round(-low / (high - low) * room) if low < 0 else 0
    left = min(left, room - 1) if high > 0 else room
    right = room - left
    if value < 0:
        cells = min(left, max(1, round(value / low * left)))
        sign = _sign(number)
        return [(" " * (left - cells), Ink.PLAIN), (sign * cells, ink), (" " * right, Ink.PLAIN)]
    text = bar(value / high if high > 0 else 0.0, right) if right else ""
    if number % 4:
        text = text.replace("█", _sign(number))
    if plain_signs():
        text = "".join("▌" if sign in "▋▊▉▌" else " " if sign in "▏▎▍" else sign for sign in text)
    return [(" " * left, Ink.PLAIN), (text, ink)]


def words(bars: Bars, options: Options) -> str:
    """Every number with its name."""
    said = [f"{bars.title}:"] if bars.title else [_("Bars:")]
    for each in bars.series:
        pairs = ", ".join(
            f"{name} {_number(value, bars.digits)}"
            for name, value in zip(bars.names, each.values, strict=True)
        )
        said.append(f"{each.name}: {pairs}." if each.name else f"{pairs}.")
    return " ".join(said)


def _rows(bars: Bars, width: int) -> int:
    return len(_head(bars, width)) + len(bars.names) * len(bars.series)


def _least(bars: Bars) -> int:
    names = max(map(cell_width, bars.names))
    digits = max(len(_number(v, bars.digits)) for each in bars.series for v in each.values)
    head = cell_width(bars.title)
    if len(bars.series) > 1:
        head = max(head, sum(cell_width(each.name) + 4 for each in bars.series) - 2)
    return max(head, names + digits + 2 + _LEAST_BAR)


FIGURE = FigureKind(Bars, draw, words, _rows, _least, {"rows": ROWS})
