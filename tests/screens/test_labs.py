"""Every lab that a lesson may name exists, and can be shown."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from lessons.fences import LABS as KNOWN
from tests.screens.lab_bench import LabBench
from tests.screens.waiting import settle
from tui.labs import LABS, make_lab


def test_lessons_may_name_exactly_the_labs_that_there_are() -> None:
    assert set(KNOWN) == set(LABS)


class LabApp(App[None]):
    """One lab alone."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self.lab: Widget = make_lab(name, {})

    def compose(self) -> ComposeResult:
        yield self.lab


@pytest.mark.parametrize("name", sorted(LABS))
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_lab_can_be_shown_and_fits(name: str, size: tuple[int, int]) -> None:
    app = LabApp(name)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert app.lab.size.width <= size[0]
        assert app.lab.outer_size.height <= size[1] - 3
        assert any(widget.can_focus for widget in (app.lab, *app.lab.query("*")))


@pytest.mark.parametrize("name", sorted(LABS))
async def test_every_key_of_a_lab_has_an_id_and_says_what_it_does(name: str) -> None:
    app = LabApp(name)
    async with app.run_test():
        for bindings in app.lab._bindings.key_to_bindings.values():
            for binding in bindings:
                assert binding.id, binding
                assert binding.tooltip, binding


@pytest.mark.parametrize("name", sorted(LABS))
async def test_no_line_of_the_note_is_cut_off(name: str) -> None:
    app = LabBench(name)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for note in app.lab.query("#note").results(Static):
            width, height = note.size
            # A lesson that scrolls takes one column.
            assert note.get_content_height(note.size, app.size, width - 1) <= height
