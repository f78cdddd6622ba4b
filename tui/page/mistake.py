"""A mistake to find, as lines: what the program is for, its source, and what its runs show."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import _
from lessons.format.document import FindMistake
from lessons.judge.evidence import Evidence, Measure, Version, numbers
from lessons.judge.lines import source_lines
from tui.math import cell_width
from tui.page.blocks import fold, text_lines
from tui.page.lines import Ink, InkLine, Piece, plain, wrap

GUTTER = 5
"""Columns before a line of code: a sign, the number, a space."""
_GAP = 3
_VERSIONS = {Version.FAULTY: _("faulty"), Version.REPAIRED: _("repaired")}


def prompt_lines(block: FindMistake, width: int) -> list[InkLine]:
    """What the program is for, marked with a sign in the margin."""
    lines = text_lines(block.prompt, width - 2)
    return [
        ((("? " if number == 0 else "  "), Ink.WARN), *line) for number, line in enumerate(lines)
    ]


def mistake_lines(block: FindMistake, width: int) -> list[InkLine]:
    """The question with the numbered source, for a page that runs nothing."""
    lines = [*prompt_lines(block, width), ()]
    source = source_lines(block.mistake, Version.FAULTY)
    for number, text in enumerate(source, start=1):
        for place, part in enumerate(fold(text, width - GUTTER)):
            label = f"{number:>4} " if place == 0 else " " * GUTTER
            lines.append(((label, Ink.QUIET), (part, Ink.CODE)))
    note = _("[ find the mistake: open the lesson to run it and choose the wrong line ]")
    return [*lines, *wrap([(note, Ink.QUIET)], width)]


def evidence_lines(runs: Sequence[tuple[Version, Evidence]], width: int) -> list[InkLine]:
    """A table of what one or both runs show: one row per fact, the measure last."""
    labels = [fact.label for fact in runs[0][1].facts]
    rows = [
        (label, [plain(seen.facts[place].value, Ink.STRONG) for _version, seen in runs])
        for place, label in enumerate(labels)
    ]
    measure = runs[0][1].measure
    rows.append((measure.label, [_judged(seen.measure) for _version, seen in runs]))
    heads = [plain(_VERSIONS[version], Ink.QUIET) for version, _evidence in runs]
    found = _table(heads if len(runs) > 1 else [], rows, width)
    note = _("A correct program stays at or below {bound}.").format(bound=numbers([measure.bound]))
    return [*found, *wrap([(note, Ink.QUIET)], width)]


def _judged(measure: Measure) -> InkLine:
    sign, ink = ("✓ ", Ink.GOOD) if measure.ok else ("✗ ", Ink.BAD)
    return ((sign, ink), (numbers([measure.value], 3), ink))


def _table(
    heads: Sequence[InkLine], rows: Sequence[tuple[str, Sequence[InkLine]]], width: int
) -> list[InkLine]:
    """Rows in columns; if they are too wide, each label goes above its values."""
    all_rows = [("", heads), *rows] if heads else list(rows)
    first = max(cell_width(label) for label, _values in all_rows)
    columns = [
        max(_width(values[at]) for _label, values in all_rows) for at in range(len(all_rows[0][1]))
    ]
    if first + sum(column + _GAP for column in columns) <= width:
        return [
            _row([((label, Ink.QUIET),), *values], [first, *columns]) for label, values in all_rows
        ]
    lines: list[InkLine] = []
    stacked = 2 + sum(column + _GAP for column in columns) - _GAP > width
    for label, values in rows if stacked else all_rows:
        if label:
            lines.extend(wrap([(label, Ink.QUIET)], width))
        blank: Piece = ("  ", Ink.PLAIN)
        if not stacked:
            lines.append((blank, *_row(values, columns)))
            continue
        for head, value in zip(heads or [()], values, strict=True):
            lines.extend(wrap([*head, (" ", Ink.PLAIN), *value], width, 2, 4))
    return lines


def _width(line: InkLine) -> int:
    return sum(cell_width(text) for text, _ink in line)


def _row(cells: Sequence[InkLine], widths: Sequence[int]) -> InkLine:
    pieces: list[Piece] = []
    for cell, width in zip(cells, widths, strict=True):
        pieces.extend(cell)
        pieces.append((" " * (width - _width(cell) + _GAP), Ink.PLAIN))
    return tuple(pieces[:-1])
