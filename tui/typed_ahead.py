"""Keys that arrive together are handled one after the other.

Over a slow line, or from whoever types ahead, `tab`, digits and `enter` come in one piece. Textual
passes each key on at once, to what has the focus at that moment: the digits would follow the focus
of before, and `enter` would submit a field that has not read them yet.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode

Typed: TypeAlias = events.Key | events.Paste

ROUNDS = 3
"""How often everything from the focus up to the application has to come to the end of its queue:
for the key, for the message that its action sends, and for the one that this message leads to."""
PATIENCE = 1.0
"""Seconds after which the next key goes on although the one before has not come to its end, such
as where what had the focus was taken away with what was in its queue."""


class TypedAhead:
    """The keys that wait until the one before has had its effect."""

    def __init__(self, app: App[None], handle: Callable[[Typed], Awaitable[None]]) -> None:
        """`handle` is what the application does with a key."""
        self._app, self._handle = app, handle
        self._waiting: deque[Typed] = deque()
        self._number = 0
        """How many keys were handled; what belongs to an earlier one comes too late."""
        self._limit: asyncio.TimerHandle | None = None

    @property
    def is_through(self) -> bool:
        """Whether every key has had its effect."""
        return self._limit is None

    async def take(self, event: Typed) -> None:
        """Handle a key now, or once those before it are through."""
        if self._limit is None:
            await self._begin(event)
        else:
            self._waiting.append(event)

    async def _begin(self, event: Typed) -> None:
        if not self._app.is_running or self._app._exit:
            self._waiting.clear()  # at the end nobody is there for whom a key could do anything
            self._limit = None
            return
        self._number += 1
        number = self._number
        loop = asyncio.get_running_loop()
        self._limit = loop.call_later(PATIENCE, self._ended, number)
        began = self._focus()
        await self._handle(event)
        self._go_round(number, began, ROUNDS)

    def _focus(self) -> DOMNode:
        return self._app.focused or self._app.screen

    def _go_round(self, number: int, began: DOMNode, left: int) -> None:
        """Pass through the queues, from what had the focus and from what has it now."""
        if number != self._number:
            return
        if not left:
            self._ended(number)
            return
        way = [*began.ancestors_with_self]
        try:
            if (now := self._focus()) is not began:
                way = [*way[:-1], *now.ancestors_with_self]
        except ScreenStackError:  # the end of the program: there is no screen any more
            return
        self._pass(number, began, left, deque(way))

    def _pass(self, number: int, began: DOMNode, left: int, way: deque[DOMNode]) -> None:
        while way:
            # One that is closed takes nothing.
            if way.popleft().call_later(self._pass, number, began, left, way):
                return
        self._go_round(number, began, left - 1)

    def _ended(self, number: int) -> None:
        if number != self._number or self._limit is None:
            return
        self._limit.cancel()
        if self._waiting and self._app.call_later(self._begin, self._waiting.popleft()):
            return
        self._limit = None
