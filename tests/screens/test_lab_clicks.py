"""A click on a key in the hint of a lab does what the key does."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.screens.lab_bench import LabAlone, LabBench
from tui.labs.base import Lab
from tui.widgets.value_editor import LineInput


def place(app: App[None], words: str) -> tuple[int, int]:
    """The middle of these words on the screen."""
    strips = app.screen._compositor.render_strips(app.size)
    rows = ["".join(segment.text for segment in strip) for strip in strips]
    y = next(y for y, row in enumerate(rows) if words in row)
    return rows[y].index(words) + len(words) // 2, y


async def click(pilot: Pilot[None], words: str) -> None:
    await pilot.click(offset=place(pilot.app, words))
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_keys_of_a_lab_with_the_focus_take_clicks(size: tuple[int, int]) -> None:
    app = LabBench("softmax")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        before = app.said("note")
        await click(pilot, "edit")
        assert app.query_one(LineInput).has_focus
        assert app.said("note") != before
        await click(pilot, "enter sets it")  # a prompt, not the hint of the lab
        await pilot.press("escape")
        assert app.lab.has_focus


async def test_the_first_click_focuses_and_presses_only_what_was_seen() -> None:
    app = LabAlone("tangent")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lab = app.query_one(Lab)
        begun = lab.kept()
        at = place(app, "Press tab")
        await pilot.click(offset=at)
        await pilot.pause()
        assert lab.has_keys
        assert lab.kept() == begun, "the sentence had no key there, whatever stands there now"
        app.screen.set_focus(None)
        await pilot.pause()
        await click(pilot, "→")
        assert lab.has_keys
        assert lab.kept() != begun, "the arrow that was seen is pressed"


async def test_a_click_beside_the_hint_presses_nothing() -> None:
    app = LabBench("tangent")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.lab, Lab)
        begun = app.lab.kept()
        x, y = place(app, "→")
        await pilot.click(offset=(x, y - 2))
        assert app.lab.kept() == begun
        await pilot.click(offset=(x, y))
        await pilot.pause()
        assert app.lab.kept() != begun
