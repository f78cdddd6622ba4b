"""A formula or a number with a fault is told in its place; it does not end the program."""

from __future__ import annotations

from textual.geometry import Size

from lessons.format.document import LessonError, Span, Style
from tui.page.blocks import formula
from tui.page.lines import Ink, InkLine, line_text
from tui.page.prose import pieces
from tui.widgets.lines_view import LinesView


class Faulty(LinesView):
    def lines(self, width: int) -> list[InkLine]:
        return formula(r"\frac{a}{", width)


def test_a_formula_with_a_fault_is_told_in_its_place() -> None:
    view, size = Faulty(), Size(60, 20)
    assert view.get_content_height(size, size, 60) == 3
    told = " ".join(" ".join(map(line_text, view._lines(60))).split())
    assert told.startswith("✗ This formula cannot be drawn: { is never closed: add }")
    assert told.endswith(r"\frac{a}{")


def test_a_number_that_cannot_be_computed_is_missing_in_its_place() -> None:
    def fail() -> float:
        raise LessonError("lessons/facts.py", 8, "This stops with ValueError: no.", "Fix it.")

    text = (Span("x ="), Span("3", Style.NUMBER, "x", compute=fail), Span(", so"))
    (_, (told, ink), _) = pieces(text)
    assert told == "✗ missing (facts.py:8: This stops with ValueError: no)"
    assert ink is Ink.BAD
