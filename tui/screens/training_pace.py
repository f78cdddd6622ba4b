"""How often a screen looks at what trains: seldom enough to leave the cores to the training."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.screen import Screen

from tui.owner import training_owner

SHARE = 1 / 20
"""The part of a core that a live screen may use."""
LONGEST = 1.0
"""Seconds between two looks at most, unless the shortest time is longer."""


class Pace:
    """Calls `look` again and again while its screen is the active one, and seen.

    That is `rate` times a second at most. Where drawing then costs more than `share` of a core, it
    is less often, but at least once in `LONGEST` seconds. The thread that draws and the one that
    trains share the interpreter: what the first one uses, the second one loses.
    """

    def __init__(self, screen: Screen[None], look: Callable[[], None], share: float) -> None:
        self._screen = screen
        self._look = look
        self._share = share
        self._shortest = 0.0
        self._used = 0.0
        """CPU seconds of this thread when the last look began."""

    def start(self, rate: float) -> None:
        """Look from now on; never where the rate is 0."""
        if rate > 0:
            self._shortest = 1 / rate
            self._used = time.thread_time()
            self._screen.set_timer(self._shortest, self._tick)

    def _tick(self) -> None:
        used = time.thread_time()
        wait = pause(used - self._used, self._shortest, self._share)
        self._used = used
        if self._screen.is_active and training_owner(self._screen).is_seen:
            self._look()
        self._screen.set_timer(wait, self._tick)


def pause(cost: float, shortest: float, share: float) -> float:
    """Seconds until the next look, where the last one cost so many seconds of CPU time."""
    return max(shortest, min(cost / share, LONGEST))
