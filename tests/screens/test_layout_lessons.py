"""Every block of every lesson as lines at the widths of a page."""

from __future__ import annotations

import pytest

from lessons.format.catalog import catalog
from tests.screens.layout import shortened
from tui.page.lesson import block_lines
from tui.page.lines import line_text, line_width

WIDTHS = 75, 76, 80
"""The page on screens of 80 columns, with and without a scroll bar, and of 120 columns;
`test_layout_screens` compares with a real one."""


@pytest.mark.parametrize("slug", [entry.slug for entry in catalog().entries() if entry.is_written])
def test_no_line_of_a_lesson_is_cut(slug: str) -> None:
    for number, step in enumerate(catalog().load(slug).steps, start=1):
        for block in step.blocks:
            for width in WIDTHS:
                lines = block_lines(block, width)
                where = f"step {number}, {type(block).__name__}, {width} columns"
                wide = [line_text(line) for line in lines if line_width(line) > width]
                assert not wide, where
                assert not shortened([line_text(line) for line in lines]), where
                assert any(line_text(line) for line in lines), where
