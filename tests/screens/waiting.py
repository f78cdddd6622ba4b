"""Wait for work that goes on beside a screen, without looking at a clock."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from tui.app import TutorApp
from tui.background import is_idle, wait_until_idle

ROUNDS = 5
"""How often what is done may set off more work beside the screen."""


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every key has had its effect, and all background work is done and shown."""
    await pilot.pause()
    for _ in range(ROUNDS):
        await _keys_through(pilot)
        await asyncio.to_thread(wait_until_idle)
        await pilot.pause()
        if is_idle():
            break


async def _keys_through(pilot: Pilot[None]) -> None:
    app = pilot.app
    while isinstance(app, TutorApp) and app.is_running and not app.typed_ahead.is_through:
        # The last key may lead to a screen that begins its work when it comes up.
        await pilot.pause(0.01)
        await pilot.pause()
