"""Wait for work that goes on beside a screen, without looking at a clock."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from tui.background import wait_until_idle


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all background work is done and shown."""
    await asyncio.to_thread(wait_until_idle)
    await pilot.pause()
