"""One visit: what the browser sends goes to the visitor's process, and its screens come back.

The packets between server and process are those of Textual's web driver: a letter, the length in
four bytes, the content.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tui.serving.downloads import Downloads
from tui.serving.nest import Child, Nest
from tui.serving.sizes import fitting, number

MESSAGE_BYTES = 256 * 1024
"""The longest message that a browser may send: a page of text that is pasted."""
_PACKET_BYTES = 64 * 2**20
_HEAD = 5

Send = Callable[[bytes], Awaitable[None]]
SendText = Callable[[str], Awaitable[None]]


class Visit:
    """The way between a browser and a process, in both directions."""

    def __init__(self, nest: Nest, child: Child, clock: Callable[[], float] = time.monotonic):
        self._nest = nest
        self._child = child
        self._clock = clock
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._ending: asyncio.Task[None] | None = None
        self.heard = clock()
        """When a key was last typed, or the mouse moved, in seconds of the clock."""
        self.downloads = Downloads(self._meta)
        self.hung_up = asyncio.Event()
        """Set where this side wants to end the visit."""
        self.reason = ""
        """Why the visit was ended from this side; empty where the visitor left."""

    @property
    def process(self) -> int:
        """The number of the process."""
        return self._child.process

    async def begin(self) -> None:
        """Connect to the process."""
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._child.line)

    async def show(self, send: Send, send_text: SendText) -> None:
        """Pass on what the process draws, until it ends; waits where the browser is slow."""
        assert self._reader is not None
        reader = self._reader
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ValueError):
            await reader.readuntil(b"__GANGLION__\n")
            while True:
                head = await reader.readexactly(_HEAD)
                size = int.from_bytes(head[1:], "big")
                if size > _PACKET_BYTES:
                    return
                content = await reader.readexactly(size)
                if head[:1] == b"D":
                    await send(content)
                elif head[:1] == b"P":
                    self.downloads.take(content)
                elif head[:1] == b"M" and await self._told(json.loads(content), send_text):
                    return

    async def _told(self, said: dict[str, Any], send_text: SendText) -> bool:
        """Pass on a request of the process; whether it was its last."""
        match said.get("type"):
            case "exit":
                return True
            case "open_url" if urlsplit(str(said.get("url"))).scheme in ("http", "https"):
                about = {"url": said["url"], "new_tab": True}
                await send_text(json.dumps(["open_url", about]))
            case "deliver_file_start":
                self.downloads.offer(said)
                await send_text(json.dumps(["deliver_file_start", str(said["key"])]))
        return False

    async def take(self, text: str) -> str | None:
        """Obey one message of the browser; the text of an answer, if there is one."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(message, list) or not message or not isinstance(message[0], str):
            return None
        given = message[1] if len(message) > 1 else None
        match message[0]:
            case "stdin" if isinstance(given, str):
                self.heard = self._clock()
                await self._send(b"D", given.encode("utf-8", "replace"))
            case "resize" if isinstance(given, dict):
                columns, rows = fitting(
                    number(given.get("width"), 80), number(given.get("height"), 24)
                )
                await self._meta({"type": "resize", "width": columns, "height": rows})
            case "ping" if isinstance(given, str) and len(given) < 64:
                return json.dumps(["pong", given])
            case "focus" | "blur":
                await self._meta({"type": message[0]})
        return None

    async def _meta(self, said: dict[str, object]) -> None:
        await self._send(b"M", json.dumps(said).encode())

    async def _send(self, kind: bytes, content: bytes) -> None:
        if self._writer is None or self._ending is not None:
            return
        with contextlib.suppress(ConnectionError):
            self._writer.write(kind + len(content).to_bytes(4, "big") + content)
            await self._writer.drain()

    def hang_up(self, reason: str) -> None:
        """Let whoever serves the visit end it."""
        self.reason = self.reason or reason
        self.hung_up.set()

    async def end(self, reason: str = "") -> None:
        """Hang up, and wait until everything is saved and the process is gone."""
        if reason:
            self.hang_up(reason)
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        self.downloads.close()
        if self._writer is not None:
            self._writer.transport.abort()
        else:
            self._child.line.close()
        await self._nest.end(self._child)
