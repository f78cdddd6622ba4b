"""Connections on which nothing is asked for: each takes a descriptor, and there are only so many.

aiohttp waits for the first request of a connection as long as it takes, and knows no token yet.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

PATIENCE_SECONDS = 10.0
"""How long a connection may last before its first request is there as a whole."""
MOST = 500
"""Connections that may wait at once; with more, the oldest go."""
_LOOK_SECONDS = 0.5


class Loiterers:
    """Closes connections whose first request does not come."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: set[RequestHandler] = set()
        self._since: dict[RequestHandler, float] = {}

    def has_asked(self, request: web.Request) -> None:
        """The connection of a request is none of them."""
        self._asked.add(request.protocol)

    def look(self, server: web.Server) -> None:
        """Close those that have waited too long, or are too many."""
        now, connections = self._clock(), server.connections
        self._asked.intersection_update(connections)
        waiting = [each for each in connections if each not in self._asked]
        self._since = {each: self._since.get(each, now) for each in waiting}
        waiting.sort(key=self._since.__getitem__)
        for number, each in enumerate(waiting):
            is_late = now - self._since[each] > PATIENCE_SECONDS
            if is_late or number < len(waiting) - MOST:
                each.force_close()
                if each.transport is not None:
                    each.transport.abort()

    async def watch(self, server: web.Server) -> None:
        """Look again and again, until this is cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.look(server)
