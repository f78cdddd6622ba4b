"""Wait for work that goes on beside a screen, without looking at a clock."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from tui.app import TutorApp
from tui.background import wait_until_idle


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every key has had its effect, and all background work is done and shown."""
    app = pilot.app
    await pilot.pause()
    while isinstance(app, TutorApp) and app.is_running and not app.typed_ahead.is_through:
        await pilot.pause(0.01)
    await asyncio.to_thread(wait_until_idle)
    await pilot.pause()
