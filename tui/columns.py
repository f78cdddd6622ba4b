"""Columns of text by terminal cells: a Chinese character takes two."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from engine.naming import compact_text
from tui.math.width import cell_width

_BEFORE_POINT = re.compile(r"\D*\d+(?:[\u00a0\u202f ]\d{3}(?!\d))*")
"""Sign and whole part of a number, groups of thousands included."""


def left(text: str, width: int) -> str:
    """`text` at the left of `width` cells."""
    return text + " " * (width - cell_width(text))


def right(text: str, width: int) -> str:
    """`text` at the right of `width` cells."""
    return " " * (width - cell_width(text)) + text


def widest(texts: Iterable[str]) -> int:
    """The cells that the widest of `texts` takes; 0 where there are none."""
    return max(map(cell_width, texts), default=0)


def fixed(value: float, decimals: int, width: int) -> str:
    """A number with as many decimals, at the right of `width` cells: its point never moves.

    A number that is too wide, or so small that no digit of it would be seen, has other digits.
    """
    if not math.isfinite(value):
        text = "nan" if math.isnan(value) else "∞" if value > 0 else "−∞"
        return right(text, width)
    text = f"{value:z.{decimals}f}".replace("-", "−")
    vanishes = 0 < abs(value) < 0.5 * 10**-decimals
    return right(compact_text(value, width) if vanishes or len(text) > width else text, width)


def at_point(values: Sequence[float | None], width: int) -> list[str]:
    """The numbers of a column, without needless zeros, their points below each other.

    Each text has `width` cells; that of None is empty. All are rounded to as many decimals as the
    column has room for. Numbers with an exponent stand at the right.
    """
    for decimals in range(width - 2, -1, -1):
        texts = ["" if value is None else _short(value, decimals, width) for value in values]
        tail = max((_behind(text) for text in texts), default=0)
        padded = [text if "e" in text else text + " " * (tail - _behind(text)) for text in texts]
        if widest(padded) <= width:
            break
    else:
        padded = texts
    return [right(text, width) for text in padded]


def at_dots(text: str, width: int) -> str:
    """Facts with ` · ` between them, in lines of `width` cells that are broken there alone."""
    first, *others = text.split(" · ")
    lines = [first]
    for fact in others:
        if cell_width(f"{lines[-1]} · {fact}") <= width:
            lines[-1] += f" · {fact}"
        else:
            lines.append(fact)
    return "\n".join(lines)


def in_column(texts: Sequence[str], width: int) -> list[str]:
    """Numbers that are written already, their points below each other, each in `width` cells.

    Words end where the digits before a point end. What finds no room there stands further right;
    words keep off the column before them.
    """
    tails = [_from_point(text) for text in texts]
    most = max(tails, default=0)
    rooms = [width - cell_width(text) - (not _BEFORE_POINT.match(text)) for text in texts]
    return [
        right(text + " " * max(min(most - tail, room), 0), width)
        for text, tail, room in zip(texts, tails, rooms, strict=True)
    ]


def _from_point(text: str) -> int:
    """The cells from the point of a number, or from where it would be, to the end."""
    found = _BEFORE_POINT.match(text)
    return cell_width(text[found.end() :]) if found else 0


def _short(value: float, decimals: int, width: int) -> str:
    text = fixed(value, decimals, width).strip()
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _behind(text: str) -> int:
    """The cells from the point of a number to its end."""
    return len(text) - text.find(".") if "." in text and "e" not in text else 0
