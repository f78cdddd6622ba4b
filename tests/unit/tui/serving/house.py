"""A running server without a process behind it, and the browsers that look at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import ClientResponse, ClientSession, CookieJar, WSMsgType
from aiohttp.client import ClientWebSocketResponse
from aiohttp.test_utils import TestServer

from tests.unit.tui.serving.stand_ins import FakeNest
from tui.serving.gate import Gate
from tui.serving.server import Limits, Offer, Server

LIMITS = Limits(visitors=3, trainings=1, idle_seconds=600)


class House:
    """A running server, and the browsers that look at it."""

    def __init__(self, nest: FakeNest, server: Server, listening: TestServer) -> None:
        self.nest, self.server, self._listening = nest, server, listening
        self.base = str(listening.make_url("/")).rstrip("/")
        self.sessions: list[ClientSession] = []

    def browser(self) -> ClientSession:
        """One that has not been here before."""
        session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.sessions.append(session)
        return session

    async def come(self, browser: ClientSession, query: str = "") -> ClientWebSocketResponse:
        """Open the page, and begin a visit."""
        await self.get(browser, "/")
        return await self.connect(browser, query)

    async def get(self, browser: ClientSession, path: str, **more: str) -> ClientResponse:
        """Fetch something; `more` are headers."""
        return await browser.get(self.base + path, allow_redirects=False, headers=more)

    async def connect(
        self, browser: ClientSession, query: str = "", **more: str
    ) -> ClientWebSocketResponse:
        """Open a web socket as our own page would."""
        headers = {"Origin": self.base, **more}
        return await browser.ws_connect(f"{self.base}/ws?{query}", headers=headers)


@asynccontextmanager
async def house(
    gate: Gate | None = None, limits: Limits = LIMITS, seconds: float = 0.0
) -> AsyncIterator[House]:
    """A server on a free port of this machine."""
    nest = FakeNest()
    offer = Offer(8000, wrong_token_seconds=seconds)
    server = Server(gate or Gate(is_local=True), limits, offer, lambda code: nest)
    listening = TestServer(server.application, host="127.0.0.1")
    await listening.start_server()
    found = House(nest, server, listening)
    try:
        yield found
    finally:
        for session in found.sessions:
            await session.close()
        await listening.close()


async def seen(line: ClientWebSocketResponse, count: int = 1) -> bytes:
    """The next screens that come."""
    data = b""
    for _number in range(count):
        message = await line.receive(timeout=5)
        assert message.type is WSMsgType.BINARY, message
        data += message.data
    return data


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    for _number in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")
