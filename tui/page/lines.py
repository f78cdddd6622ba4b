"""Lines of styled text, and the wrapping of running text. Plain Python, no terminal library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from lessons.format.characters import is_wide
from tui.math import cell_width

GLUE = "\N{NO-BREAK SPACE}"
"""A space at which running text does not break."""
_CLOSING = frozenset("，。、；：？！）》】」』〉〕”’…—～·％,.;:?!)]}%")
"""What never begins a line in Chinese text."""
_OPENING = frozenset("（《【「『〈〔“‘([{")
"""What never ends one."""


class Ink(StrEnum):
    """What a piece of text means; the theme decides how it looks."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    MATH = "math"
    MATH_BOLD = "math-bold"
    MATH_DIM = "math-dim"
    MATH_CHANGE = "math-change"
    MATH_PART = "math-part"
    MATH_CANCEL = "math-cancel"
    NUMBER = "number"
    LESSON = "lesson"
    LESSON_MARK = "lesson-mark"
    BUTTON = "button"
    HEADING = "heading"
    QUIET = "quiet"
    RULE = "rule"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    INPUT = "input"
    WEIGHT = "weight"
    DELTA = "delta"
    LOSS = "loss"
    COMPUTED = "computed"
    WEIGHT_RESULT = "weight-result"
    LOSS_RESULT = "loss-result"
    FORWARD = "forward"
    BACKWARD = "backward"
    POSITIVE = "positive"
    NEGATIVE = "negative"


HEAT_LEVELS = 12
"""Levels above the lowest one of a heat map."""


class Heat(NamedTuple):
    """A cell of a heat map: two values above each other, from 0 to `HEAT_LEVELS`.

    Its text is a shade that says the same where there are no colours for it, or a sign on top.
    """

    upper: int
    lower: int
    mark: Ink | None = None
    """The ink of a sign that stands on top of the heat; None where the text is a shade."""


Piece: TypeAlias = tuple[str, Ink | Heat]
InkLine: TypeAlias = tuple[Piece, ...]
"""One line of a page."""


def line_width(line: Iterable[Piece]) -> int:
    """Width of a line in terminal cells."""
    return sum(cell_width(text) for text, _ink in line)


def line_text(line: Iterable[Piece]) -> str:
    """The characters of a line, without trailing spaces."""
    return "".join(text for text, _ink in line).replace(GLUE, " ").rstrip()


def quiet(line: InkLine) -> InkLine:
    """The line with its plain words quiet; what has a meaning keeps its colour."""
    return tuple((text, Ink.QUIET if ink is Ink.PLAIN else ink) for text, ink in line)


def at_ends(left: str, right: str, width: int) -> str:
    """A line of `width` cells with one text at its left end and one at its right end."""
    return left + " " * (width - cell_width(left) - cell_width(right)) + right


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells; an ellipsis stands for what is cut off."""
    if cell_width(text) <= width:
        return text
    while text and cell_width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def link_at(line: Iterable[Piece], x: int, links: Sequence[tuple[str, str]]) -> str:
    """The target of the link at column `x`, counted from 0; empty where there is none.

    `links` are pairs of the text of a link and its target; a link may be broken over lines.
    """
    start = 0
    for text, ink in line:
        end = start + cell_width(text)
        if ink is Ink.LESSON and start <= x < end:
            return next((target for said, target in links if text.strip() in said), "")
        start = end
    return ""


def plain(text: str, ink: Ink = Ink.PLAIN) -> InkLine:
    """A line with a single piece."""
    return ((text, ink),)


def indent(lines: Iterable[InkLine], columns: int) -> list[InkLine]:
    """The lines, moved to the right; empty lines stay empty."""
    blank: InkLine = ((" " * columns, Ink.PLAIN),)
    return [blank + line if line else line for line in lines]


def wrap(pieces: Sequence[Piece], width: int, first: int = 0, rest: int = 0) -> list[InkLine]:
    """Break running text into lines of at most `width` cells.

    It breaks at spaces, and beside wide characters such as Chinese ones, but never before a closing
    sign or after an opening one. A newline in a piece ends a line. The first line is indented by
    `first` columns, the others by `rest`. A word wider than a line is broken at glue, or anywhere
    if it has none.
    """
    lines: list[InkLine] = []
    line: list[Piece] = []
    used = first
    pending = False

    def flush() -> None:
        nonlocal line, used, pending
        lines.append(_joined(line))
        line, used, pending = [], rest, False

    for word in _words(pieces):
        if word is None:
            flush()
            continue
        if not word:
            pending = bool(line)
            continue
        room = line_width(word) + (1 if pending else 0)
        if line and used + room > width:
            flush()
        if pending:
            line.append((" ", word[0][1] if line[-1][1] == word[0][1] else Ink.PLAIN))
            used += 1
            pending = False
        parts = _broken(word, max(4, width - used))
        for number, part in enumerate(parts):
            if number:
                flush()
            line.extend(part)
            used += line_width(part)
    if line or not lines:
        flush()
    starts = [first] + [rest] * len(lines)
    return [
        ((" " * start, Ink.PLAIN), *found) if start and found else found
        for start, found in zip(starts, lines, strict=False)
    ]


def _words(pieces: Sequence[Piece]) -> Iterator[list[Piece] | None]:
    """Words (lists of pieces without spaces), [] for a space between words, None for a newline.

    Words that follow each other without a space meet where wide characters let a line break.
    """
    word: list[Piece] = []
    last = ""
    for text, ink in pieces:
        start = 0
        for at, character in enumerate(text):
            blank = character in " \n"
            if blank or _may_break(last, character):
                if at > start:
                    word.append((text[start:at], ink))
                if word:
                    yield word
                    word = []
                start = at
            if blank:
                yield None if character == "\n" else []
                start = at + 1
            last = character
        if start < len(text):
            word.append((text[start:], ink))
    if word:
        yield word


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no space parts."""
    if (before.isascii() and after.isascii()) or before == GLUE or after == GLUE:
        return False
    if not before or before in " \n" or before in _OPENING or after in _CLOSING:
        return False
    return is_wide(before) or is_wide(after)


def _broken(word: list[Piece], width: int) -> list[list[Piece]]:
    if line_width(word) <= width:
        return [word]
    parts: list[list[Piece]] = [[]]
    used = 0
    for text, ink in word:
        for chunk in _chunks(text, width):
            size = cell_width(chunk)
            if used + size > width and parts[-1]:
                parts.append([])
                used = 0
                chunk = chunk.lstrip(GLUE)
            parts[-1].append((chunk, ink))
            used += size
    return parts


def _chunks(text: str, width: int) -> Iterator[str]:
    """Pieces of `text` that end at glue, each at most `width` cells wide."""
    for part in text.replace(GLUE, GLUE + "\n").split("\n"):
        piece = ""
        for character in part:
            if piece and cell_width(piece + character) > width:
                yield piece
                piece = ""
            piece += character
        if piece:
            yield piece


def _joined(line: list[Piece]) -> InkLine:
    """Neighbours of one ink become one piece; glue becomes a plain space."""
    merged: list[Piece] = []
    for text, ink in line:
        text = text.replace(GLUE, " ")
        if merged and merged[-1][1] == ink:
            merged[-1] = (merged[-1][0] + text, ink)
        else:
            merged.append((text, ink))
    return tuple(merged)
