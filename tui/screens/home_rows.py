"""The rows of the contents: chapters with their progress, lessons, places that were found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from engine.language import ENGLISH, _
from lessons.format.catalog import Chapter, Entry
from tui.math import cell_width, inline
from tui.page.lines import Ink, Piece, cut
from tui.widgets.bars import progress_bar
from tui.widgets.row import Inks, Row

if TYPE_CHECKING:
    from lessons.format.searching import Found, Where

SIGNS = {"done": "✓", "under way": "◐", "new": "○", "coming": "·"}
"""A sign for each state of a lesson; the card beside the list says it in words."""
_BAR = 10
_BOLD = Style(bold=True)


def chapter_row(chapter: Chapter, done: int, width: int, inks: Inks) -> Row:
    """A chapter: its number and title at the left, how many of its lessons are done at the right.

    `width` is in cells.
    """
    count = f"{done}/{len(chapter.entries)}"
    bar, rest = progress_bar(done / len(chapter.entries), _BAR)
    room = width - _BAR - cell_width(count) - 5
    title = cut(f"{chapter.number}  {chapter.title}", room)
    row = Row(title, _BOLD)
    row.append(" " * (width - cell_width(title) - _BAR - cell_width(count) - 2))
    row.append(bar, inks.good).append(rest, inks.quiet).append(f" {count} ", inks.quiet)
    return row


def lesson_row(
    entry: Entry, state: str, notes: Sequence[tuple[str, bool]], width: int, inks: Inks
) -> Row:
    """A lesson: its state as a sign, its title, notes at the right; `True` marks an urgent one."""
    notes = [*notes, (ENGLISH, False)] if entry.only_english else [*notes]
    if state == "coming":
        notes.append((_("coming"), False))
    right = " · ".join(text for text, _urgent in notes)
    title = cut(entry.title, width - cell_width(right) - 7)
    row = Row("   ")
    style = {"done": inks.good, "under way": inks.accent}.get(state, inks.quiet)
    row.append(SIGNS[state], style).append(" ")
    row.append(title, inks.quiet if state == "coming" else Style.null())
    row.append(" " * max(1, width - cell_width(right) - cell_width(title) - 6))
    for place, (text, urgent) in enumerate(notes):
        row.append(" · " if place else "", inks.quiet)
        row.append(text, inks.warn if urgent else inks.quiet)
    return row


def _name(where: Where) -> str:
    """What the kind of a passage is called."""
    return {
        "LESSON": _("lesson"),
        "STEP": _("step"),
        "SYMBOL": _("symbol"),
        "SLIP": _("slip"),
        "FORMULA": _("formula"),
        "TEXT": _("text"),
    }[where.name]


def found_row(found: Found, width: int, inks: Inks) -> Row:
    """A place that was found: lesson and step, the kind of the passage, then the passage."""
    place = found.entry.title
    if found.step is not None:
        place += f" › {found.step + 1}"
    row = Row(f" {cut(place, width - 12)}", _BOLD)
    kind = _name(found.where)
    row.append(" " * max(1, width - cell_width(row.plain) - cell_width(kind) - 1))
    row.append(kind, inks.quiet)
    if found.where.name != "LESSON":
        row.append("\n   ")
        formula = found.where.name == "FORMULA"
        _add_passage(row, drawn(found.text, formula=formula), width - 4, inks)
    return row


def drawn(markdown: str, *, formula: bool = False) -> list[Piece]:
    """A passage on one line: its formulas drawn, its numbers and links as they are written.

    `formula` says that all of it is one, in which a line begins with a backslash or not.
    """
    from tui.page.prose import math_line

    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown.split(" :: ")[0].strip("= "))
    text = re.sub(r"\*\*|`|^[-*] ", "", text)
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


def _add_passage(row: Row, pieces: Iterable[Piece], width: int, inks: Inks) -> None:
    used = 0
    for text, ink in pieces:
        part = cut(text, width - used)
        row.append(part, inks.of(ink))
        used += cell_width(part)
        if used >= width:
            break
