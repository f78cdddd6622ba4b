"""Work beside the screen finds the widget whole that asked for it, or is dropped."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui import background
from tui.background import (
    after_refresh,
    hold,
    in_background,
    is_there,
    release,
    wait_until_idle,
)
from tui.themes import ThemedApp


class _Page(ThemedApp[None]):
    """One widget with one part."""

    def compose(self) -> ComposeResult:
        with Vertical(id="whole"):
            yield Static("part")


async def test_what_is_asked_for_is_called() -> None:
    app, called = _Page(), list[str]()
    async with app.run_test() as pilot:
        whole = app.query_one("#whole", Vertical)
        after_refresh(whole, lambda: called.append("frame"))
        in_background(whole, lambda: "work", called.append, lambda error: None)
        wait_until_idle()
        await pilot.pause()
        assert sorted(called) == ["frame", "work"]


async def test_a_widget_that_is_being_removed_is_left_alone() -> None:
    app, called = _Page(), list[str]()
    async with app.run_test() as pilot:
        whole = app.query_one("#whole", Vertical)
        after_refresh(whole, lambda: called.append("frame"))
        in_background(whole, lambda: "work", called.append, lambda error: None)
        wait_until_idle()
        removed = whole.remove()
        assert whole.is_attached  # it goes after its parts
        assert not is_there(whole)
        await removed
        await pilot.pause()
        assert called == []


async def test_work_is_held_until_the_first_frame() -> None:
    app, called = _Page(), list[str]()
    async with app.run_test() as pilot:
        whole = app.query_one("#whole", Vertical)
        hold(app)
        in_background(whole, lambda: "held", called.append, lambda error: None)
        wait_until_idle()
        await pilot.pause()
        assert called == []
        release(app)
        in_background(whole, lambda: "at once", called.append, lambda error: None)
        wait_until_idle()
        await pilot.pause()
        assert sorted(called) == ["at once", "held"]
        release(app)  # nothing is begun twice


def test_work_that_is_about_to_begin_is_waited_for() -> None:
    asked, go_on = threading.Event(), threading.Event()

    class Late(threading.Thread):
        def start(self) -> None:
            asked.set()
            assert go_on.wait(20)
            super().start()

    def run() -> None:
        background._running.discard(threading.current_thread())

    with ThreadPoolExecutor() as pool:
        pool.submit(background._begin, Late(target=run, daemon=True))
        assert asked.wait(20)
        waiting = pool.submit(wait_until_idle)
        with suppress(TimeoutError):
            waiting.exception(0.1)  # it was over at once
        go_on.set()
        assert waiting.exception(20) is None
    assert background.is_idle()
