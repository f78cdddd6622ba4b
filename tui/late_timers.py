"""A timer that fires once fires, however late the machine is.

Textual lets a timer skip what is overdue, so that a repeated one catches up. One that is to fire
once has no next time: where the machine, or another thread, takes the processor from it for longer
than its delay just after it began, it never fires. The application hands a new size of the terminal
on after 8 ms by such a timer, and sets no other before that one has fired; so after one of them was
lost, the screens kept their size for good.
"""

from __future__ import annotations

import asyncio

from textual._time import get_time
from textual.timer import EventTargetGone, Timer

DRAWS = "screen_update"
"""Textual's name for the timer that draws what has changed on a screen."""
APART = 0.008
"""Seconds between the end of one drawing and the next."""

_theirs = Timer._run


async def _run(self: Timer) -> None:
    """Textual's, without skipping what happens once."""
    if self.name == DRAWS:
        await _draw_soon(self)
        return
    if self._repeat == 0:
        self._skip = False
    await _theirs(self)


async def _draw_soon(self: Timer) -> None:
    """Draw as soon as something has changed, but not again at once."""
    count = 0
    while True:
        await self._active.wait()
        count += 1
        try:
            await self._tick(next_timer=get_time(), count=count)
        except EventTargetGone:
            return
        await asyncio.sleep(APART)


def never_lose_timers() -> None:
    """From now on, in every application of this process."""
    Timer._run = _run  # type: ignore[method-assign]
