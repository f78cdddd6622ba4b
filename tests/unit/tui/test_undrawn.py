"""A formula with a fault is told in its place; it does not end the program."""

from __future__ import annotations

from textual.geometry import Size

from tui.page.blocks import formula
from tui.page.lines import InkLine, line_text
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
