"""Pages: no line is wider than asked, and nothing of the source shows through."""

from __future__ import annotations

import re

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import Code, FindMistake, Listing, Paragraph, Table
from lessons.format.parser import running_text
from tui.math import cell_width
from tui.page import blocks
from tui.page.lesson import block_lines, heading_pieces, lesson_lines
from tui.page.lines import GLUE, Ink, line_text, wrap

SLUGS = [entry.slug for entry in catalog().entries() if entry.is_written]


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("width", [60, 76, 100])
def test_a_lesson_fits_its_width(slug: str, width: int) -> None:
    lesson = catalog().load(slug)
    lines = [line_text(line) for line in lesson_lines(lesson, width)]
    assert len(lines) > 20
    for line in lines:
        assert cell_width(line) <= width, line


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_shows_no_source(slug: str) -> None:
    lesson = catalog().load(slug)
    # Programs may hold what looks like LaTeX, such as an escape; nothing else may.
    prose = "\n".join(
        line_text(line)
        for step in lesson.steps
        for block in step.blocks
        if not isinstance(block, Code | FindMistake)
        for line in block_lines(block, 60)
    )
    prose += "".join(line_text(heading_pieces(s.title)) for s in lesson.steps)
    assert "$" not in prose
    assert not re.search(r"\\[a-zA-Z]+", prose)


def test_words_are_kept_whole_where_they_fit() -> None:
    lines = wrap([("one two three", Ink.PLAIN)], 7)
    assert [line_text(line) for line in lines] == ["one two", "three"]


def test_a_hanging_indent() -> None:
    lines = wrap([("a bb cc dd", Ink.PLAIN)], 6, 0, 2)
    assert [line_text(line) for line in lines] == ["a bb", "  cc", "  dd"]


def test_glue_holds_words_together_until_the_line_is_too_narrow() -> None:
    text = f"x a{GLUE}+{GLUE}b"
    assert [line_text(line) for line in wrap([(text, Ink.MATH)], 6)] == ["x", "a + b"]
    assert [line_text(line) for line in wrap([(text, Ink.MATH)], 4)] == ["x", "a +", "b"]


def test_a_word_wider_than_the_line_is_broken_not_cut() -> None:
    lines = wrap([("abcdefghij", Ink.CODE)], 4)
    assert "".join(line_text(line) for line in lines) == "abcdefghij"
    assert all(cell_width(line_text(line)) <= 4 for line in lines)


def test_a_newline_ends_a_line() -> None:
    assert [line_text(line) for line in wrap([("a\nb", Ink.PLAIN)], 9)] == ["a", "b"]


def test_inks_stay_with_their_words() -> None:
    (line,) = wrap([("a ", Ink.PLAIN), ("b", Ink.STRONG), (" c", Ink.PLAIN)], 20)
    assert line == (("a ", Ink.PLAIN), ("b", Ink.STRONG), (" c", Ink.PLAIN))


def test_a_remark_has_a_bar() -> None:
    block = Paragraph(running_text("Mind the gap."), quoted=True)
    assert [line_text(line) for line in blocks.paragraph(block, 40)] == ["▎ Mind the gap."]


def test_a_table_narrows_its_widest_column() -> None:
    cells = tuple(running_text(text) for text in ("a", "a long cell that must wrap somewhere"))
    lines = [line_text(line) for line in blocks.table(Table(cells, (cells,)), 24)]
    assert all(cell_width(line) <= 24 for line in lines)
    assert lines[0].startswith("a │ a long cell")
    assert any(set(line) == {"─", "┼"} for line in lines)


def test_numbers_of_a_table_have_their_points_below_each_other() -> None:
    rows = [tuple(map(running_text, row)) for row in (("a", "−1"), ("b", "0.25"), ("10", "12 %"))]
    head = tuple(map(running_text, ("name", "mean")))
    lines = [line_text(line) for line in blocks.table(Table(head, tuple(rows)), 40)]
    assert lines[2:] == ["a    │ −1", "b    │  0.25", "10   │ 12 %"]


def test_a_long_heading_takes_two_lines_before_what_is_below_it_does_and_words_stay_whole() -> None:
    head = tuple(map(running_text, ("how far it is after ten steps", "in words")))
    row = tuple(map(running_text, ("0.5", "an_unbroken_name and some more")))
    lines = [line_text(line) for line in blocks.table(Table(head, (row,)), 42)]
    assert lines[0] == "how far   │ in words"
    assert lines[-1] == "0.5       │ an_unbroken_name and some more"
    narrow = [line_text(line) for line in blocks.table(Table(head, (row,)), 26)]
    assert any("an_unbroken_name" in line for line in narrow)


def test_a_listing_that_is_too_wide_is_folded() -> None:
    lines = [line_text(line) for line in blocks.listing(Listing("dltutor " * 6), 20)]
    assert lines[1].startswith("    ↪ ")
    assert all(cell_width(line) <= 20 for line in lines)


def test_long_code_is_folded_with_a_sign() -> None:
    parts = blocks.fold("value = function(first_argument, second_argument)", 30)
    assert parts[1].startswith("  ↪ ")
    assert all(cell_width(part) <= 30 for part in parts)
