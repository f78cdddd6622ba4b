"""Every block of every lesson as lines at the widths of a page, and every lab mounted."""

from __future__ import annotations

import pytest

from lessons.format.catalog import catalog
from tests.screens.lab_stand_ins import use_stand_ins
from tests.screens.layout import HELP, problems, shortened
from tests.screens.test_lab_contract import Page
from tests.screens.waiting import settle
from tui.labs import labs
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


@pytest.mark.parametrize("name", labs())
async def test_every_lab_fits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_ins(monkeypatch)
    page = Page(name)
    async with page.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.pause()
        wrong = [f"120: {one}" for one in problems(page.screen) if one.kind != HELP]
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        await pilot.pause()
        wrong += [f"80: {one}" for one in problems(page.screen) if one.kind != HELP]
        assert wrong == []
