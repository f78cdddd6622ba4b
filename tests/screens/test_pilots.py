"""How pilots wait and draw in these tests: to the end of what a key sets off, and no longer."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult, RenderResult
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from tests.screens.drawing import drawn
from tests.screens.quiet import quiet
from tui.themes import ThemedApp
from tui.widgets.chart import Chart
from tui.widgets.chart_series import Series


class Chain(Widget):
    """A key sets off messages, a layout and what comes after it, one after the other."""

    class Link(Message):
        """The next link is due."""

        def __init__(self, left: int) -> None:
            super().__init__()
            self.left = left

    links = 0
    drawn = 0
    broken = False

    def render(self) -> RenderResult:
        self.drawn += 1
        if self.broken:
            raise ValueError("drawn wrongly")
        return str(self.links)

    def on_chain_link(self, message: Link) -> None:
        self.links += 1
        self.styles.height = 1 + self.links % 3
        if message.left:
            self.call_after_refresh(lambda: self.post_message(self.Link(message.left - 1)))


class Plotted(ThemedApp[None]):
    def compose(self) -> ComposeResult:
        yield Chart("a line", "x", "y")

    def on_mount(self) -> None:
        self.query_one(Chart).set_series([Series("line", (0.0, 1.0), (0.0, 1.0))])


class ChainApp(App[None]):
    BINDINGS = [Binding("a", "start"), Binding("b", "wait"), Binding("c", "break")]

    def __init__(self) -> None:
        super().__init__()
        self.chain = Chain()
        self.released = asyncio.Event()
        self.waited = False

    def compose(self) -> ComposeResult:
        yield self.chain

    def action_start(self) -> None:
        self.chain.post_message(Chain.Link(20))

    async def action_wait(self) -> None:
        await self.released.wait()
        self.waited = True

    def action_break(self) -> None:
        self.chain.broken = True
        self.chain.refresh()


async def test_a_key_has_had_its_effect_when_it_has_been_pressed() -> None:
    app = ChainApp()
    async with app.run_test() as pilot:
        await pilot.press("a")
        assert app.chain.links == 21
        await pilot.press("a", "a")
        assert app.chain.links == 63


async def test_what_waits_in_a_handler_is_waited_for_as_textual_does() -> None:
    app = ChainApp()
    async with app.run_test() as pilot:
        app.call_later(app.action_wait)
        await asyncio.sleep(0)
        assert not await quiet(app)
        app.released.set()
        await pilot.pause()
        assert app.waited
        app.released.clear()
        app.waited = False
        asyncio.get_running_loop().call_later(0.05, app.released.set)
        await pilot.press("b")
        await pilot.pause()
        assert app.waited


async def test_a_new_size_is_laid_out_at_once() -> None:
    app = ChainApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.resize_terminal(50, 10)
        assert app.chain.size.width == 50


async def test_a_screen_is_drawn_when_the_test_asks_for_it() -> None:
    app = ChainApp()
    async with app.run_test() as pilot:
        await drawn(pilot)
        before = app.chain.drawn
        await pilot.press("a")
        await pilot.pause()
        assert app.chain.drawn == before
        await drawn(pilot)
        assert app.chain.drawn == before + 1
        await drawn(pilot)
        assert app.chain.drawn == before + 1


@pytest.mark.usefixtures("drawn_at_pauses")
async def test_it_can_be_drawn_at_each_pause() -> None:
    app = ChainApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        before = app.chain.drawn
        await pilot.press("a")
        assert app.chain.drawn == before
        await pilot.pause()
        assert app.chain.drawn == before + 1


async def test_a_chart_that_is_not_drawn_is_not_read() -> None:
    app = Plotted()
    async with app.run_test() as pilot:
        chart = app.query_one(Chart)
        with pytest.raises(AssertionError, match="draws it first"):
            print(chart.text)
        await drawn(pilot)
        assert chart.text.strip()


@pytest.mark.usefixtures("drawn_at_once")
async def test_it_can_be_drawn_at_once() -> None:
    app = ChainApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        before = app.chain.drawn
        await pilot.press("a")
        assert app.chain.drawn >= before + 21


async def test_what_a_test_leaves_is_drawn_at_its_end() -> None:
    app = ChainApp()
    with pytest.raises(ValueError, match="drawn wrongly"):
        async with app.run_test() as pilot:
            await pilot.press("c")
