"""A nursery without processes: the test itself plays the program behind each visit."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from pathlib import Path

from engine.errors import UserError
from tui.serving.nest import Child, Nest


class Program:
    """What a visitor's process would be: it keeps what it hears, and says what it is told to."""

    def __init__(self, environment: Mapping[str, str], child: Child, line: socket.socket) -> None:
        self.environment = environment
        self.child = child
        self.heard: list[tuple[str, bytes]] = []
        self._line = line
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        reader, self._writer = await asyncio.open_unix_connection(sock=self._line)
        self._writer.write(b"__GANGLION__\n")
        self.say(b"D", self.environment["HOME"].encode())
        try:
            while True:
                head = await reader.readexactly(5)
                content = await reader.readexactly(int.from_bytes(head[1:], "big"))
                self.heard.append((head[:1].decode(), content))
                if head[:1] == b"D":
                    self.say(b"D", content)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writer.close()
            self.child.ended.set()

    def say(self, kind: bytes, content: bytes) -> None:
        """Send a packet to the server."""
        self._writer.write(kind + len(content).to_bytes(4, "big") + content)

    def tell(self, **said: object) -> None:
        """Send a request to the server."""
        self.say(b"M", json.dumps(said).encode())

    def typed(self) -> bytes:
        """All that came from the keyboard."""
        return b"".join(content for kind, content in self.heard if kind == "D")


class FakeNest(Nest):
    """Starts a `Program` for each visit."""

    def __init__(self) -> None:
        super().__init__("en", Path())
        self.programs: list[Program] = []
        self.refuses = ""

    async def start(self) -> None:
        pass

    async def open(self, environment: Mapping[str, str], log: Path) -> Child:
        if self.refuses:
            raise UserError(self.refuses)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        child = Child(len(self.programs), ours)
        self.programs.append(Program(environment, child, theirs))
        return child

    async def close(self) -> None:
        pass
