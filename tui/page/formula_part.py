"""Pieces of a drawn formula know its LaTeX: that is what is copied, whatever the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tui.page.lines import InkLine, line_text

Span: TypeAlias = tuple[int, int]
"""From which column to which one of a row is selected; −1 is its end."""


class FormulaPart(str):
    """A piece of a drawn formula, and the LaTeX of the whole."""

    __slots__ = ("latex",)
    latex: str

    def __new__(cls, text: str, latex: str) -> FormulaPart:
        part = super().__new__(cls, text)
        part.latex = latex
        return part


def selected_text(lines: Sequence[InkLine], spans: Sequence[Span | None]) -> str:
    """What is copied of these lines: of a formula all of it, as LaTeX, in one line.

    What stands beside its rows, such as the reason for a step, stands beside the LaTeX.
    """
    found: list[str] = []
    drawn: list[InkLine] = []
    """The rows of a formula, or of several beside each other, so far."""
    for line, span in zip(lines, spans, strict=True):
        if span is None:
            continue
        here = _sources(line)
        if drawn and not {*here} & {*_of_rows(drawn)}:
            found.append(_in_one_line(drawn))
            drawn = []
        if here:
            drawn.append(line)
        else:
            start, end = span
            found.append(line_text(line)[start : None if end == -1 else end])
    return "\n".join([*found, _in_one_line(drawn)] if drawn else found)


def _sources(line: InkLine) -> list[str]:
    return [text.latex for text, _ink in line if isinstance(text, FormulaPart)]


def _of_rows(rows: Sequence[InkLine]) -> list[str]:
    """The formulas of these rows from left to right."""
    widest = max(map(_sources, rows), key=lambda found: len({*found}))
    return [*dict.fromkeys([*widest, *(each for row in rows for each in _sources(row))])]


def _in_one_line(rows: Sequence[InkLine]) -> str:
    """The formulas as LaTeX, between what stands before them and after them, row by row."""
    before: list[str] = []
    after: list[str] = []
    for line in rows:
        places = [at for at, (text, _ink) in enumerate(line) if isinstance(text, FormulaPart)]
        before.append(line_text(line[: places[0]]).strip())
        after.append(line_text(line[places[-1] + 1 :]).strip())
    formulas = [f"$${latex}$$" for latex in _of_rows(rows)]
    return " ".join(text for text in (*before, *formulas, *after) if text)
