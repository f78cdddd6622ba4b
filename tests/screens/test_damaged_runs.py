"""Kept runs that cannot be read: the pane of runs tells of them, and never covers its list."""

from __future__ import annotations

import pytest

from engine.training.run_files import record_path
from tests.screens.kept_runs import NARROW, WIDE, app_with, listed, run_with
from tests.screens.waiting import settle
from tui.panes.runs import RunsPane, told_damaged


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_runs_that_cannot_be_read_are_named_below_the_list(size: tuple[int, int]) -> None:
    for name in ("softmax-7", "softmax-8"):
        path = record_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{")
    app = app_with(run_with(0), run_with(1, 3, lr=0.5))
    async with app.run_test(size=size) as pilot:
        await pilot.press("6")
        await settle(pilot)
        pane = app.screen.query_one(RunsPane)
        assert pane.damaged.display
        told = str(pane.damaged.content)
        if size == NARROW:
            assert told == "2 runs cannot be read: see `dltutor runs list`."
        else:
            assert told.endswith("`dltutor runs rm softmax-8 softmax-7` removes the files.")
        assert pane.damaged.region.height == 1
        assert pane.damaged.region.y == pane.list.region.bottom
        assert pane.list.region.height == len(listed(app)) >= 2
        assert pane.chart.region.height >= 7


async def test_a_long_list_is_never_covered_by_the_sentence() -> None:
    path = record_path("softmax-7")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")
    app = app_with(*(run_with(number, lr=0.1 + number) for number in range(7)))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6")
        await settle(pilot)
        pane = app.screen.query_one(RunsPane)
        assert not pane.damaged.display
        assert pane.list.region.height == 6


def test_the_sentence_about_damaged_runs_keeps_to_one_line() -> None:
    names = [f"softmax-{number}" for number in range(9)]
    assert told_damaged([], 76) == ""
    assert "`dltutor runs rm softmax-0`" in told_damaged(names[:1], 76)
    assert told_damaged(names[:1], 76, some_moved=True) == (
        "1 run cannot be read: see `dltutor runs list`."
    )
    assert told_damaged(names, 76) == "9 runs cannot be read: see `dltutor runs list`."
    assert told_damaged(names, 30) == ""
