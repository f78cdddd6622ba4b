"""A pilot goes on as soon as nothing is left to do, instead of waiting for an idle processor.

Textual's pilot sleeps 20 ms at a time, twice for each key, until the process used little CPU
meanwhile, and sends each widget a message to see whether it answers. What it waits for can be asked
for: every message pump waits for a message and has none, and the screen has nothing to lay out and
no callback left. So a test takes as many steps on a busy machine as on an idle one.

A pump that waits inside one of its handlers, for a thread or a dialog, never comes to that; then
Textual's own way decides.
"""

from __future__ import annotations

import asyncio
from typing import Any

from textual import app as textual_app
from textual import pilot as textual_pilot
from textual._context import active_app
from textual._wait import wait_for_idle
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen

STEPS_IN_A_ROW = 8
"""Turns of the event loop without anything to do: a key is handed from task to task before it is in
the queue of the application."""
STEPS_ALONE = 2
"""Turns in which, besides, nothing else is ready to run: each turn asks the system for more."""
STEPS = 2000
"""After so many turns something waits in a handler."""

_idle = wait_for_idle


def install() -> None:
    """Let all pilots of this process wait so."""

    async def nothing_left(min_sleep: float = 0, max_sleep: float = 1) -> None:
        if not await quiet(active_app.get()):
            await _idle(min_sleep, max_sleep)

    async def wait_for_screen(self: Pilot[Any], timeout: float = 30.0) -> bool:
        return await _screen_waited_for(self, timeout)

    textual_app.wait_for_idle = nothing_left  # type: ignore[attr-defined]
    textual_pilot.wait_for_idle = nothing_left  # type: ignore[attr-defined]
    Pilot._wait_for_screen = wait_for_screen  # type: ignore[method-assign]


_wait_for_screen = Pilot._wait_for_screen


async def _screen_waited_for(pilot: Pilot[Any], timeout: float) -> bool:
    if pilot.app._exception is not None:
        return False
    if await quiet(pilot.app):
        return pilot.app._exception is None
    return await _wait_for_screen(pilot, timeout)


async def quiet(app: App[Any]) -> bool:
    """Wait until nothing is left to do; False if that does not come about."""
    row = alone = 0
    looked: MessagePump | None = app
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    for _ in range(STEPS):
        await asyncio.sleep(0)
        if not app._running or app._exception is not None:
            return True
        if not alone:  # else nothing but this has run since the last look
            looked = _busy(app, looked)
        row = 0 if looked else row + 1
        alone = 0 if looked or ready else alone + 1
        if row == STEPS_IN_A_ROW or alone == STEPS_ALONE:
            if not _went_on(app):
                return True
            row = alone = 0
    return False


def _busy(app: App[Any], first: MessagePump | None) -> MessagePump | None:
    """One that has something to do; mostly it is that of the last look."""
    if first is not None and (first is app or first in app._registry) and not _parked(first):
        return first
    return next((pump for pump in (app, *app._registry) if not _parked(pump)), None)


def _parked(pump: MessagePump) -> bool:
    """Whether it waits for a message and there is none, or is not there any more."""
    if pump._task is None or pump._task.done():
        return True
    event: asyncio.Event = pump._message_queue.ready_event
    return pump._pending_message is None and not event.is_set() and bool(event._waiters)


def _went_on(app: App[Any]) -> bool:
    """Do what Textual leaves to a timer: a new size after 8 ms, a layout within 16 ms."""
    if app._resize_timer is not None:
        app._check_resize()
        return True
    if not app._screen_stack or app._batch_count or not app.screen.is_current:
        return False
    # Not any: each is brought up to date. What is seen of a screen below is drawn by the top one.
    return bool([screen for screen in (*app._background_screens, app.screen) if _came_due(screen)])


def _came_due(screen: Screen[Any]) -> bool:
    due = bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )
    if due:
        screen._on_timer_update()
    return due
