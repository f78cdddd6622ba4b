"""The server without a process behind it: who gets in, what is passed on, how visits end."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, WSMsgType, WSServerHandshakeError
from aiohttp.client import ClientWebSocketResponse
from aiohttp.test_utils import TestServer

from tests.unit.tui.serving.stand_ins import FakeNest
from tui.serving.gate import Gate
from tui.serving.server import Limits, Offer, Server
from tui.serving.sizes import MOST
from tui.serving.stores import serve_folder
from tui.serving.visit import MESSAGE_BYTES

LIMITS = Limits(visitors=3, trainings=1, idle_seconds=600)
TOKEN = "a token of some length"


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


async def test_a_visit_passes_on_keys_and_screens() -> None:
    async with house() as at:
        line = await at.come(at.browser(), "width=100&height=30")
        home = (await seen(line)).decode()
        assert home.startswith(str(serve_folder() / "visitors"))
        await line.send_json(["stdin", "∂\x1b[C"])
        assert await seen(line) == "∂\x1b[C".encode()
        program = at.nest.programs[0]
        assert program.environment["COLUMNS"] == "100"
        assert program.environment["ROWS"] == "30"


async def test_each_visitor_has_a_store_that_only_we_can_enter() -> None:
    async with house() as at:
        homes = [(await seen(await at.come(at.browser()))).decode() for _ in range(2)]
        assert homes[0] != homes[1]
        for folder in (serve_folder(), *(serve_folder() / "visitors").iterdir()):
            assert folder.stat().st_mode & 0o777 == 0o700
        variables = at.nest.programs[0].environment
        named = [variables[f"XDG_{kind}_HOME"] for kind in ("DATA", "CONFIG", "CACHE", "STATE")]
        assert all(name.startswith(homes[0]) for name in named)


async def test_what_one_types_reaches_nobody_else() -> None:
    async with house() as at:
        one, other = await at.come(at.browser()), await at.come(at.browser())
        await seen(one), await seen(other)
        nasty = "\x1b]52;c;ZXZpbA==\x07\x1b[48;9;1000000;0;0t\x1b]0;title\x07"
        await one.send_json(["stdin", nasty])
        assert await seen(one) == nasty.encode()
        await other.send_json(["stdin", "x"])
        assert await seen(other) == b"x"
        assert [program.typed() for program in at.nest.programs] == [nasty.encode(), b"x"]


async def test_the_path_that_is_shown_does_not_hold_the_secret() -> None:
    async with house() as at:
        browser = at.browser()
        home = (await seen(await at.come(browser))).decode()
        (cookie,) = browser.cookie_jar
        assert cookie.value not in home


async def test_reloading_opens_the_same_store_and_ends_the_visit_before() -> None:
    async with house() as at:
        browser = at.browser()
        first = await at.come(browser)
        home = await seen(first)
        second = await at.come(browser)
        assert await seen(second) == home
        closed = await first.receive(timeout=5)
        assert closed.type is WSMsgType.CLOSE
        assert "another window" in str(closed.extra)
        assert at.nest.programs[0].child.ended.is_set()
        assert len(at.server.visits) == 1


async def test_a_visit_that_is_abandoned_ends() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        await line.close()
        await until(lambda: at.nest.programs[0].child.ended.is_set() and not at.server.visits)


async def test_a_program_that_ends_closes_the_page() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        at.nest.programs[0].tell(type="exit")
        assert (await line.receive(timeout=5)).type is WSMsgType.CLOSE
        await until(lambda: not at.server.visits)


async def test_whoever_types_nothing_is_let_go() -> None:
    async with house(limits=replace(LIMITS, idle_seconds=0.3)) as at:
        line = await at.come(at.browser())
        await seen(line)
        closed = await line.receive(timeout=5)
        assert "Nothing was typed" in str(closed.extra)


async def test_no_more_visitors_than_allowed() -> None:
    async with house(limits=replace(LIMITS, visitors=2)) as at:
        lines = [await at.come(at.browser()) for _ in range(2)]
        late = at.browser()
        page = await at.get(late, "/")
        assert page.status == 503
        assert "2 visitors are here" in await page.text()
        with pytest.raises(WSServerHandshakeError) as refused:
            await at.connect(late, Cookie=f"dltutor-visitor-8000={'b' * 32}")
        assert refused.value.status == 503
        assert len(at.nest.programs) == 2
        await lines[0].close()
        await until(lambda: len(at.server.visits) == 1)
        assert (await at.get(late, "/")).status == 200


async def test_a_hundred_sockets_of_one_browser_are_one_visit() -> None:
    async with house() as at:
        browser = at.browser()
        await at.get(browser, "/")
        tries = [at.connect(browser) for _ in range(100)]
        lines = await asyncio.gather(*tries, return_exceptions=True)
        kept = [line for line in lines if isinstance(line, ClientWebSocketResponse)]
        await until(lambda: sum(not p.child.ended.is_set() for p in at.nest.programs) == 1)
        assert len(at.server.visits) == 1
        assert len(kept) < 100
        refused = {line.status for line in lines if isinstance(line, WSServerHandshakeError)}
        assert refused == {409}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Cookie": "dltutor-visitor-8000=../../../../etc"},
        {"Cookie": ""},
    ],
)
async def test_a_socket_of_another_page_starts_nothing(headers: dict[str, str]) -> None:
    async with house() as at:
        browser = at.browser()
        if "Cookie" not in headers:
            await at.get(browser, "/")
        with pytest.raises(WSServerHandshakeError) as refused:
            await at.connect(browser, **headers)
        assert refused.value.status == 403
        assert not at.nest.programs


async def test_a_socket_without_an_origin_starts_nothing() -> None:
    async with house() as at:
        browser = at.browser()
        await at.get(browser, "/")
        with pytest.raises(WSServerHandshakeError):
            await browser.ws_connect(f"{at.base}/ws")
        assert not at.nest.programs


async def test_a_name_that_was_led_here_is_not_answered() -> None:
    async with house() as at:
        assert (await at.get(at.browser(), "/", Host="evil.example")).status == 403


@pytest.mark.parametrize("path", ["/", "/static/js/textual.js", "/ws", "/download/x", "/nothing"])
async def test_without_the_token_there_is_nothing(path: str) -> None:
    async with house(Gate(is_local=False, token=TOKEN)) as at:
        for cookie in ("", f"dltutor-ticket-8000={TOKEN}", "dltutor-ticket-8000=" + "0" * 64):
            answer = await at.get(at.browser(), path, Cookie=cookie, Origin=at.base)
            assert answer.status == 401
            assert TOKEN not in await answer.text()
        assert not at.nest.programs
        assert not (serve_folder() / "visitors").exists()


async def test_the_token_is_asked_for_once_and_leaves_the_address() -> None:
    async with house(Gate(is_local=False, token=TOKEN)) as at:
        browser = at.browser()
        wrong = await at.get(browser, "/?token=wrong")
        assert (wrong.status, len(browser.cookie_jar)) == (401, 0)
        right = await browser.get(f"{at.base}/", params={"token": TOKEN}, allow_redirects=False)
        assert (right.status, right.headers["Location"]) == (303, "/")
        cookie = right.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert TOKEN not in cookie
        assert await seen(await at.come(browser))


async def test_wrong_tokens_wait_one_after_the_other() -> None:
    async with house(Gate(is_local=False, token=TOKEN), seconds=0.1) as at:
        began = time.monotonic()
        tries = [at.get(at.browser(), f"/?token={number}") for number in range(4)]
        assert {answer.status for answer in await asyncio.gather(*tries)} == {401}
        assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fapp_service.py",
        "/static//etc/passwd",
        "/static/js",
        "/static/",
        "/static/page.js%00.css",
        "/static/js/../js/textual.js%2f..",
        "/download/../../etc/passwd",
        "/download/x",
        "/.git/config",
    ],
)
async def test_no_other_file_can_be_fetched(path: str) -> None:
    async with house() as at:
        host, port = at.base.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        # A browser would tidy the path up before it sends it.
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), answer[:80]
        assert b"import" not in answer


async def test_the_page_fetches_nothing_from_elsewhere() -> None:
    async with house() as at:
        page = await at.get(at.browser(), "/?fontsize=20")
        text = await page.text()
        assert text.replace(at.base.replace("http", "ws"), "").count("://") == 0
        assert 'data-font-size="20"' in text
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        for name in ("css/xterm.css", "page.css", "page.js"):
            found = await at.get(at.browser(), f"/static/{name}")
            assert "://" not in (await found.text()).replace("https://github.com/chjj/term.js", (
                "")).replace("http://bellard.org/jslinux/", "")  # fmt: skip


@pytest.mark.parametrize("query", ['fontsize="><script>', "fontsize=1e9", "x=%0d%0aSet-Cookie:a=b"])
async def test_a_query_changes_nothing_but_the_size_of_the_font(query: str) -> None:
    async with house() as at:
        page = await at.get(at.browser(), f"/?{query}")
        text = await page.text()
        assert "<script>" not in text
        assert "data-font-size" not in text
        assert len(page.headers.getall("Set-Cookie")) == 1


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("width=1000000&height=1000000", ("400", "150")),
        ("width=-5&height=0", ("80", "8")),
        ("width=$(touch x)&height=;ls", ("80", "24")),
        ("width=٣&height=1e3", ("80", "24")),
        ("", ("80", "24")),
    ],
)
async def test_the_size_of_a_window_is_a_number_within_bounds(
    query: str, size: tuple[str, str]
) -> None:
    async with house() as at:
        line = await at.come(at.browser(), query)
        await seen(line)
        environment = at.nest.programs[0].environment
        assert (environment["COLUMNS"], environment["ROWS"]) == size


async def test_nonsense_from_a_browser_is_left_out() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        nonsense: list[object] = [
            None, 7, {}, [], ["stdin"], ["stdin", 5], ["stdin", None], ["quit"], [["stdin", "a"]],
            ["resize", []], ["resize", {"width": True, "height": [1]}], ["ping", "x" * 99],
            ["deliver_chunk_request", {"key": "../../x"}], ["exit"],
        ]  # fmt: skip
        for each in nonsense:
            await line.send_json(each)
        await line.send_str("[" * 5000)
        await line.send_str("not json")
        await line.send_json(["resize", {"width": 10**6, "height": 10**6}])
        await line.send_json(["stdin", "\ud800a"])
        assert await seen(line) == b"?a"
        heard = at.nest.programs[0].heard
        sizes = [json.loads(content) for kind, content in heard if kind == "M"]
        assert sizes == [
            {"type": "resize", "width": 80, "height": 24},
            {"type": "resize", "width": MOST[0], "height": MOST[1]},
        ]
        await line.send_json(["ping", "7"])
        assert (await line.receive_json(timeout=5)) == ["pong", "7"]


async def test_a_message_that_is_too_long_ends_the_visit() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        await line.send_str("x" * (MESSAGE_BYTES + 1))
        assert (await line.receive(timeout=5)).type is WSMsgType.CLOSE
        await until(lambda: not at.server.visits)


async def test_only_addresses_of_the_web_are_opened() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        program = at.nest.programs[0]
        program.tell(type="open_url", url="javascript:alert(1)", new_tab=False)
        program.tell(type="open_url", url="file:///etc/passwd", new_tab=False)
        program.tell(type="open_url", url="https://pytorch.org", new_tab=False)
        assert (await line.receive_json(timeout=5))[1]["url"] == "https://pytorch.org"


async def test_a_file_reaches_the_visitor_to_whom_it_was_offered() -> None:
    from textual._binary_encode import dump

    async with house() as at:
        browser, other = at.browser(), at.browser()
        line = await at.come(browser)
        await at.come(other)
        await seen(line)
        program = at.nest.programs[0]
        program.tell(type="deliver_file_start", key="k1", path='/x/a";b\r\n.zip')
        assert (await line.receive_json(timeout=5)) == ["deliver_file_start", "k1"]
        assert (await at.get(other, "/download/k1")).status == 404

        async def deliver() -> None:
            for chunk in (b"PK", b"rest", b""):
                asked = len(program.heard)
                await until(lambda: len(program.heard) > asked)  # noqa: B023 - awaited at once
                program.say(b"P", dump(("deliver_chunk", "k1", chunk)))

        sending = asyncio.create_task(deliver())
        await asyncio.sleep(0)
        answer = await at.get(browser, "/download/k1")
        assert await answer.read() == b"PKrest"
        await sending
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a__b__.zip"'
        assert (await at.get(browser, "/download/k1")).status == 404


async def test_a_process_that_cannot_be_started_is_a_sentence() -> None:
    async with house() as at:
        at.nest.refuses = "There is no memory left."
        with pytest.raises(WSServerHandshakeError) as refused:
            await at.come(at.browser())
        assert refused.value.status == 503
        assert not at.server.visits
        at.nest.refuses = ""
        assert await seen(await at.come(at.browser()))


async def test_stopping_ends_every_visit_with_a_sentence() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        stopping = asyncio.create_task(at.server.application.shutdown())
        closed = await line.receive(timeout=5)
        assert "being stopped" in str(closed.extra)
        await stopping
        assert at.nest.programs[0].child.ended.is_set()
