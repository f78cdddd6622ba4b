"""The rows of a search: where the words stand, and the passage, with what was looked for lit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.style import Style

from engine.language import _
from lessons.format.searching import Found, Where, folded
from tui.math import cell_width, inline
from tui.page.lines import Ink, Piece, cut, line_text, line_width, wrap
from tui.page.prose import math_line
from tui.widgets.row import Inks, Row

_BOLD = Style(bold=True)
_LIT = Style(underline=True)
"""Besides its colour, so that it can be seen without colours, too."""
_BEFORE = 24
"""Cells of a passage that are shown before the first word that was looked for, at most."""


def _name(where: Where) -> str:
    """What the kind of a passage is called."""
    return {
        Where.LESSON: _("lesson"),
        Where.STEP: _("step"),
        Where.SYMBOL: _("symbol"),
        Where.SLIP: _("slip"),
        Where.FORMULA: _("formula"),
        Where.TEXT: _("text"),
    }[where]


def found_row(found: Found, wanted: str, width: int, inks: Inks) -> Row:
    """A place that was found: lesson and step, the kind of the passage, then the passage.

    Below a lesson as a whole stands its slug with its chapter, where a word is in these alone.
    `wanted` is what was looked for; `width` is in cells.
    """
    words = re.compile("|".join(map(re.escape, wanted.split())), re.IGNORECASE)
    kind = _name(found.where)
    place = found.entry.title
    if found.step is not None:
        place += f" › {found.step + 1}"
    place = cut(place, width - cell_width(kind) - 3)
    row = Row(" ")
    _add(row, place, _BOLD, words if found.where is Where.LESSON else None, inks)
    row.append(" " * (width - cell_width(place) - cell_width(kind) - 2)).append(kind, inks.quiet)
    titled = folded(found.entry.title)
    if found.where is not Where.LESSON or any(w not in titled for w in folded(wanted).split()):
        row.append("\n   ")
        pieces = drawn(found.text, formula=found.where is Where.FORMULA)
        for text, ink in window(pieces, words, width - 4):
            _add(row, text, inks.of(ink), words, inks)
    return row


def nothing_found(width: int) -> list[Row]:
    """What is said where nothing is found, in rows of at most `width` cells."""
    told = (
        _("Nothing in the course matches."),
        _("Try fewer words, the beginning of a word, or a symbol such as δ."),
    )
    rows = [wrap([(sentence, Ink.PLAIN)], width) for sentence in told]
    return [Row("\n".join(map(line_text, lines))) for lines in rows]


def drawn(markdown: str, *, formula: bool = False) -> list[Piece]:
    """A passage on one line: its formulas drawn, its numbers and links as they are written.

    `formula` says that all of it is one, in which a line begins with a backslash or not.
    """
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown.split(" :: ")[0].strip("= "))
    text = re.sub(r"\*\*|`|^[-*] ", "", text)
    if text.startswith("|"):
        text = text.strip("| ").replace(" | ", " · ")  # a row of a table
    if (formula or text.startswith("\\")) and "$" not in text:
        text = f"${text}$"
    pieces: list[Piece] = []
    for place, part in enumerate(re.split(r"\$+", text)):
        if place % 2 == 0:
            pieces.append((part, Ink.PLAIN))
            continue
        try:
            pieces.extend(math_line(inline(part)))
        except ValueError:
            pieces.append((part, Ink.MATH))
    return pieces


def window(pieces: Sequence[Piece], words: re.Pattern[str], width: int) -> list[Piece]:
    """As much of a passage as `width` cells hold, from a little before the first of `words` on."""
    whole = "".join(text for text, _ink in pieces)
    first = words.search(whole)
    start = 0
    if (
        first is not None
        and line_width(pieces) > width
        and cell_width(whole[: first.end()]) > width
    ):
        start = whole.find(" ", max(0, first.start() - _BEFORE), first.start()) + 1 or first.start()
    shown: list[Piece] = [("… ", Ink.QUIET)] if start else []
    room = width - line_width(shown)
    for text, ink in pieces:
        part = text[min(start, len(text)) :]
        start -= len(text) - len(part)
        shown.append((cut(part, room), ink))
        room -= cell_width(part)
        if room <= 0:
            break
    return shown


def _add(row: Row, text: str, style: Style, words: re.Pattern[str] | None, inks: Inks) -> None:
    """Add a text to a row, with what matches `words` lit."""
    end = 0
    for match in words.finditer(text) if words is not None else ():
        row.append(text[end : match.start()], style)
        row.append(match[0], style + inks.accent + _LIT)
        end = match.end()
    row.append(text[end:], style)
