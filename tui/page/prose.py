"""Running text of a lesson as styled pieces: inline maths drawn, numbers computed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.language import _
from lessons.format.digits import formatted
from lessons.format.document import LessonError, Span, Style, Text
from tui.key_names import key_named
from tui.math import Line, Role, Roles, inline
from tui.page.formula_part import FormulaPart
from tui.page.lines import GLUE, Ink, InkLine, Piece

_INKS = {
    Style.PLAIN: Ink.PLAIN,
    Style.STRONG: Ink.STRONG,
    Style.EMPHASIS: Ink.EMPHASIS,
    Style.CODE: Ink.CODE,
    Style.MATH: Ink.MATH,
    Style.NUMBER: Ink.NUMBER,
    Style.CLAIM: Ink.PLAIN,
    Style.LESSON: Ink.LESSON,
    Style.KEY: Ink.CODE,
}


def pieces(text: Text) -> list[Piece]:
    """The pieces of running text."""
    found: list[Piece] = []
    for span in text:
        found.extend(_span(span))
    return found


def _span(span: Span) -> list[Piece]:
    if span.style is Style.MATH:
        return [(text.replace(" ", GLUE), ink) for text, ink in math_line(inline(span.text))]
    if span.style is Style.NUMBER:
        assert span.compute is not None, "the parser has looked it up"
        try:
            return [(formatted(span.text, span.compute()).replace(" ", GLUE), Ink.NUMBER)]
        except LessonError as error:
            return [(_("✗ missing ({why})").format(why=why_missing(error)), Ink.BAD)]
    text = key_named(span.target, span.text) if span.style is Style.KEY else span.text
    return [(text, _INKS[span.style])]


def why_missing(error: LessonError) -> str:
    """Why something in a lesson cannot be computed: its file, its line and the reason."""
    return f"{Path(error.path).name}:{error.line}: {error.problem}".rstrip(".")


def math_line(line: Line) -> InkLine:
    """A drawn line of maths with the inks of a page."""
    return tuple((text, _math_ink(roles)) for text, roles in line)


def formula_rows(rows: Iterable[Line], latex: str) -> list[InkLine]:
    """The drawn rows of the formula `latex` with the inks of a page."""
    return [tuple((FormulaPart(text, latex), ink) for text, ink in math_line(row)) for row in rows]


def _math_ink(roles: Roles) -> Ink:
    """The ink of the most important role; a result is bold in its colour of meaning."""
    if Role.RESULT in roles:
        return next((ink for role, ink in _RESULTS.items() if role in roles), Ink.NUMBER)
    return next((ink for role, ink in _MATH_INKS.items() if role in roles), Ink.MATH)


_MATH_INKS = {
    Role.PART: Ink.MATH_PART,
    Role.CANCEL: Ink.MATH_CANCEL,
    Role.CHANGE: Ink.MATH_CHANGE,
    Role.NOTE: Ink.QUIET,
    Role.INPUT: Ink.INPUT,
    Role.WEIGHT: Ink.WEIGHT,
    Role.DELTA: Ink.DELTA,
    Role.LOSS: Ink.LOSS,
    Role.COMPUTED: Ink.COMPUTED,
    Role.BOLD: Ink.MATH_BOLD,
}
_RESULTS = {
    Role.WEIGHT: Ink.WEIGHT_RESULT,
    Role.DELTA: Ink.BACKWARD,
    Role.LOSS: Ink.LOSS_RESULT,
}
