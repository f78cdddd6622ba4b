"""Files that a visitor's process sends to the browser, such as the export of a training."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

CHUNK_BYTES = 64 * 1024
_WAIT_SECONDS = 10.0


@dataclass(slots=True)
class Download:
    """A file that was offered and not yet fetched."""

    name: str
    chunks: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(4))


class Downloads:
    """Those of one visit: nobody else can fetch them."""

    def __init__(self, ask: Callable[[dict[str, object]], Awaitable[None]]) -> None:
        """`ask` sends a request to the process."""
        self._ask = ask
        self._offered: dict[str, Download] = {}

    def offer(self, said: dict[str, Any]) -> None:
        """The process has a file."""
        name = re.sub(r"[^A-Za-z0-9._-]", "_", PurePath(str(said.get("path"))).name) or "file"
        if len(self._offered) < 16:
            self._offered[str(said.get("key"))] = Download(name)

    def find(self, key: str) -> Download | None:
        """The file that was offered under this key."""
        return self._offered.get(key)

    async def fetch(self, key: str) -> AsyncIterator[bytes]:
        """The content, asked for piece by piece; a file can be fetched once."""
        found = self._offered.get(key)
        while found is not None:
            await self._ask({"type": "deliver_chunk_request", "key": key, "size": CHUNK_BYTES})
            try:
                chunk = await asyncio.wait_for(found.chunks.get(), _WAIT_SECONDS)
            except TimeoutError:
                chunk = b""
            if not chunk:
                self._offered.pop(key, None)
                return
            yield chunk

    def take(self, packed: bytes) -> None:
        """A piece that the process sent, as textual-serve packs it."""
        from textual_serve._binary_encode import DecodeError, load

        try:
            unpacked = load(packed)
        except (DecodeError, ValueError, RecursionError):
            return
        match unpacked:
            case ("deliver_chunk", str(key), bytes() | str() as chunk):
                found = self._offered.get(key)
                data = chunk.encode() if isinstance(chunk, str) else chunk
                if found is not None and not found.chunks.full():
                    found.chunks.put_nowait(data)

    def close(self) -> None:
        """Nothing more will come."""
        for each in self._offered.values():
            if not each.chunks.full():
                each.chunks.put_nowait(b"")
        self._offered.clear()
